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

// emulate starts an instance with three users, and returns a client for it. A
// service makes its client with [clerk.FromEnv].
func emulate() (client *clerk.Client, stop func()) {
	seed, err := clerktest.ParseSeed([]byte(`{"users": [
		{"id": "user_ada", "first_name": "Ada", "last_name": "Lovelace", "username": "ada",
			"email_addresses": [{"email_address": "ada@example.com"}],
			"public_metadata": {"plan": "pro", "trial": true}},
		{"id": "user_alan", "first_name": "Alan"},
		{"id": "user_edsger", "first_name": "Edsger"}
	]}`))
	if err != nil {
		log.Fatal(err)
	}
	instance, err := clerktest.NewInstance(seed)
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	return instance.Client(), func() { instance.Close() }
}

// To find a user, filter by an email address, a username or an id of your own system.
// If nobody matches, the page is empty and the error nil.
func ExampleListUsers() {
	client, stop := emulate()
	defer stop()

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

func ExampleCreateUser() {
	client, stop := emulate()
	defer stop()

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

// Sentinel errors distinguish what a visitor can correct from other failures.
func ExampleCreateUser_taken() {
	client, stop := emulate()
	defer stop()

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

// A field is set, cleared with Null, or left unchanged if it is absent.
func ExampleUpdateUser() {
	client, stop := emulate()
	defer stop()

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

// Keys that are absent stay, and a key set to nil is removed.
func ExampleMergeUserMetadata() {
	client, stop := emulate()
	defer stop()

	user, err := users.MergeUserMetadata(context.Background(), client, "user_ada", users.MergeUserMetadataParams{
		PublicMetadata: clerk.SetMetadata(map[string]any{"seats": 3, "trial": nil}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.PublicMetadata)
	// Output: {"plan":"pro","seats":3}
}

func ExampleBanUser() {
	client, stop := emulate()
	defer stop()

	user, err := users.BanUser(context.Background(), client, "user_ada")
	switch {
	case errors.Is(err, clerk.ErrNotFound):
		fmt.Println("the user does not exist")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(user.ID, user.Banned)
	}
	// Output: user_ada true
}

// The loop fetches a page when it reaches it. With the oldest first, a user who signs
// up in the meantime does not move the others to another page.
func ExampleAllUsers() {
	client, stop := emulate()
	defer stop()

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
