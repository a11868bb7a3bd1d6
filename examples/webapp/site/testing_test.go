package site_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/webapp/site"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// origin is where the site is in tests.
const origin = "https://site.example.com"

// A world is the site with its instance, where Ada administrates an organization that
// Grace is a member of, and Mary is nobody.
type world struct {
	instance         *clerktest.Instance
	site             http.Handler
	ada, grace, mary string
	organization     *api.Organization
}

func newWorld(t *testing.T) *world {
	t.Helper()
	seed := clerktest.Seed{Production: true, FrontendAPI: "clerk.example.com"}
	w := &world{instance: clerktest.New(t, clerktest.WithSeed(seed))}
	w.ada, w.grace, w.mary = w.user("Ada"), w.user("Grace"), w.user("Mary")
	w.organization = w.instance.CreateOrganization(organizations.CreateOrganizationParams{
		Name: "Engines", Slug: clerk.Set("engines"), CreatedBy: clerk.Set(w.ada),
	})
	w.instance.AddMember(w.organization.ID, w.grace, "org:member")
	authn, err := auth.New(w.instance.Client(), append(site.Options(),
		auth.WithPublishableKey(w.instance.PublishableKey()),
		auth.WithAuthorizedParties(origin),
	)...)
	if err != nil {
		t.Fatal(err)
	}
	w.site = site.New(w.instance.Client(), authn)
	return w
}

func (w *world) user(name string) string {
	return w.instance.CreateUser(users.CreateUserParams{
		FirstName: clerk.Set(name), EmailAddress: clerk.Set([]string{strings.ToLower(name) + "@example.com"}),
	}).ID
}

// A caller signs requests.
type caller func(*http.Request)

func guest(*http.Request) {}

// in returns a user in whose session an organization is active, or none for "".
func (w *world) in(organization, userID string) caller {
	return func(r *http.Request) {
		options := []clerktest.TokenOption{clerktest.WithAuthorizedParty(origin)}
		if organization != "" {
			options = append(options, clerktest.InOrganization(organization))
		}
		w.instance.SignInCookies(r, userID, options...)
	}
}

func key(secret string) caller {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }
}

type response struct {
	status         int
	location, body string
	header         http.Header
}

// get loads a page as a browser does.
func (w *world) get(t *testing.T, who caller, path string) response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, origin+path, nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	return w.send(t, who, r)
}

// post submits a form of a page of the given origin, as a browser does.
func (w *world) post(t *testing.T, who caller, from, path string, form url.Values) response {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Origin", from)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if from != origin {
		r.Header.Set("Sec-Fetch-Site", "same-site")
	}
	return w.send(t, who, r)
}

func (w *world) send(t *testing.T, who caller, r *http.Request) response {
	t.Helper()
	who(r)
	recorder := httptest.NewRecorder()
	w.site.ServeHTTP(recorder, r)
	got := recorder.Result()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{got.StatusCode, got.Header.Get("Location"), string(body), got.Header}
}

// expect compares the status of a response, and looks for texts in its body.
func (got response) expect(t *testing.T, status int, texts ...string) {
	t.Helper()
	if got.status != status {
		t.Errorf("status %d (location %q), want %d:\n%s", got.status, got.location, status, got.body)
	}
	for _, text := range texts {
		if !strings.Contains(got.body, text) {
			t.Errorf("the body lacks %q:\n%s", text, got.body)
		}
	}
}
