package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

const emulated = `{
	"users": [
		{"id": "user_1", "first_name": "Ada", "email_addresses": [{"email_address": "ada@example.com"}]},
		{"id": "user_2", "first_name": "Grace", "email_addresses": [{"email_address": "grace@example.com"}],
		 "password": "a long enough one", "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "backup_codes": ["first-backup-code"]}
	],
	"organizations": [{"id": "org_1", "name": "Acme", "slug": "acme"}],
	"organization_memberships": [{"organization_id": "org_1", "user_id": "user_1", "role": "org:admin"}]
}`

// servePages starts an instance with pages and a service that knows nothing but the
// variables that the instance prints. The service is under another name of this computer.
func servePages(t *testing.T) (instance *clerktest.Instance, origin string) {
	t.Helper()
	if internet == nil {
		t.Skip("CLERK_BROWSER names no browser: make test-browser installs Chromium and runs this test")
	}
	seed, err := clerktest.ParseSeed([]byte(emulated))
	if err != nil {
		t.Fatal(err)
	}
	instance = clerktest.New(t, clerktest.WithSeed(seed), clerktest.WithPages())
	for _, variable := range instance.Env() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	client, err := clerk.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	authn, err := auth.FromEnv(client)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		if !a.IsAuthenticated() {
			authn.RedirectToSignIn(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<p>%s of %q", a.UserID, a.OrganizationID)
	})))
	t.Cleanup(server.Close)
	return instance, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
}

// TestPrintedVariablesSuffice signs in, changes the organization and signs out at the pages
// of the emulator.
func TestPrintedVariablesSuffice(t *testing.T) {
	instance, origin := servePages(t)
	b := newTab(t)
	wants := func(got shown, path, text string) {
		t.Helper()
		if got.url != origin+path || got.text != text {
			t.Errorf("the tab shows %+v, want %s: %s", got, path, text)
		}
		// It lasts two seconds and ends redirects that go in a circle. People are slower.
		b.drop(t, origin, "__clerk_redirect_count")
	}
	if got := b.open(t, origin+"/account"); !strings.HasPrefix(got.url, instance.URL()+"/__clerk/sign-in?") || !strings.Contains(got.text, "Ada") {
		t.Fatalf("a visitor sees %+v", got)
	}
	picture(t, b, "sign-in")
	b.drop(t, origin, "__clerk_redirect_count")
	wants(b.click(t, "user_1"), "/account", `user_1 of "org_1"`)

	b.open(t, instance.URL()+"/__clerk/organizations?redirect_url="+origin+"/account")
	picture(t, b, "organizations")
	wants(b.click(t, "personal"), "/account", `user_1 of ""`)
	b.open(t, instance.URL()+"/__clerk/organizations?redirect_url="+origin+"/account")
	wants(b.click(t, "org_1"), "/account", `user_1 of "org_1"`)

	b.open(t, instance.URL()+"/__clerk/sign-out?redirect_url="+origin+"/account")
	if got := b.click(t, "sign-out"); !strings.HasPrefix(got.url, instance.URL()+"/__clerk/sign-in?") {
		t.Fatalf("after signing out the tab shows %+v", got)
	}
	b.drop(t, origin, "__clerk_redirect_count")

	b.fill(t, map[string]string{"identifier": "grace@example.com", "password": "wrong"})
	if got := b.click(t, "sign-in"); !strings.Contains(got.text, "is incorrect") {
		t.Errorf("a wrong password leads to %+v", got)
	}
	picture(t, b, "wrong-password")
	b.fill(t, map[string]string{"identifier": "grace@example.com", "password": "a long enough one"})
	if got := b.click(t, "sign-in"); !strings.Contains(got.text, "Second step") {
		t.Fatalf("the password leads to %+v", got)
	}
	picture(t, b, "second-factor")
	b.fill(t, map[string]string{"code": "first-backup-code"})
	wants(b.click(t, "verify"), "/account", `user_2 of ""`)

	b.open(t, instance.URL()+"/__clerk/sign-out?redirect_url="+origin+"/account")
	b.click(t, "sign-out")
	b.drop(t, origin, "__clerk_redirect_count")
	b.click(t, "sign-up")
	picture(t, b, "sign-up")
	b.fill(t, map[string]string{"email_address": "mary@example.com", "first_name": "Mary"})
	got := b.click(t, "sign-up")
	users := instance.Seed().Users
	wants(got, "/account", users[len(users)-1].ID+` of ""`)
}

// TestStatusPageInABrowser signs in from the status page, which loads nothing from
// elsewhere.
func TestStatusPageInABrowser(t *testing.T) {
	instance, origin := servePages(t)
	b := newTab(t)
	got := b.open(t, instance.URL()+"/")
	if !strings.Contains(got.text, "Acme") || !strings.Contains(got.text, "Nobody is signed in") {
		t.Fatalf("the status page shows %+v", got)
	}
	if n := script[int](t, b, "performance.getEntriesByType('resource').filter(e => !e.name.endsWith('/favicon.ico')).length"); n > 0 {
		t.Errorf("the page loads %d resources", n)
	}
	if color := script[string](t, b, "getComputedStyle(document.querySelector('.card')).borderRadius"); color != "12px" {
		t.Errorf("the stylesheet does not apply: the corners are %q", color)
	}
	if got := b.click(t, "user_2"); got.url != instance.URL()+"/" || !strings.Contains(got.text, "signed in as Grace") {
		t.Errorf("signing in leads to %+v", got)
	}
	if got := b.open(t, origin+"/account"); got.text != `user_2 of ""` {
		t.Errorf("the service shows %+v", got)
	}
	b.open(t, instance.URL()+"/")
	picture(t, b, "status")
	if got := b.click(t, "sign-out"); !strings.Contains(got.text, "Nobody is signed in") {
		t.Errorf("signing out leads to %+v", got)
	}
}

// TestOtherPagesCannotSteer lets a page of another origin try what a browser allows it.
func TestOtherPagesCannotSteer(t *testing.T) {
	instance, _ := servePages(t)
	b := newTab(t)
	for _, path := range []string{"/_emulator/reset", "/__clerk/sign-in", "/_emulator/sign-in"} {
		host := "steering" + strings.NewReplacer("/", "", "_", "", "-", "").Replace(path) + ".test"
		internet.host(t, host, formTo(instance.URL()+path))
		b.open(t, "https://"+host+"/")
		if got := b.click(t, "send"); got.status != http.StatusForbidden {
			t.Errorf("a form of another page: %s: %+v", path, got)
		}
	}
	neighbour := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<p>a neighbour")
	}))
	t.Cleanup(neighbour.Close)
	instance.Inject(clerktest.Fault{Operation: "GetUser", Drop: true})
	b.open(t, neighbour.URL)
	for _, call := range []string{
		"fetch(%q + '/_emulator/reset', {method: 'POST', mode: 'no-cors'})",
		"fetch(%q + '/_emulator/faults', {method: 'DELETE'})",
		"fetch(%q + '/_emulator/export').then(r => r.text())",
	} {
		script[bool](t, b, fmt.Sprintf(call, instance.URL())+".then(() => true, () => true)")
	}
	if len(instance.Faults()) == 0 {
		t.Error("a page of another port has reset the instance")
	}
	read := fmt.Sprintf("fetch(%q + '/_emulator/export').then(r => r.text(), () => '')", instance.URL())
	if got := script[string](t, b, read); got != "" {
		t.Errorf("a page of another port reads %s", got)
	}
}
