// Command published makes three calls with the published SDK.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

func main() {
	ctx := context.Background()
	clerk.SetBackend(clerk.NewBackend(&clerk.BackendConfig{
		Key: new(os.Getenv("CLERK_SECRET_KEY")),
		URL: new(os.Getenv("CLERK_API_URL") + "/v1"),
	}))
	before, err := user.Get(ctx, "user_1")
	if err != nil {
		log.Fatal(err)
	}
	after, err := user.Update(ctx, "user_1", &user.UpdateParams{FirstName: new("Ada")})
	if err != nil {
		log.Fatal(err)
	}
	revoked, err := session.Revoke(ctx, &session.RevokeParams{ID: "sess_1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*before.FirstName, *after.FirstName, revoked.Status)
}
