package clerktest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// newService returns the service under test. Its only endpoint renames the
// signed-in user.
func newService(client *clerk.Client, publishableKey string) (http.Handler, error) {
	authn, err := auth.New(client, auth.WithPublishableKey(publishableKey))
	if err != nil {
		return nil, err
	}
	rename := func(w http.ResponseWriter, r *http.Request) {
		userID := auth.FromContext(r.Context()).UserID
		user, err := users.UpdateUser(r.Context(), client, userID, users.UpdateUserParams{
			FirstName: clerk.Set(r.FormValue("name")),
		})
		if err != nil {
			http.Error(w, "cannot rename the user", http.StatusBadGateway)
			return
		}
		json.NewEncoder(w).Encode(user.FirstName)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /name", authn.Require()(http.HandlerFunc(rename)))
	return mux, nil
}

// checkRename is the test. In a package of yours it would be called TestRename.
func checkRename(t *testing.T) {
	instance := clerktest.New(t)
	ada := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	service, err := newService(instance.Client(), instance.PublishableKey())
	if err != nil {
		t.Fatal(err)
	}
	call := func(opts ...clerktest.TokenOption) int {
		r := httptest.NewRequest(http.MethodPost, "/name?name=Grace", nil)
		instance.SignIn(r, ada.ID, opts...)
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		return w.Code
	}

	// The service refuses a token that is not valid.
	if status := call(clerktest.Expired()); status != http.StatusUnauthorized {
		t.Errorf("with an expired token the status is %d", status)
	}
	if name := *instance.User(ada.ID).FirstName; name != "Ada" {
		t.Errorf("after a refused request the name is %s", name)
	}

	// The signed-in user can change the name.
	if status := call(); status != http.StatusOK {
		t.Errorf("with a valid token the status is %d", status)
	}
	if name := *instance.User(ada.ID).FirstName; name != "Grace" {
		t.Errorf("the name is %s", name)
	}

	// The service reports an outage of the API.
	instance.Inject(clerktest.Fault{Operation: "UpdateUser", Status: http.StatusServiceUnavailable})
	if status := call(); status != http.StatusBadGateway {
		t.Errorf("in an outage the status is %d", status)
	}
}

// test stands for the parameter that package testing passes to a test.
var test *testing.T

// A test starts an instance, creates a user, points the service at the instance
// and signs requests in.
func Example() {
	checkRename(test)
}
