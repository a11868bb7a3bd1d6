package clerktest_test

import (
	"context"
	"fmt"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
)

// Outside of a test, NewInstance takes a seed, and Start and Close are called
// explicitly.
func ExampleNewInstance() {
	seed, err := clerktest.ParseSeed([]byte(`{
		"secret_key": "sk_test_example",
		"users": [{"id": "user_ada", "first_name": "Ada"}],
		"sessions": [{"id": "sess_ada", "user_id": "user_ada"}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	instance, err := clerktest.NewInstance(seed)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer instance.Close()

	token, err := sessions.CreateSessionToken(context.Background(), instance.Client(), "sess_ada", sessions.CreateSessionTokenParams{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(token.Object)
	// Output: token
}
