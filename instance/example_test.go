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

// Clerk creates tokens for another service, here a database, from a JWT template.
// Names of templates are unique.
func ExampleCreateJWTTemplate() {
	emulator, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		log.Fatal(err)
	}
	if err := emulator.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer emulator.Close()
	client := emulator.Client() // in a service: clerk.FromEnv()

	template := instance.CreateJWTTemplateParams{
		Name:     "database",
		Claims:   clerk.NewMetadata(map[string]string{"role": "authenticated", "email": "{{user.primary_email_address}}"}),
		Lifetime: clerk.Set(60), // seconds
	}
	for range 2 {
		created, err := instance.CreateJWTTemplate(context.Background(), client, template)
		switch {
		case errors.Is(err, clerk.ErrUnprocessable):
			fmt.Println("a template of this name exists")
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(created.Name, created.Lifetime, created.Claims)
		}
	}
	// Output:
	// database 60 {"email":"{{user.primary_email_address}}","role":"authenticated"}
	// a template of this name exists
}
