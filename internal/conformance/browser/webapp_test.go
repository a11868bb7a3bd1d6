package browser

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	webappsite "github.com/backend-sdk/clerk-go/examples/webapp/site"
	"github.com/chromedp/chromedp"
)

// A webapp is the example site on an address of the loopback interface, and the started
// instance whose pages it uses.
type webapp struct {
	instance *clerktest.Instance
	origin   string
}

func newWebapp(t *testing.T) *webapp {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(`{"users": [
		{"id": "user_ada", "first_name": "Ada", "email_addresses": [{"email_address": "ada@example.com"}],
		 "password": "analytical-engine-1843", "totp_secret": "JBSWY3DPEHPK3PXP"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	app := &webapp{instance: clerktest.New(t, clerktest.WithSeed(seed), clerktest.WithPages())}
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	app.origin = server.URL
	own := app.instance.URL() + "/__clerk"
	authn, err := auth.New(app.instance.Client(), append(webappsite.Options(),
		auth.WithPublishableKey(app.instance.PublishableKey()),
		auth.WithProxyURL(own), auth.WithSignInURL(own+"/sign-in"), auth.WithSignUpURL(own+"/sign-up"),
		auth.WithAuthorizedParties(app.origin),
	)...)
	if err != nil {
		t.Fatal(err)
	}
	handler = webappsite.New(app.instance.Client(), authn)
	return app
}

// expect compares the status and the path of the site's page that a tab shows, looks for
// a text on it, and saves a picture of it if CLERK_BROWSER_PICTURES names a folder. It
// drops the count of redirects, which lasts two seconds: no user is as fast as a test.
func (app *webapp) expect(t *testing.T, b *tab, got shown, status int, path, text string) {
	t.Helper()
	if got.status != status || got.url != app.origin+path || !strings.Contains(got.text, text) {
		t.Fatalf("the tab shows %d %s with\n%s\nwant %d %s with %q", got.status, got.url, got.text, status, app.origin+path, text)
	}
	b.drop(t, app.origin, "__clerk_redirect_count")
	picture(t, b, strings.Trim(strings.ReplaceAll(path, "/", "-"), "-"))
}

// press clicks the first element that a selector matches, which loads another page.
func (b *tab) press(t *testing.T, selector string) shown {
	t.Helper()
	return b.load(t, chromedp.Click(chromedp.CSS(selector)))
}

// signUp makes an account, from the public page.
func (app *webapp) signUp(t *testing.T, b *tab, name string) {
	t.Helper()
	app.expect(t, b, b.open(t, app.origin+"/"), 200, "/", "Everybody can read")
	b.click(t, "sign-up")
	picture(t, b, "clerk-sign-up")
	b.fill(t, map[string]string{"email_address": strings.ToLower(name) + "@example.com", "first_name": name, "last_name": "Hopper", "password": "nanosecond-wire-1906"})
	app.expect(t, b, b.click(t, "sign-up"), 200, "/account", name)
}

// TestWebappOrganizations signs two users up. One makes an organization and invites the
// other, who accepts. Each sees the page of their role, and the path switches between
// organizations.
func TestWebappOrganizations(t *testing.T) {
	t.Parallel()
	b, guest := newTab(t), newTab(t)
	app := newWebapp(t)
	app.signUp(t, b, "Grace")
	for _, name := range []string{"Looms", "Engines"} {
		b.open(t, app.origin+"/account")
		b.fill(t, map[string]string{"name": name})
		app.expect(t, b, b.click(t, "create"), 200, "/orgs/"+strings.ToLower(name), "Your role here is admin")
	}
	app.expect(t, b, b.click(t, "settings"), 200, "/orgs/engines/settings", "Nobody is invited")
	b.fill(t, map[string]string{"email": "mary@example.com"})
	app.expect(t, b, b.click(t, "invite"), 200, "/orgs/engines/settings", "mary@example.com")

	messages := app.instance.Messages()
	if len(messages) != 1 || messages[0].To != "mary@example.com" {
		t.Fatalf("the instance sent %v", messages)
	}
	guest.open(t, messages[0].Link)
	picture(t, guest, "clerk-invitation")
	guest.fill(t, map[string]string{"first_name": "Mary", "password": "reverse-polish-1924"})
	guest.click(t, "sign-up")
	app.expect(t, guest, guest.open(t, app.origin+"/orgs/engines"), 200, "/orgs/engines", "Your role here is member")
	app.expect(t, guest, guest.open(t, app.origin+"/orgs/engines/settings"), 403, "/orgs/engines/settings", "does not allow this")
	app.expect(t, guest, guest.open(t, app.origin+"/orgs/looms"), 403, "/orgs/looms", "not a member")

	app.expect(t, b, b.open(t, app.origin+"/orgs/engines"), 200, "/orgs/engines", "Mary")
	app.expect(t, b, b.open(t, app.origin+"/orgs/engines/leave"), 403, "/orgs/engines/leave", "does not allow this")
	app.expect(t, b, b.open(t, app.origin+"/orgs/looms"), 200, "/orgs/looms", "Looms")
	b.open(t, app.origin+"/keys")
	script[bool](t, b, `document.querySelector("details").open = true`)
	picture(t, b, "switcher")
	app.expect(t, b, b.press(t, `.menu a[href="/orgs/engines"]`), 200, "/orgs/engines", "Engines")
	app.expect(t, b, b.open(t, app.origin+"/account"), 200, "/account", "Personal account")

	guest.open(t, app.origin+"/orgs/engines")
	app.expect(t, guest, guest.click(t, "leave"), 200, "/orgs/engines/leave", "Only members")
	app.expect(t, guest, guest.click(t, "leave-now"), 200, "/account", "You are in no organization")
}

// TestWebappSignInAndOut signs in with a password and a second factor, and out again.
func TestWebappSignInAndOut(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	app := newWebapp(t)
	if page := b.open(t, app.origin+"/keys"); !strings.HasPrefix(page.url, app.instance.URL()+"/__clerk/sign-in?") {
		t.Fatalf("a guest is led to %s", page.url)
	}
	picture(t, b, "clerk-sign-in")
	b.fill(t, map[string]string{"identifier": "ada@example.com", "password": "wrong"})
	if page := b.click(t, "sign-in"); !strings.Contains(page.text, "password is incorrect") {
		t.Fatalf("with a wrong password the page is %s", page.text)
	}
	b.fill(t, map[string]string{"identifier": "ada@example.com", "password": "analytical-engine-1843"})
	b.click(t, "sign-in")
	picture(t, b, "clerk-second-factor")
	b.fill(t, map[string]string{"code": oneTimeCode(t, "JBSWY3DPEHPK3PXP", app.instance.Now())})
	app.expect(t, b, b.click(t, "verify"), 200, "/keys", "You have no keys")
	if page := b.click(t, "sign-out"); !strings.HasPrefix(page.url, app.instance.URL()+"/__clerk/sign-in?") || !strings.Contains(page.text, "Nobody is signed in") {
		t.Fatalf("signing out leads to %s with\n%s", page.url, page.text)
	}
	app.expect(t, b, b.open(t, app.origin+"/"), 200, "/", "Create an account")
	if page := b.open(t, app.origin+"/account"); !strings.HasPrefix(page.url, app.instance.URL()) {
		t.Errorf("after signing out the account is at %s", page.url)
	}
}

// TestWebappKeys makes an API key, calls the site with it, and revokes it.
func TestWebappKeys(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	app := newWebapp(t)
	app.signUp(t, b, "Grace")
	b.open(t, app.origin+"/keys")
	b.fill(t, map[string]string{"name": "nightly"})
	app.expect(t, b, b.click(t, "create"), 201, "/keys", "nightly")
	secret := script[string](t, b, `document.getElementById("secret").innerText`)
	call := func() int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, app.origin+"/api/profile", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if status := call(); status != 200 {
		t.Errorf("a call with the key has status %d", status)
	}
	app.expect(t, b, b.press(t, "#keys button"), 200, "/keys", "You have no keys")
	if status := call(); status != 401 {
		t.Errorf("a call with the revoked key has status %d", status)
	}
}

// TestWebappRefusesForeignForms submits forms to the site from a page of another port of
// the same host, with which the browser sends the site's cookies.
func TestWebappRefusesForeignForms(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	app := newWebapp(t)
	app.signUp(t, b, "Grace")
	for _, path := range []string{"/organizations?name=Forged", "/sign-out", "/keys"} {
		foreign := httptest.NewServer(formTo(app.origin + path))
		t.Cleanup(foreign.Close)
		b.open(t, foreign.URL)
		app.expect(t, b, b.click(t, "send"), 401, path, "came from another site")
	}
	app.expect(t, b, b.open(t, app.origin+"/account"), 200, "/account", "You are in no organization")
	if page := b.open(t, app.origin+"/keys"); !strings.Contains(page.text, "You have no keys") {
		t.Errorf("a foreign form made a key:\n%s", page.text)
	}
}

// oneTimeCode returns the code that an authenticator app shows at a time (RFC 6238).
func oneTimeCode(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix())/30))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}
