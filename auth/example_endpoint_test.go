package auth_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// The middleware lets every request through, so the handler decides what guests
// see. Err reports an outage, during which nobody is authenticated.
func ExampleAuthenticator_Middleware() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		log.Fatal(err)
	}

	endpoint := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := auth.FromContext(r.Context())
		switch {
		case caller.Err() != nil:
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
		case !caller.IsAuthenticated():
			io.WriteString(w, "hello, guest")
		default:
			io.WriteString(w, "hello, "+caller.UserID)
		}
	}))

	guest := httptest.NewRequest(http.MethodGet, "/", nil)
	user := httptest.NewRequest(http.MethodGet, "/", nil)
	instance.SignIn(user, "user_ada")
	for _, r := range []*http.Request{guest, user} {
		w := httptest.NewRecorder()
		endpoint.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 hello, guest
	// 200 hello, user_ada
}

// Only administrators of the active organization reach the handler. Require
// itself responds to everybody else.
func ExampleAuthenticator_Require() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		log.Fatal(err)
	}

	admin := authn.Require(auth.Role("org:admin"))
	invoices := admin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "invoices")
	}))

	for _, role := range []string{"", "org:member", "org:admin"} {
		r := httptest.NewRequest(http.MethodGet, "/invoices", nil)
		if role != "" {
			instance.SignIn(r, "user_ada", clerktest.WithOrganization(clerktest.Organization{ID: "org_acme", Role: role}))
		}
		w := httptest.NewRecorder()
		invoices.ServeHTTP(w, r)
		fmt.Printf("%d for %q\n", w.Code, role)
	}
	// Output:
	// 401 for ""
	// 403 for "org:member"
	// 200 for "org:admin"
}

// An endpoint for machines accepts M2M tokens and refuses users.
func ExampleAuthenticator_Require_machines() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithJWTKey(instance.JWTKey()), auth.WithAcceptedTokens(auth.M2MToken))
	if err != nil {
		log.Fatal(err)
	}

	endpoint := authn.Require(auth.Accepts(auth.M2MToken))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello, "+auth.FromContext(r.Context()).MachineID)
	}))

	for _, caller := range []clerktest.TokenOption{clerktest.ForMachine("mch_1"), clerktest.ForUser("user_ada")} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+instance.Token(caller))
		w := httptest.NewRecorder()
		endpoint.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			fmt.Println(w.Code)
			continue
		}
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 hello, mch_1
	// 401
}

// An endpoint that accepts users and API keys. The scopes of a key limit what it
// may do.
func ExampleAccepts() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
	if err != nil {
		log.Fatal(err)
	}

	usersAndKeys := auth.Accepts(auth.SessionToken, auth.APIKey)
	report := authn.Require(usersAndKeys)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := auth.FromContext(r.Context())
		if caller.TokenType == auth.APIKey && !caller.Has(auth.Scope("reports:read")) {
			http.Error(w, "Forbidden", http.StatusForbidden)
			return
		}
		fmt.Fprintln(w, "report for", caller.UserID, "by", caller.TokenType)
	}))

	for _, token := range []string{
		instance.Token(clerktest.ForUser("user_ada")),
		instance.Token(clerktest.ForAPIKey("user_ada"), clerktest.WithScopes("reports:read")),
		instance.Token(clerktest.ForAPIKey("user_ada"), clerktest.WithScopes("reports:write")),
	} {
		r := httptest.NewRequest(http.MethodGet, "/report", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		report.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 200 report for user_ada by session_token
	// 200 report for user_ada by api_key
	// 403 Forbidden
}

// A token from a JWT template carries the user's identity to another service.
func ExampleAuth_GetToken() {
	instance, err := clerktest.NewInstance(clerktest.Seed{
		Users: []api.User{{ID: "user_ada"}},
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
	defer instance.Close()
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		log.Fatal(err)
	}

	endpoint := authn.Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, err := auth.FromContext(r.Context()).GetToken(r.Context(), auth.Template("database"))
		if err != nil {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
			return
		}
		query, err := http.NewRequestWithContext(r.Context(), http.MethodGet, "https://database.example.com/notes", nil)
		if err != nil {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		query.Header.Set("Authorization", "Bearer "+token) // and then http.DefaultClient.Do(query)
		fmt.Fprint(w, "query of ", query.URL)
	}))

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	instance.SignIn(r, "user_ada")
	w := httptest.NewRecorder()
	endpoint.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 query of https://database.example.com/notes
}

// The user is nil for a guest. A response has chosen fields only, because a user
// includes private metadata.
func ExampleCurrentUser() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{
		ID: "user_ada", FirstName: new("Ada"), PrivateMetadata: clerk.NewMetadata(map[string]int{"debt": 7}),
	}}})
	if err != nil {
		log.Fatal(err)
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		log.Fatal(err)
	}
	defer instance.Close()
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		log.Fatal(err)
	}

	endpoint := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := auth.CurrentUser(r.Context())
		switch {
		case err != nil:
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		case user == nil:
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		default:
			json.NewEncoder(w).Encode(map[string]any{"id": user.ID, "firstName": user.FirstName})
		}
	}))

	guest := httptest.NewRequest(http.MethodGet, "/me", nil)
	user := httptest.NewRequest(http.MethodGet, "/me", nil)
	instance.SignIn(user, "user_ada")
	for _, r := range []*http.Request{guest, user} {
		w := httptest.NewRecorder()
		endpoint.ServeHTTP(w, r)
		fmt.Print(w.Code, " ", w.Body)
	}
	// Output:
	// 401 Unauthorized
	// 200 {"firstName":"Ada","id":"user_ada"}
}

// Claims that an instance adds to its session tokens are read into a type of
// your own.
func ExampleClaimsAs() {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		log.Fatal(err)
	}

	type claims struct {
		Team string `json:"team"`
	}
	endpoint := authn.Require()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		custom, err := auth.ClaimsAs[claims](auth.FromContext(r.Context()))
		if err != nil {
			http.Error(w, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		io.WriteString(w, "team "+custom.Team)
	}))

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	instance.SignIn(r, "user_ada", clerktest.WithClaim("team", "blue"))
	w := httptest.NewRecorder()
	endpoint.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
	// Output: 200 team blue
}
