package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// newService returns the handler that a program passes to its http.Server. The
// environment configures it: CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY and the
// variables that auth.FromEnv lists.
func newService() (http.Handler, error) {
	client, err := clerk.FromEnv()
	if err != nil {
		return nil, err
	}
	authn, err := auth.FromEnv(client, auth.WithCrossOriginProtection(http.NewCrossOriginProtection()))
	if err != nil {
		return nil, err
	}
	signedIn, admin := authn.Require(), authn.Require(auth.Role("org:admin"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", home)
	mux.Handle("GET /me", signedIn(http.HandlerFunc(me)))
	mux.Handle("GET /notes", signedIn(http.HandlerFunc(notes)))
	mux.Handle("GET /invoices", admin(http.HandlerFunc(invoices)))
	return authn.Middleware(mux), nil
}

// home serves guests and users. During an outage everybody is a guest, and
// caller.Err reports why.
func home(w http.ResponseWriter, r *http.Request) {
	caller := auth.FromContext(r.Context())
	if !caller.IsAuthenticated() {
		fmt.Fprint(w, "hello, guest")
		return
	}
	fmt.Fprint(w, "hello, ", caller.UserID)
}

// me responds with the fields of the user that the frontend needs. The whole
// user includes private metadata, which must stay in the backend.
func me(w http.ResponseWriter, r *http.Request) {
	user, err := auth.CurrentUser(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	if user == nil { // never after Require
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"id": user.ID, "firstName": user.FirstName})
}

// notes reads from a database that accepts tokens of the JWT template "database".
func notes(w http.ResponseWriter, r *http.Request) {
	token, err := auth.FromContext(r.Context()).GetToken(r.Context(), auth.Template("database"))
	if err != nil {
		fail(w, err)
		return
	}
	found, err := queryNotes(r.Context(), token)
	if err != nil {
		fail(w, err)
		return
	}
	fmt.Fprint(w, found)
}

// queryNotes stands for the call to the database, which learns from the token
// whose notes to return.
func queryNotes(_ context.Context, token string) (string, error) {
	if strings.Count(token, ".") != 2 {
		return "", errors.New("the token is not a JWT")
	}
	return "buy milk", nil
}

// invoices is for administrators of the active organization.
func invoices(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "invoices of ", auth.FromContext(r.Context()).OrganizationID)
}

// fail responds to a request for which a call to Clerk or to the database failed.
// The log has the error; the response does not.
func fail(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, auth.ErrNotSignedIn):
		http.Error(w, "Unauthorized", http.StatusUnauthorized)
	case errors.Is(err, auth.ErrKeysUnavailable), errors.Is(err, auth.ErrVerificationUnavailable):
		http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
	default:
		log.Print(err)
		http.Error(w, "Bad Gateway", http.StatusBadGateway)
	}
}

// deploy starts an emulated Clerk and sets the environment of the service.
func deploy() (instance *clerktest.Instance, stop func()) {
	instance, err := clerktest.NewInstance(clerktest.Seed{
		Users: []api.User{{ID: "user_ada", FirstName: new("Ada")}},
		JWTTemplates: []clerktest.SeedTemplate{{JWTTemplate: api.JWTTemplate{
			Name: "database", Lifetime: 60, Claims: clerk.NewMetadata(map[string]string{"role": "authenticated"}),
		}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	for _, variable := range instance.Env() {
		name, value, _ := strings.Cut(variable, "=")
		os.Setenv(name, value)
	}
	return instance, func() {
		for _, variable := range instance.Env() {
			name, _, _ := strings.Cut(variable, "=")
			os.Unsetenv(name)
		}
		instance.Close()
	}
}

// A whole service: a page for everybody, endpoints for signed-in users, and one
// for administrators. A guest, a user and an administrator call each of them.
func Example() {
	instance, stop := deploy()
	defer stop()
	service, err := newService()
	if err != nil {
		log.Fatal(err)
	}

	acme := clerktest.WithOrganization(clerktest.Organization{ID: "org_acme", Role: "org:admin"})
	for _, path := range []string{"/", "/me", "/notes", "/invoices"} {
		for _, caller := range []string{"guest", "user", "administrator"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			switch caller {
			case "user":
				instance.SignIn(r, "user_ada")
			case "administrator":
				instance.SignIn(r, "user_ada", acme)
			}
			w := httptest.NewRecorder()
			service.ServeHTTP(w, r)
			body := strings.TrimSpace(w.Body.String())
			if w.Code != http.StatusOK {
				body = http.StatusText(w.Code)
			}
			fmt.Printf("%-9s %-13s  %d %s\n", path, caller, w.Code, body)
		}
	}
	// Output:
	// /         guest          200 hello, guest
	// /         user           200 hello, user_ada
	// /         administrator  200 hello, user_ada
	// /me       guest          401 Unauthorized
	// /me       user           200 {"firstName":"Ada","id":"user_ada"}
	// /me       administrator  200 {"firstName":"Ada","id":"user_ada"}
	// /notes    guest          401 Unauthorized
	// /notes    user           200 buy milk
	// /notes    administrator  200 buy milk
	// /invoices guest          401 Unauthorized
	// /invoices user           403 Forbidden
	// /invoices administrator  200 invoices of org_acme
}
