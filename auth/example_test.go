package auth_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// start emulates an instance with one user and gives an Authenticator for it. A
// service makes its own with [clerk.FromEnv] and [auth.FromEnv].
func start() (*clerktest.Instance, *auth.Authenticator) {
	seed, err := clerktest.ParseSeed([]byte(`{
		"users": [{"object": "user", "id": "user_1", "first_name": "Ada", "private_metadata": {"debt": 7}}],
		"jwt_templates": [{"name": "supabase", "claims": {"role": "authenticated"}}]
	}`))
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
	client, err := clerk.New(instance.SecretKey(), clerk.WithBaseURL(instance.URL()))
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(client, auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		log.Fatal(err)
	}
	return instance, authn
}

func guest() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }

// user_1 sends the request that this gives.
func signedIn(instance *clerktest.Instance, opts ...clerktest.TokenOption) *http.Request {
	r := guest()
	instance.SignIn(r, "user_1", opts...)
	return r
}

func show(h http.Handler, r *http.Request) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
}

func ExampleAuthenticator_Middleware() {
	instance, authn := start()
	defer instance.Close()

	endpoint := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		switch {
		case a.Err() != nil:
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		case !a.IsAuthenticated():
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			io.WriteString(w, "hello, "+a.UserID)
		}
	}))

	show(endpoint, signedIn(instance))
	show(endpoint, guest())
	// Output:
	// 200 hello, user_1
	// 401 Unauthorized
}

func ExampleAuthenticator_Require() {
	instance, authn := start()
	defer instance.Close()

	endpoint := authn.Require(auth.Role("org:admin"))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "invoices")
	}))

	show(endpoint, signedIn(instance, clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})))
	show(endpoint, signedIn(instance))
	// Output:
	// 200 invoices
	// 403 {"errors":[{"code":"forbidden","message":"the caller may not do this"}]}
}

func ExampleAuth_GetToken() {
	instance, authn := start()
	defer instance.Close()

	endpoint := authn.Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := auth.FromContext(r.Context()).GetToken(r.Context(), auth.Template("supabase"))
		if err != nil {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
			return
		}
		// The other service reads the user from the token.
		fmt.Fprint(w, token != "")
	}))

	show(endpoint, signedIn(instance))
	// Output: 200 true
}

func ExampleCurrentUser() {
	instance, authn := start()
	defer instance.Close()

	endpoint := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := auth.CurrentUser(r.Context())
		switch {
		case err != nil:
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		case user == nil:
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			// Chosen fields only: the user also holds private metadata.
			json.NewEncoder(w).Encode(map[string]any{"id": user.ID, "firstName": user.FirstName})
		}
	}))

	show(endpoint, signedIn(instance))
	show(endpoint, guest())
	// Output:
	// 200 {"firstName":"Ada","id":"user_1"}
	//
	// 401 Unauthorized
}

func ExampleClaimsAs() {
	instance, authn := start()
	defer instance.Close()

	type claims struct {
		Team string `json:"team"`
	}
	endpoint := authn.Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own, err := auth.ClaimsAs[claims](auth.FromContext(r.Context()))
		if err != nil {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		io.WriteString(w, "team "+own.Team)
	}))

	show(endpoint, signedIn(instance, clerktest.WithClaim("team", "blue")))
	// Output: 200 team blue
}
