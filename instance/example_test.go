package instance_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/instance"
)

// emulated starts an emulated instance of Clerk, and returns a client for it. A
// service makes its client with [clerk.FromEnv].
func emulated() (client *clerk.Client, stop func()) {
	emulator, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		log.Fatal(err)
	}
	if err := emulator.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	client, err = clerk.New(emulator.SecretKey(), clerk.WithBaseURL(emulator.URL()))
	if err != nil {
		log.Fatal(err)
	}
	return client, func() { _ = emulator.Close() }
}

// Clerk creates tokens for another service, here a database, from a template.
func ExampleCreateJWTTemplate() {
	client, stop := emulated()
	defer stop()

	template := instance.CreateJWTTemplateParams{
		Name:     "database",
		Claims:   clerk.NewMetadata(map[string]string{"role": "authenticated", "email": "{{user.primary_email_address}}"}),
		Lifetime: clerk.Set(60), // seconds
	}
	for range 2 {
		created, err := instance.CreateJWTTemplate(context.Background(), client, template)
		switch {
		case errors.Is(err, clerk.ErrUnprocessable):
			fmt.Println("refused, because a template with that name exists")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(created.Name, created.Lifetime, created.Claims)
		}
	}
	// Output:
	// database 60 {"email":"{{user.primary_email_address}}","role":"authenticated"}
	// refused, because a template with that name exists
}
