package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// The functions of this file are the code of docs/protecting.md. Their examples run them.

func roleRoutes(authn *auth.Authenticator, page, invoices, refund, admin http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", authn.Middleware(page)) // guests, too
	mux.Handle("GET /invoices", authn.Require(auth.Permission("org:invoices:read"))(invoices))
	mux.Handle("POST /refunds", authn.Require(auth.Role("org:admin"), auth.Reverified(auth.Strict))(refund))
	staff := auth.If(func(a *auth.Auth) bool { return strings.HasPrefix(a.OrganizationSlug, "staff-") })
	mux.Handle("GET /admin", authn.Require(auth.AnyOf(staff, auth.Role("org:owner")))(admin))
	return mux
}

func machineRoutes(client *clerk.Client, reports http.Handler) (http.Handler, error) {
	authn, err := auth.FromEnv(client, auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
	if err != nil {
		return nil, err
	}
	return authn.Require(auth.AnyOf(
		auth.AllOf(auth.Accepts(auth.SessionToken), auth.Role("org:admin")),
		auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read")),
	))(reports), nil
}

func pageRoutes(client *clerk.Client, dashboard http.Handler) (http.Handler, error) {
	authn, err := auth.FromEnv(client, auth.WithSignInRedirect(),
		auth.WithOrganizationPatterns("/orgs/:slug", "/orgs/:slug/(.*)"))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /orgs/{slug}/dashboard", authn.Require(auth.OrganizationOfPath())(dashboard))
	return mux, nil
}

func problems(client *clerk.Client) (*auth.Authenticator, error) {
	return auth.FromEnv(client, auth.WithRefusal(func(w http.ResponseWriter, r *http.Request, f *auth.Refusal) {
		if f.Reverification != nil {
			f.ServeHTTP(w, r) // in the form that Clerk's frontend handles
			return
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(f.Status)
		json.NewEncoder(w).Encode(map[string]any{
			"type": "about:blank", "status": f.Status, "title": f.Message, "code": f.Code, "reason": f.Reason,
		})
	}))
}

// allowOrigin responds to preflights itself, and lets pages of one origin read responses.
func allowOrigin(origin string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if r.Header.Get("Origin") == origin {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			h.Set("Access-Control-Expose-Headers", "X-Clerk-Auth-Reason, Retry-After")
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func crossOrigin(authn *auth.Authenticator, notes http.Handler) http.Handler {
	return allowOrigin("https://app.example.com", authn.Require()(notes))
}

func behindProxies(client *clerk.Client) (*auth.Authenticator, error) {
	return auth.FromEnv(client,
		auth.WithTrustedProxies("198.51.100.0/24"), // the balancer, unless its address is private
		auth.WithAuthorizedParties("https://app.example.com"),
		auth.WithCrossOriginProtection(http.NewCrossOriginProtection()))
}

// customers are the subdomains that exist.
type customers map[string]bool

func customerParties(client *clerk.Client, known customers) (*auth.Authenticator, error) {
	return auth.FromEnv(client, auth.WithAuthorizedPartyFunc(func(party string) bool {
		name, found := strings.CutPrefix(party, "https://")
		name, whole := strings.CutSuffix(name, ".customers.example.com")
		return found && whole && known[name]
	}))
}

func withCaller(ctx context.Context, authn *auth.Authenticator, token string) (context.Context, error) {
	caller, err := authn.AuthenticateToken(ctx, token, auth.Accepts(auth.SessionToken, auth.APIKey))
	if err == nil {
		err = auth.Authorize(ctx, caller, auth.AnyOf(auth.Role("org:admin"), auth.Scope("refunds:write")))
	}
	switch {
	case errors.Is(err, auth.ErrUnauthenticated): // also without a token
		return nil, fmt.Errorf("unauthenticated: %w", err)
	case errors.Is(err, auth.ErrForbidden), errors.Is(err, auth.ErrReverification):
		return nil, fmt.Errorf("permission denied: %w", err)
	case err != nil: // an outage
		return nil, fmt.Errorf("unavailable: %w", err)
	}
	return auth.NewContext(ctx, caller), nil // for auth.FromContext
}

// served is what the examples protect.
var served = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "served "+auth.FromContext(r.Context()).UserID)
})

// exampleInstance has a user, and the environment of a service.
func exampleInstance() (*clerktest.Instance, *auth.Authenticator) {
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_ada"}}})
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		log.Fatal(err)
	}
	return instance, authn
}

func respondTo(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// A caller needs one of two things, and what the program finds out counts as well.
func ExampleAnyOf() {
	instance, authn := exampleInstance()
	mux := roleRoutes(authn, served, served, served, served)
	for _, organization := range []clerktest.Organization{
		{ID: "org_1", Slug: "acme", Role: "org:member"}, {ID: "org_1", Slug: "acme", Role: "org:owner"}, {ID: "org_2", Slug: "staff-us", Role: "org:member"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/admin", nil)
		instance.SignIn(r, "user_ada", clerktest.WithOrganization(organization))
		w := respondTo(mux, r)
		fmt.Println(organization.Slug, organization.Role, w.Code)
	}
	// Output:
	// acme org:member 403
	// acme org:owner 200
	// staff-us org:member 200
}

// A preflight is responded to before authentication, and a refusal can be read by the page.
func ExampleAuthenticator_Require_cors() {
	_, authn := exampleInstance()
	h := crossOrigin(authn, served)
	preflight := httptest.NewRequest(http.MethodOptions, "/notes", nil)
	preflight.Header.Set("Access-Control-Request-Method", "PUT")
	for _, r := range []*http.Request{preflight, httptest.NewRequest(http.MethodPut, "/notes", nil)} {
		r.Header.Set("Origin", "https://app.example.com")
		w := respondTo(h, r)
		fmt.Println(w.Code, w.Header().Get("Access-Control-Allow-Origin"), w.Header()["Vary"])
	}
	// Output:
	// 204 https://app.example.com [Origin]
	// 401 https://app.example.com [Origin Authorization, Cookie]
}

// Without HTTP the same requirements hold.
func ExampleAuthorize() {
	instance, authn := exampleInstance()
	for _, role := range []string{"org:member", "org:admin"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		instance.SignIn(r, "user_ada", clerktest.WithOrganization(clerktest.Organization{ID: "org_acme", Role: role}))
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		_, err := withCaller(context.Background(), authn, token)
		fmt.Println(role, err)
	}
	_, err := withCaller(context.Background(), authn, "")
	fmt.Println("guest", err)
	// Output:
	// org:member permission denied: auth: forbidden: the caller may not do this
	// org:admin <nil>
	// guest unauthenticated: auth: the token is invalid: the token is empty (reason=token-invalid)
}
