package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// Each page is there for those whom it is made for, and for nobody else.
func TestWhoSeesWhichPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const signIn = http.StatusTemporaryRedirect
	admin, member := w.in("engines", w.ada), w.in("engines", w.grace)
	for path, want := range map[string]struct{ guest, personal, member, admin int }{
		"/":                      {200, 200, 200, 200},
		"/style.css":             {200, 200, 200, 200},
		"/keys":                  {signIn, 200, 200, 200},
		"/account":               {signIn, 200, 307, 307},
		"/orgs/engines":          {signIn, 307, 200, 200},
		"/orgs/engines/settings": {signIn, 307, 403, 200},
		"/orgs/engines/leave":    {signIn, 307, 200, 403},
		"/sign-in":               {signIn, 303, 303, 303},
		"/sign-up":               {signIn, 303, 303, 303},
		"/nothing":               {404, 404, 404, 404},
	} {
		w.get(t, guest, path).expect(t, want.guest)
		w.get(t, w.in("", w.mary), path).expect(t, want.personal)
		w.get(t, member, path).expect(t, want.member)
		w.get(t, admin, path).expect(t, want.admin)
	}
}

func TestGuestsAreLedToTheSignInPageAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := "https://accounts.example.com/sign-in?redirect_url=" + url.QueryEscape(origin+"/keys")
	if got := w.get(t, guest, "/keys"); got.location != want {
		t.Errorf("a guest is led to %q, want %q", got.location, want)
	}
}

// A path of another organization leads to the frontend API, which activates it.
func TestPathSwitchesTheOrganization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Two", Slug: clerk.Set("two"), CreatedBy: clerk.Set(w.ada)})
	for path, want := range map[string]string{"/orgs/two": "organization_id=two", "/account": "organization_id=&"} {
		got := w.get(t, w.in("engines", w.ada), path)
		if got.status != http.StatusTemporaryRedirect || !strings.Contains(got.location+"&", want) {
			t.Errorf("%s: %d to %q, want a redirect with %s", path, got.status, got.location, want)
		}
	}
	w.get(t, w.in("two", w.ada), "/orgs/two").expect(t, 200, "<h1>Two</h1>", `href="/orgs/engines"`)
}

// forms are all forms of the site, with what they change.
func forms(w *world, keyID, invitationID string) map[string]struct {
	who  caller
	form url.Values
} {
	admin, member := w.in("engines", w.ada), w.in("engines", w.grace)
	return map[string]struct {
		who  caller
		form url.Values
	}{
		"/sign-out":                  {admin, nil},
		"/organizations":             {admin, url.Values{"name": {"Three"}}},
		"/keys":                      {admin, url.Values{"name": {"another"}}},
		"/keys/" + keyID + "/revoke": {admin, nil},
		"/orgs/engines/invitations":  {admin, url.Values{"email": {"x@example.com"}, "role": {"org:member"}}},
		"/orgs/engines/invitations/" + invitationID + "/revoke": {admin, nil},
		"/orgs/engines/leave": {member, nil},
	}
}

// A form that a page of another origin submits changes nothing, and neither does one of
// somebody who may not use it.
func TestForgedFormsChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, err := machines.CreateAPIKey(t.Context(), w.instance.Client(), machines.CreateAPIKeyParams{Name: "mine", Subject: w.ada})
	if err != nil {
		t.Fatal(err)
	}
	v, err := organizations.CreateOrganizationInvitation(t.Context(), w.instance.Client(), w.organization.ID, organizations.CreateOrganizationInvitationParams{EmailAddress: "new@example.com", Role: "org:member"})
	if err != nil {
		t.Fatal(err)
	}
	writes := func() (n int) {
		for _, r := range w.instance.Requests() {
			if r.Method != http.MethodGet {
				n++
			}
		}
		return n
	}
	before := writes()
	for path, f := range forms(w, k.ID, v.ID) {
		w.post(t, f.who, "https://blog.example.com", path, f.form).expect(t, 401, "came from another site")
		w.post(t, f.who, "null", path, f.form).expect(t, 401, "came from another site")
		w.post(t, guest, origin, path, f.form).expect(t, 401, "Sign in to see this page")
	}
	if after := writes(); after != before {
		t.Errorf("forged forms caused %d calls that write", after-before)
	}
	member := w.in("engines", w.grace)
	w.post(t, member, origin, "/orgs/engines/invitations", url.Values{"email": {"x@example.com"}, "role": {"org:admin"}}).expect(t, 403)
	w.post(t, member, origin, "/orgs/engines/invitations/"+v.ID+"/revoke", nil).expect(t, 403)
	w.post(t, w.in("engines", w.ada), origin, "/orgs/engines/leave", nil).expect(t, 403)
	w.post(t, member, origin, "/keys/"+k.ID+"/revoke", nil).expect(t, 404)
	if after := writes(); after != before {
		t.Errorf("forms of others caused %d calls that write", after-before)
	}
}

