// Command rename sets the first name of a user and clears the username.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	clerk "github.com/backend-sdk/clerk-go"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: rename USER-ID FIRST-NAME")
	}
	userID, firstName := os.Args[1], os.Args[2]

	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	user, err := users.UpdateUser(context.Background(), client, userID, users.UpdateUserParams{
		FirstName: clerk.Set(firstName),
		Username:  clerk.Null[string](), // cleared; what is not named here stays as it is
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("changed", user.ID)
}
