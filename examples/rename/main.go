// Command rename changes the name of a user. Without LAST-NAME it clears the last
// name.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: rename USER-ID FIRST-NAME [LAST-NAME]")
	}
	userID, firstName := os.Args[1], os.Args[2]

	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	lastName := clerk.Null[string]() // cleared
	if len(os.Args) > 3 {
		lastName = clerk.Set(os.Args[3])
	}
	user, err := users.UpdateUser(context.Background(), client, userID, users.UpdateUserParams{
		FirstName: clerk.Set(firstName),
		LastName:  lastName, // what is not named here, such as Username, stays as it is
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the first name is now", clerk.Value(user.FirstName)) // "" for nil
}