func TestFormsDoWhatTheySay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.in("engines", w.ada)
	got := w.post(t, admin, origin, "/organizations", url.Values{"name": {"Looms"}})
	if got.expect(t, 303); !strings.HasPrefix(got.location, "/orgs/looms") {
		t.Errorf("a new organization leads to %q", got.location)
	}
	w.post(t, admin, origin, "/organizations", url.Values{"name": {" "}}).expect(t, 422, `role="alert"`)

	w.post(t, admin, origin, "/orgs/engines/invitations", url.Values{"email": {"new@example.com"}, "role": {"org:member"}}).expect(t, 303)
	page := w.get(t, admin, "/orgs/engines/settings")
	page.expect(t, 200, "new@example.com")
	w.post(t, admin, origin, "/orgs/engines/invitations", url.Values{"email": {"no address"}, "role": {"org:member"}}).expect(t, 422, `role="alert"`, `value="no address"`)
	w.post(t, admin, origin, found(t, page.body, `action="(/orgs/engines/invitations/[^"]+/revoke)"`), nil).expect(t, 303)
	w.get(t, admin, "/orgs/engines/settings").expect(t, 200, "Nobody is invited")

	w.post(t, w.in("engines", w.grace), origin, "/orgs/engines/leave", nil).expect(t, 303)
	list, err := users.ListOrganizationMemberships(t.Context(), w.instance.Client(), w.grace, users.ListOrganizationMembershipsParams{})
	if err != nil || len(list.Data) != 0 {
		t.Errorf("after she left, Grace is in %v, %v", list, err)
	}
}

func found(t *testing.T, body, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("nothing like %s in\n%s", pattern, body)
	}
	return m[1]
}

func TestKeyWorksUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ada := w.in("", w.ada)
	page := w.post(t, ada, origin, "/keys", url.Values{"name": {"nightly"}})
	page.expect(t, 201, "nightly")
	if got := page.header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("the page with the key has Cache-Control %q", got)
	}
	secret := found(t, page.body, `id="secret">([^<]+)<`)
	w.get(t, key(secret), "/api/profile").expect(t, 200, w.ada, `"api_key"`)
	w.get(t, ada, "/api/profile").expect(t, 200, w.ada, `"session_token"`)
	w.get(t, key(secret), "/keys").expect(t, 401)
	if list := w.get(t, ada, "/keys"); strings.Contains(list.body, secret) {
		t.Error("the list shows the key again")
	}
	w.post(t, ada, origin, found(t, page.body, `action="(/keys/[^"]+/revoke)"`), nil).expect(t, 303)
	w.get(t, key(secret), "/api/profile").expect(t, 401, `"code"`)
	w.get(t, ada, "/keys").expect(t, 200, "You have no keys")
	w.post(t, ada, origin, "/keys", url.Values{"name": {"x"}}).expect(t, 422, `role="alert"`)
}

// A key without the scope, or of an organization, is not enough for the profile.
func TestProfileRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		subject string
		scopes  []string
		want    int
	}{
		"of a user":           {w.ada, []string{"profile:read"}, 200},
		"without the scope":   {w.ada, []string{"other"}, 403},
		"without scopes":      {w.ada, []string{}, 403},
		"of the organization": {w.organization.ID, []string{"profile:read"}, 403},
	} {
		k, err := machines.CreateAPIKey(t.Context(), w.instance.Client(), machines.CreateAPIKeyParams{Name: "some key", Subject: test.subject, Scopes: clerk.Set(test.scopes)})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { w.get(t, key(k.Secret), "/api/profile").expect(t, test.want) })
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.post(t, w.in("", w.ada), origin, "/sign-out", nil)
	got.expect(t, 303)
	if !strings.Contains(got.location, "/sign-in") {
		t.Errorf("signing out leads to %q", got.location)
	}
	for _, name := range []string{"__session=", "__session_"} {
		if !slices.ContainsFunc(got.header["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, name) && strings.Contains(line, "Max-Age=0") }) {
			t.Errorf("no cookie %s is cleared: %q", name, got.header["Set-Cookie"])
		}
	}
	for _, s := range w.instance.Seed().Sessions {
		if s.UserID == w.ada && s.Status == "active" {
			t.Error("the session is still active")
		}
	}
}

func TestPagesAllowNoScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.get(t, guest, "/")
	if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") {
		t.Errorf("the policy is %q", policy)
	}
	if strings.Contains(got.body, "<script") {
		t.Error("the page has a script")
	}
}
