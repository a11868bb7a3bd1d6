package migration

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	peer "github.com/clerk/clerk-sdk-go/v2"
	clerkhttp "github.com/clerk/clerk-sdk-go/v2/http"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
)

// party is the origin that the services of the table are for.
const party = "https://app.example.com"

// TestStatusesAreThoseOfTheTable sends the same requests to the middlewares of both
// modules and compares what they do with the table of the page.
func TestStatusesAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	var want strings.Builder
	want.WriteString("| request | `WithHeaderAuthorization` | `RequireHeaderAuthorization` | `Middleware` | `Require` |\n|---|---|---|---|---|\n")
	for _, request := range requests(t) {
		fmt.Fprintf(&want, "| %s |", request.what)
		for _, protect := range request.services {
			fmt.Fprintf(&want, " %s |", outcome(protect, request.header))
		}
		want.WriteString("\n")
	}
	if !strings.Contains(read(t, "docs/migration.md"), want.String()) {
		t.Errorf("docs/migration.md does not have this table:\n%s", want.String())
	}
}

type middleware = func(http.Handler) http.Handler

// A request has a value of the Authorization header, and is sent to a service behind each
// middleware.
type request struct {
	what, header string
	services     []middleware
}

func requests(t *testing.T) []request {
	t.Helper()
	instance := clerktest.New(t)
	ada := instance.CreateUser(users.CreateUserParams{})
	instance.CreateJWTTemplate("reports", map[string]any{"mail": "{{user.primary_email_address}}"})
	up := services(t, instance, instance.URL())
	token := func(opts ...clerktest.TokenOption) string {
		return "Bearer " + instance.Token(append([]clerktest.TokenOption{clerktest.ForUser(ada.ID), clerktest.WithAuthorizedParty(party)}, opts...)...)
	}
	valid := token()
	// The SDK remembers keys for the whole process, so that this needs keys of its own.
	lost := clerktest.New(t)
	unverified := "Bearer " + lost.Token(clerktest.WithAuthorizedParty(party))
	return []request{
		{"no token", "", up},
		{"a word that is not a token", "Bearer x", up},
		{"a valid token", valid, up},
		{"the same, with `bearer` in small letters", strings.Replace(valid, "Bearer", "bearer", 1), up},
		{"an expired token", token(clerktest.Expired()), up},
		{"a forged token", token(clerktest.SignedByStranger()), up},
		{"a token without `exp`", token(clerktest.WithoutClaim("exp")), up},
		{"a token for another origin", token(clerktest.WithAuthorizedParty("https://other.example.com")), up},
		{"a token for no origin", token(clerktest.WithoutClaim("azp")), up},
		{"a token made from a JWT template", "Bearer " + instance.Token(clerktest.ForUser(ada.ID), clerktest.FromTemplate("reports")), up},
		{"a pending session", token(clerktest.Pending()), up},
		{"a token whose `iss` is another domain", token(clerktest.WithClaim("iss", "https://example.com")), up},
		{"a valid token while Clerk's keys are out of reach", unverified, services(t, lost, unavailable(t))},
	}
}

// services returns the middlewares in the order of the table's columns, with Clerk's API
// at a URL.
func services(t *testing.T, instance *clerktest.Instance, url string) []middleware {
	t.Helper()
	key := instance.SecretKey()
	options := []clerkhttp.AuthorizationOption{
		clerkhttp.JWKSClient(jwks.NewClient(&peer.ClientConfig{BackendConfig: peer.BackendConfig{URL: new(url + "/v1"), Key: &key}})),
		clerkhttp.AuthorizedPartyMatches(party),
	}
	client, err := clerk.New(key, clerk.WithBaseURL(url), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	authn, err := auth.New(client, auth.WithoutCookies(), auth.WithAuthorizedParties(party))
	if err != nil {
		t.Fatal(err)
	}
	return []middleware{
		clerkhttp.WithHeaderAuthorization(options...), clerkhttp.RequireHeaderAuthorization(options...), authn.Middleware, authn.Require(),
	}
}

// outcome returns the status of a refusal, or whom the handler sees.
func outcome(protect middleware, header string) string {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if header != "" {
		r.Header.Set("Authorization", header)
	}
	seen := ""
	w := httptest.NewRecorder()
	protect(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		claims, known := peer.SessionClaimsFromContext(r.Context())
		if seen = "guest"; known && claims.Subject != "" || auth.FromContext(r.Context()).IsAuthenticated() {
			seen = "user"
		}
	})).ServeHTTP(w, r)
	if seen != "" {
		return seen
	}
	return fmt.Sprint(w.Code)
}

// unavailable returns the URL of a Clerk that fails.
func unavailable(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
