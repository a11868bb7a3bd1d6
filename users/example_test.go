package users_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// Email addresses, usernames and ids of your own system select users. When nobody
// matches, the list is empty and the error is nil.
func ExampleListUsers() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{
		ID: "user_ada", EmailAddresses: []users.EmailAddress{{EmailAddress: "ada@example.com"}},
	}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	found, err := users.ListUsers(context.Background(), client, users.ListUsersParams{
		EmailAddress: []string{"ada@example.com"},
	})
	if err != nil {
		log.Fatal(err)
	}
	if len(found.Data) == 0 {
		fmt.Println("nobody has this address")
		return
	}
	fmt.Println(found.Data[0].ID)
	// Output: user_ada
}

// Metadata takes any type that encodes to a JSON object, and Decode reads it back.
func ExampleCreateUser() {
	instance, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	type account struct {
		Customer string `json:"customer"`
		Seats    int    `json:"seats"`
	}
	user, err := users.CreateUser(context.Background(), client, users.CreateUserParams{
		EmailAddress:    clerk.Set([]string{"grace@example.com"}),
		FirstName:       clerk.Set("Grace"),
		ExternalID:      clerk.Set("customer-17"),
		PublicMetadata:  clerk.SetMetadata(map[string]string{"plan": "pro"}),
		PrivateMetadata: clerk.SetMetadata(account{Customer: "cus_17", Seats: 3}),
	})
	if err != nil {
		log.Fatal(err)
	}

	var own account
	if err := user.PrivateMetadata.Decode(&own); err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.FirstName, own.Seats)
	// Output: Grace 3
}

// Errors that the visitor can correct are handled apart from failures.
func ExampleCreateUser_taken() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{
		ID: "user_ada", EmailAddresses: []users.EmailAddress{{EmailAddress: "ada@example.com"}},
	}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	user, err := users.CreateUser(context.Background(), client, users.CreateUserParams{
		EmailAddress: clerk.Set([]string{"ada@example.com"}),
	})
	switch {
	case clerk.HasCode(err, "form_identifier_exists"):
		fmt.Println("somebody else has this address")
	case errors.Is(err, clerk.ErrUnprocessable):
		fmt.Println("the address is not accepted")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println("created", user.ID)
	}
	// Output: somebody else has this address
}

// Set changes a field and Null clears it. Fields that params leaves out keep their
// values.
func ExampleUpdateUser() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{
		ID: "user_ada", FirstName: new("Ada"), LastName: new("Lovelace"), Username: new("ada"),
	}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	user, err := users.UpdateUser(context.Background(), client, "user_ada", users.UpdateUserParams{
		FirstName: clerk.Set("Augusta"),
		Username:  clerk.Null[string](),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.FirstName, *user.LastName, user.Username == nil)
	// Output: Augusta Lovelace true
}

// Keys that params leaves out keep their values. A key set to nil is removed.
func ExampleMergeUserMetadata() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{
		ID: "user_ada", PublicMetadata: clerk.NewMetadata(map[string]any{"plan": "pro", "trial": true}),
	}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	user, err := users.MergeUserMetadata(context.Background(), client, "user_ada", users.MergeUserMetadataParams{
		PublicMetadata: clerk.SetMetadata(map[string]any{"seats": 3, "trial": nil}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.PublicMetadata)
	// Output: {"plan":"pro","seats":3}
}

// A banned user is signed out everywhere and cannot sign in again.
func ExampleBanUser() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	user, err := users.BanUser(context.Background(), client, "user_ada")
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("no such user")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(user.ID, user.Banned)
	}
	// Output: user_ada true
}

// The loop fetches each page when it reaches it. The order is oldest first, so that
// a user who signs up during the loop does not move others to another page.
func ExampleAllUsers() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{ID: "user_ada"}, {ID: "user_alan"}, {ID: "user_edsger"}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	everyone := users.AllUsers(context.Background(), client, users.ListUsersParams{
		Limit:   clerk.Set(2), // users a page: up to 500
		OrderBy: clerk.Set("created_at"),
	})
	for user, err := range everyone {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.ID)
	}
	// Output:
	// user_ada
	// user_alan
	// user_edsger
}

// Ids of Clerk select users in any number. Those that do not exist are passed over.
func ExampleByIDs() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []users.User{{ID: "user_ada"}, {ID: "user_grace"}, {ID: "user_joan"}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	client := instance.Client() // in a service: clerk.FromEnv()

	for user, err := range users.ByIDs(context.Background(), client, []string{"user_joan", "user_nobody", "user_ada"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.ID)
	}
	// Unordered output:
	// user_ada
	// user_joan
}
