package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// What docs/protecting.md shows does what it says.
func TestCodeOfThePageOnProtecting(t *testing.T) {
	instance := clerktest.New(t)
	ada := instance.CreateUser(users.CreateUserParams{})
	for _, variable := range instance.Env() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	client := instance.Client()
	must := func(h http.Handler, err error) http.Handler {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	authn := func(make func(*clerk.Client) (*auth.Authenticator, error)) *auth.Authenticator {
		t.Helper()
		a, err := make(client)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	parties := authn(func(client *clerk.Client) (*auth.Authenticator, error) {
		return customerParties(client, customers{"acme": true})
	})
	request := func(method, target string, change ...func(*http.Request)) *http.Request {
		r := httptest.NewRequest(method, target, nil)
		for _, f := range change {
			f(r)
		}
		return r
	}
	as := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return func(r *http.Request) { instance.SignIn(r, ada.ID, opts...) }
	}
	key := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", "Bearer "+instance.Token(append(opts, clerktest.ForAPIKey(ada.ID))...))
		}
	}
	acme := func(role string) clerktest.TokenOption {
		return clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Slug: "acme", Role: role})
	}
	party := clerktest.WithAuthorizedParty
	page := func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "document") }
	_, instanceOf := exampleInstance()
	roles := roleRoutes(instanceOf, served, served, served, served)
	machines := must(machineRoutes(client, served))
	pages := must(pageRoutes(client, served))
	problem := authn(problems).Require(auth.Reverified(auth.Strict))(served)
	proxied := authn(behindProxies).Require()(served)
	customer := parties.Require()(served)
	for name, test := range map[string]struct {
		h      http.Handler
		r      *http.Request
		status int
		body   string
	}{
		"roles: guest on a page":             {roles, request("GET", "/"), 200, "served"},
		"roles: guest":                       {roles, request("POST", "/refunds"), 401, "unauthenticated"},
		"machines: administrator":            {machines, request("GET", "/", as(acme("org:admin"))), 200, "served"},
		"machines: member":                   {machines, request("GET", "/", as(acme("org:member"))), 403, "forbidden"},
		"machines: key with the scope":       {machines, request("GET", "/", key(clerktest.WithScopes("reports:read"))), 200, "served"},
		"machines: key without it":           {machines, request("GET", "/", key(clerktest.WithScopes("x"))), 403, "forbidden"},
		"pages: own organization":            {pages, request("GET", "/orgs/acme/dashboard", as(acme("org:member"))), 200, "served"},
		"pages: another organization":        {pages, request("GET", "/orgs/other/dashboard", as(acme("org:member"))), 403, "active-organization-mismatch"},
		"pages: script of a guest":           {pages, request("GET", "/orgs/acme/dashboard"), 401, "unauthenticated"},
		"problems: guest":                    {problem, request("GET", "/"), 401, `"type":"about:blank"`},
		"problems: verified long ago":        {problem, request("GET", "/", as(clerktest.WithFactorAges(99, 99))), 403, "reverification-error"},
		"proxies: own page":                  {proxied, request("GET", "/", as(party("https://app.example.com"))), 200, "served"},
		"proxies: page of another service":   {proxied, request("GET", "/", as(party("https://b.example.com"))), 401, "token-invalid-authorized-parties"},
		"customers: one that exists":         {customer, request("GET", "/", as(party("https://acme.customers.example.com"))), 200, "served"},
		"customers: one that does not":       {customer, request("GET", "/", as(party("https://evil.customers.example.com"))), 401, "azp"},
		"customers: another site":            {customer, request("GET", "/", as(party("https://acme.customers.example.com.evil.example"))), 401, "azp"},
		"customers: over plain http":         {customer, request("GET", "/", as(party("http://acme.customers.example.com"))), 401, "azp"},
		"pages: guest who opens a page":      {pages, request("GET", "/orgs/acme/dashboard", page), 307, ""},
		"cross-origin: guest with no origin": {crossOrigin(instanceOf, served), request("GET", "/"), 401, "unauthenticated"},
	} {
		w := respondTo(test.h, test.r)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.body) {
			t.Errorf("%s: status %d, body %s", name, w.Code, w.Body)
		}
	}
}
