package clerktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// service is what is tested: an endpoint at which users change their first name.
func service(client *clerk.Client, authn *auth.Authenticator) http.Handler {
	rename := func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		user, err := users.UpdateUser(r.Context(), client, a.UserID, users.UpdateUserParams{
			FirstName: clerk.Set(r.FormValue("name")),
		})
		if err != nil {
			http.Error(w, "the name could not be changed", http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, *user.FirstName)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /name", authn.Require()(http.HandlerFunc(rename)))
	return mux
}

// testRename is the test. In a service of your own it is called TestRename.
func testRename(t *testing.T) {
	instance := clerktest.New(t)
	user := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		t.Fatal(err)
	}
	handler := service(instance.Client(), authn)
	send := func(signedIn bool) int {
		r := httptest.NewRequest(http.MethodPost, "/name?name=Grace", nil)
		if signedIn {
			instance.SignIn(r, user.ID)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}

	if got := send(false); got != http.StatusUnauthorized {
		t.Errorf("a guest gets %d", got)
	}
	if got := send(true); got != http.StatusOK {
		t.Errorf("the user gets %d", got)
	}
	if got := *instance.User(user.ID).FirstName; got != "Grace" {
		t.Errorf("the name is %s", got)
	}

	instance.Inject(clerktest.Fault{Operation: "UpdateUser", Status: http.StatusServiceUnavailable})
	if got := send(true); got != http.StatusBadGateway {
		t.Errorf("in an outage the user gets %d", got)
	}
}

// A whole test of a protected endpoint: its service, a guest, a user who is signed in,
// and an outage of Clerk.
func Example() { testRename(exampleT) }

// exampleT stands for what go test passes to functions whose name starts with Test.
var exampleT *testing.T
