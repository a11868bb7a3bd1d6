// Package site is the handler of the example site: pages made on the server, for
// guests, for those who are signed in, and for the members and administrators of
// organizations.
package site

import (
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// profileScope is the scope that an API key needs for /api/profile.
const profileScope = "profile:read"

// Options returns what the site needs of its Authenticator, apart from the instance and
// the origin that it is served under.
func Options() []auth.Option {
	return []auth.Option{
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey),
		auth.WithCrossOriginProtection(http.NewCrossOriginProtection()),
		// Instances without slugs have IDs in their paths; no slug has an underscore.
		auth.WithOrganizationPatterns(`/orgs/:id(org_\w+)`, `/orgs/:id(org_\w+)/(.*)`, "/orgs/:slug", "/orgs/:slug/(.*)"),
		auth.WithPersonalAccountPatterns("/account"),
		auth.WithSignInRedirect(),
		auth.WithRefusal(refuse),
	}
}

type site struct {
	client *clerk.Client
	authn  *auth.Authenticator
}

// New returns the site. The Authenticator must have been created with [Options].
func New(client *clerk.Client, authn *auth.Authenticator) http.Handler {
	s := &site{client, authn}
	signedIn := authn.Require()
	ofOrganization := authn.Require(auth.OrganizationOfPath())
	admin := authn.Require(auth.OrganizationOfPath(), auth.Role("org:admin"))
	member := authn.Require(auth.OrganizationOfPath(), auth.Role("org:member"))
	program := authn.Require(auth.AnyOf(
		auth.Accepts(auth.SessionToken),
		auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope(profileScope), auth.If(actsForUser)),
	))

	mux := http.NewServeMux()
	for _, route := range []struct {
		pattern string
		protect func(http.Handler) http.Handler
		handler handler
	}{
		{"GET /{$}", authn.Middleware, s.home},
		{"GET /sign-in", authn.Middleware, s.signIn},
		{"GET /sign-up", authn.Middleware, s.signUp},
		{"POST /sign-out", signedIn, s.signOut},
		{"GET /account", signedIn, s.account},
		{"POST /organizations", signedIn, s.createOrganization},
		{"GET /orgs/{org}", ofOrganization, s.organization},
		{"GET /orgs/{org}/settings", admin, s.settings},
		{"POST /orgs/{org}/invitations", admin, s.invite},
		{"POST /orgs/{org}/invitations/{id}/revoke", admin, s.revokeInvitation},
		{"GET /orgs/{org}/leave", member, s.confirmLeave},
		{"POST /orgs/{org}/leave", member, s.leave},
		{"GET /keys", signedIn, s.keys},
		{"POST /keys", signedIn, s.createKey},
		{"POST /keys/{id}/revoke", signedIn, s.revokeKey},
		{"GET /api/profile", program, s.profile},
	} {
		mux.Handle(route.pattern, route.protect(route.handler))
	}
	mux.HandleFunc("GET /style.css", style)
	mux.HandleFunc("/", notFound)
	return withHeaders(mux)
}

func actsForUser(a *auth.Auth) bool { return a.UserID != "" }

// withHeaders sets the security headers of every response. The policy has no
// form-action: browsers apply it to redirects, too, and some forms lead to the sign-in
// page or to a handshake, which are on other hosts.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
