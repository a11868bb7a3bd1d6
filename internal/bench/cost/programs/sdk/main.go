// Command sdk makes three calls with this SDK.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	ctx := context.Background()
	client, err := clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	before, err := users.GetUser(ctx, client, "user_1")
	if err != nil {
		log.Fatal(err)
	}
	after, err := users.UpdateUser(ctx, client, "user_1", users.UpdateUserParams{FirstName: clerk.Set("Ada")})
	if err != nil {
		log.Fatal(err)
	}
	session, err := sessions.RevokeSession(ctx, client, "sess_1")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*before.FirstName, *after.FirstName, session.Status)
}
