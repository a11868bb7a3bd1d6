package clerktest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// rename is what a test wants to run: an endpoint that names a user.
func rename(client *clerk.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, err := users.UpdateUser(r.Context(), client, r.PathValue("id"), users.UpdateUserParams{
			FirstName: clerk.Set(r.FormValue("name")),
		})
		if err != nil {
			http.Error(w, "cannot rename", http.StatusBadGateway)
			return
		}
		json.NewEncoder(w).Encode(*user.FirstName)
	}
}

// A test starts an instance, seeds it, and lets the code under test call it.
func ExampleNew() {
	test := func(t *testing.T) {
		instance := clerktest.New(t)
		user := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})

		mux := http.NewServeMux()
		mux.Handle("POST /users/{id}", rename(instance.Client()))
		r := httptest.NewRequest(http.MethodPost, "/users/"+user.ID+"?name=Grace", nil)
		instance.SignIn(r, user.ID)
		mux.ServeHTTP(httptest.NewRecorder(), r)
		if got := *instance.User(user.ID).FirstName; got != "Grace" {
			t.Errorf("the name is %s", got)
		}

		// The service must also live through an outage.
		instance.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable})
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != http.StatusBadGateway {
			t.Errorf("an outage is answered with %d", w.Code)
		}
	}
	fmt.Println("passes:", passes(test))
	// Output: passes: true
}

// passes runs a test as go test does.
func passes(test func(*testing.T)) bool {
	return testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "TestRename", F: test}})
}

// Outside of a test an instance is made from a seed and started by hand.
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
	fmt.Println(token.Object, err)
	// Output: token <nil>
}
