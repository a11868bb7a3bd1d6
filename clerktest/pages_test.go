package clerktest_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
	"github.com/backend-sdk/clerk-go/invitations"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// reader is a browser at the pages of a started instance, which shows no page of a
// service.
type reader struct {
	http.Client
	instance *clerktest.Instance
}

func startReader(t *testing.T, instance *clerktest.Instance) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, instance}
}

// get opens a page.
func (v *reader) get(t *testing.T, path string) response {
	t.Helper()
	return v.do(t, http.MethodGet, path, nil)
}

// post sends a form.
func (v *reader) post(t *testing.T, path string, pairs ...string) response {
	t.Helper()
	form := url.Values{}
	for n := 0; n < len(pairs); n += 2 {
		form.Set(pairs[n], pairs[n+1])
	}
	return v.do(t, http.MethodPost, path, form)
}

func (v *reader) do(t *testing.T, method, path string, form url.Values) response {
	t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = v.instance.URL() + path
	}
	r, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", v.instance.URL())
	}
	resp, err := v.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, text}
}

// wantPage checks the status of a page and texts on it. A text that begins with ! must not
// be there.
func wantPage(t *testing.T, got response, status int, texts ...string) {
	t.Helper()
	if got.status != status {
		t.Fatalf("the status is %d, want %d: %s", got.status, status, got.body)
	}
	for _, text := range texts {
		missing, unwanted := strings.CutPrefix(text, "!")
		if strings.Contains(string(got.body), missing) == unwanted {
			t.Errorf("the page with %q: %s", text, got.body)
		}
	}
}

// wantSignedIn checks who is signed in, "" for nobody.
func (v *reader) wantSignedIn(t *testing.T, userID string) {
	t.Helper()
	got := v.get(t, "/__clerk/sign-in?redirect_url=/")
	shown := regexp.MustCompile(`<b id="user">([^<]*)</b>`).FindSubmatch(got.body)
	who := ""
	if shown != nil {
		who = string(shown[1])
	}
	if who != userID {
		t.Errorf("signed in is %q, want %q", who, userID)
	}
}

func TestStatusPage(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	u := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("<b>Eve</b>"), EmailAddress: clerk.Set([]string{"eve@example.com"})})
	o := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme & Co", CreatedBy: clerk.Set("user_1")})
	if _, err := organizations.CreateOrganizationInvitation(t.Context(), instance.Client(), o.ID, organizations.CreateOrganizationInvitationParams{
		EmailAddress: "guest@example.com", Role: "org:member", InviterUserID: clerk.Set("user_1"),
	}); err != nil {
		t.Fatal(err)
	}
	instance.CreateSession(u.ID)
	instance.Inject(clerktest.Fault{Operation: "BanUser", Status: 503, Times: 2})
	send(t, instance, http.MethodGet, "/users/user_none?token=sk_test_hidden", "")
	instance.Advance(time.Hour)
	got := startReader(t, instance).get(t, "/")
	wantPage(t, got, http.StatusOK,
		instance.ID(), instance.PublishableKey(), "!"+instance.SecretKey(), "!"+instance.WebhookSecret(), "CLERK_SECRET_KEY=sk_test_•", "CLERK_WEBHOOK_SIGNING_SECRET=whsec_•",
		"1h0m0s from now", "&lt;b&gt;Eve&lt;/b&gt;", "!<b>Eve", "Acme &amp; Co", "guest@example.com", "invited as member", `class="dashed"`,
		"GET /v1/users/user_none ?token", "!sk_test_hidden", "{&#34;status&#34;:503}", `<svg class="columns"`, `<svg class="tree"`, "organization invitation", "Nobody is signed in", "!<script",
	)
	if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the policy is %q", policy)
	}
	if n := len(instance.Seed().Clients); n > 0 {
		t.Errorf("looking at the status page makes %d clients", n)
	}
	for _, tc := range []struct{ method, accept string }{{http.MethodGet, "application/json"}, {http.MethodPost, "text/html"}} {
		if got := ask(t, instance, tc.method, "/", "", "Accept", tc.accept); got.status != http.StatusNotFound && got.status != http.StatusUnauthorized {
			t.Errorf("%v: %d %s", tc, got.status, got.body)
		}
	}
}

func TestSignInFromTheStatusPage(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	v := startReader(t, instance)
	send(t, instance, http.MethodPatch, "/users/user_1", `{"password": "a long enough one"}`)
	got := v.post(t, "/_emulator/sign-in", "user_id", "user_1", "redirect_url", "/")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/" {
		t.Errorf("signing in: %d %v", got.status, got.header)
	}
	wantPage(t, v.get(t, "/"), http.StatusOK, `signed in as <b id="user">Ada</b>`)
	if got := v.post(t, "/__clerk/sign-out", "redirect_url", "/"); got.status != http.StatusSeeOther {
		t.Errorf("signing out: %d %s", got.status, got.body)
	}
	v.wantSignedIn(t, "")
}

func TestSignInWithAPassword(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	v := startReader(t, instance)
	const service, password = "http://localhost:8080/", "a long enough one"
	send(t, instance, http.MethodPatch, "/users/user_1", `{"password": "`+password+`"}`)
	page := "/__clerk/sign-in?redirect_url=" + url.QueryEscape(service)
	wantPage(t, v.get(t, page), http.StatusOK, `name="password"`, `id="user_2"`, `!id="user_1"`)
	wantPage(t, v.post(t, page, "user_id", "user_1"), http.StatusForbidden, "password")
	wantPage(t, v.post(t, page, "identifier", "ada@example.com", "password", "wrong"), http.StatusUnprocessableEntity, "is incorrect", `value="ada@example.com"`)
	wantPage(t, v.post(t, page, "identifier", "nobody@example.com", "password", password), http.StatusUnprocessableEntity, "nobody has")
	wantPage(t, v.post(t, page, "identifier", "user_2", "password", ""), http.StatusUnprocessableEntity)
	v.wantSignedIn(t, "")
	got := v.post(t, page, "identifier", "ADA@example.com", "password", password)
	if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), service+"?__clerk_db_jwt=dvb_") {
		t.Fatalf("signing in: %d %v %s", got.status, got.header, got.body)
	}
	v.wantSignedIn(t, "user_1")
	send(t, instance, http.MethodPost, "/users/user_1/ban", "")
	other := startReader(t, instance)
	wantPage(t, other.post(t, page, "identifier", "ada@example.com", "password", password), http.StatusForbidden, "banned")
	other.wantSignedIn(t, "")
}

func TestSignInWithASecondFactor(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startPages(t, clerktest.WithClock(c.now))
	const password, secret = "a long enough one", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	send(t, instance, http.MethodPatch, "/users/user_1", `{"password": "`+password+`", "totp_secret": "`+secret+`", "backup_codes": ["first-backup-code"]}`)
	totp, err := credential.ParseTOTP(secret)
	if err != nil {
		t.Fatal(err)
	}
	const page = "/__clerk/sign-in?redirect_url=/"
	for name, code := range map[string]string{"an authenticator app": totp.Code(c.now()), "a backup code": "first-backup-code"} {
		v := startReader(t, instance)
		wantPage(t, v.post(t, page, "code", code), http.StatusUnauthorized, "password comes before")
		wantPage(t, v.post(t, page, "identifier", "ada@example.com", "password", password), http.StatusOK, `name="code"`)
		v.wantSignedIn(t, "")
		wantPage(t, v.post(t, page, "code", "000000"), http.StatusUnprocessableEntity, `name="code"`, `role="alert"`)
		v.wantSignedIn(t, "")
		if got := v.post(t, page, "code", code); got.status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		v.wantSignedIn(t, "user_1")
		again := startReader(t, instance)
		again.post(t, page, "identifier", "ada@example.com", "password", password)
		wantPage(t, again.post(t, page, "code", code), http.StatusUnprocessableEntity)
	}
}

func TestSignUp(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	v := startReader(t, instance)
	const page = "/__clerk/sign-up?redirect_url=/"
	wantPage(t, v.get(t, page), http.StatusOK, `name="email_address"`)
	wantPage(t, v.post(t, page, "email_address", "ada@example.com"), http.StatusUnprocessableEntity, "taken")
	wantPage(t, v.post(t, page, "email_address", "nonsense", "first_name", "Mary"), http.StatusUnprocessableEntity, `value="Mary"`)
	wantPage(t, v.post(t, page, "email_address", "mary@example.com", "password", "password123"), http.StatusUnprocessableEntity, `value="mary@example.com"`)
	if got := v.post(t, page, "email_address", "mary@example.com", "first_name", "Mary", "password", "a long enough one"); got.status != http.StatusSeeOther {
		t.Fatalf("signing up: %d %s", got.status, got.body)
	}
	mary := instance.Seed().Users[2]
	if clerk.Value(mary.FirstName) != "Mary" || !mary.PasswordEnabled {
		t.Errorf("the user is %+v", mary)
	}
	v.wantSignedIn(t, mary.ID)
	send(t, instance, http.MethodPatch, "/instance/restrictions", `{"allowlist": true}`)
	wantPage(t, v.post(t, page, "email_address", "late@example.com"), http.StatusForbidden, "allow-list")
	if got := v.get(t, "/__clerk/sign-in/create?redirect_url=/"); got.header.Get("Location") != "../sign-up?redirect_url=/" {
		t.Errorf("the page below the sign-in page: %d %v", got.status, got.header)
	}
}

func TestSignUpByInvitation(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	v := startReader(t, instance)
	send(t, instance, http.MethodPatch, "/instance/restrictions", `{"allowlist": true}`)
	made, err := invitations.CreateInvitation(t.Context(), instance.Client(), invitations.CreateInvitationParams{EmailAddress: "guest@example.com", PublicMetadata: clerk.SetMetadata(map[string]any{"plan": "pro"})})
	if err != nil {
		t.Fatal(err)
	}
	link := made.URL
	if !strings.HasPrefix(link, instance.URL()+"/__clerk/sign-up?__clerk_ticket=") {
		t.Fatalf("the link is %s", link)
	}
	ticket := link[strings.LastIndex(link, "=")+1:]
	wantPage(t, v.get(t, link), http.StatusOK, `value="guest@example.com"`, "You are invited")
	wantPage(t, v.post(t, link, "email_address", "other@example.com", "__clerk_ticket", ticket), http.StatusBadRequest, "another address")
	wantPage(t, v.post(t, link, "email_address", "guest@example.com", "__clerk_ticket", "nonsense"), http.StatusBadRequest)
	if got := v.post(t, link, "email_address", "guest@example.com", "__clerk_ticket", ticket); got.status != http.StatusSeeOther {
		t.Fatalf("signing up: %d %s", got.status, got.body)
	}
	guest := instance.Seed().Users[2]
	v.wantSignedIn(t, guest.ID)
	if text, _ := guest.PublicMetadata.MarshalJSON(); !strings.Contains(string(text), "pro") || instance.Seed().Invitations[0].Status != "accepted" {
		t.Errorf("the user is %+v, the invitation %s", guest, instance.Seed().Invitations[0].Status)
	}
	wantPage(t, startReader(t, instance).post(t, link, "email_address", "guest@example.com", "__clerk_ticket", ticket), http.StatusBadRequest)
}

func TestInvitationsToAnOrganization(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	o := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set("user_2")})
	for email, known := range map[string]bool{"Ada@Example.com": true, "new@example.com": false} {
		made, err := organizations.CreateOrganizationInvitation(t.Context(), instance.Client(), o.ID, organizations.CreateOrganizationInvitationParams{EmailAddress: email, Role: "org:member"})
		if err != nil {
			t.Fatal(err)
		}
		link := clerk.Value(made.URL)
		ticket := link[strings.LastIndex(link, "=")+1:]
		if !strings.Contains(strings.Join(links(instance), " "), link) {
			t.Errorf("the link is not among the messages")
		}
		v := startReader(t, instance)
		got := v.get(t, link)
		if known {
			wantPage(t, got, http.StatusOK, "Join Acme", `id="continue"`)
			got = v.post(t, "/__clerk/sign-in", "__clerk_ticket", ticket)
		} else {
			if got.header.Get("Location") != "sign-up?__clerk_ticket="+ticket {
				t.Fatalf("without an account the link leads to %v", got.header)
			}
			wantPage(t, v.get(t, "/__clerk/sign-up?__clerk_ticket="+ticket), http.StatusOK, "invited to Acme", `value="new@example.com"`)
			got = v.post(t, "/__clerk/sign-up", "__clerk_ticket", ticket, "email_address", email)
		}
		if got.status != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", email, got.status, got.body)
		}
		wantPage(t, v.get(t, "/__clerk/organizations?redirect_url=/"), http.StatusOK, `id="`+o.ID+`" name="organization_id"`, `Acme</span><span class="tag">active`)
		wantPage(t, startReader(t, instance).post(t, "/__clerk/sign-in", "__clerk_ticket", ticket), http.StatusBadRequest)
	}
	if n := len(instance.Seed().OrganizationMemberships); n != 3 {
		t.Errorf("there are %d memberships", n)
	}
}

func links(instance *clerktest.Instance) (list []string) {
	for _, m := range instance.Messages() {
		list = append(list, m.Link)
	}
	return list
}

func TestTicketsSignIn(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	made, err := sessions.CreateSignInToken(t.Context(), instance.Client(), sessions.CreateSignInTokenParams{UserID: "user_1"})
	if err != nil {
		t.Fatal(err)
	}
	v := startReader(t, instance)
	wantPage(t, v.get(t, made.URL), http.StatusOK, "signs you in as Ada", `id="continue"`)
	v.wantSignedIn(t, "")
	if got := v.post(t, made.URL, "__clerk_ticket", made.Token, "redirect_url", "http://localhost:8080/"); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "http://localhost:8080/") {
		t.Errorf("using the ticket: %d %v", got.status, got.header)
	}
	v.wantSignedIn(t, "user_1")
	wantPage(t, v.post(t, made.URL, "__clerk_ticket", made.Token), http.StatusBadRequest)
	wantPage(t, v.get(t, "/__clerk/sign-in?__clerk_ticket=nonsense"), http.StatusOK, "does not work any more")
	task, err := sessions.CreateAgentTask(t.Context(), instance.Client(), sessions.CreateAgentTaskParams{
		OnBehalfOf: sessions.AgentTaskUser{UserID: clerk.Set("user_2")}, AgentName: "robot", TaskDescription: "look", RedirectURL: "http://localhost:9090/task", Permissions: "*",
	})
	if err != nil {
		t.Fatal(err)
	}
	ticket := task.URL[strings.LastIndex(task.URL, "=")+1:]
	if got := v.post(t, task.URL, "__clerk_ticket", ticket); !strings.HasPrefix(got.header.Get("Location"), "http://localhost:9090/task?") {
		t.Errorf("the task: %d %v %s", got.status, got.header, got.body)
	}
	v.wantSignedIn(t, "user_2")
}

func TestOrganizationSwitcher(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	own := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Own", CreatedBy: clerk.Set("user_1")})
	foreign := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Foreign", CreatedBy: clerk.Set("user_2")})
	v := startReader(t, instance)
	const page = "/__clerk/organizations?redirect_url=http://localhost:8080/"
	wantPage(t, v.post(t, page, "organization_id", own.ID), http.StatusUnauthorized)
	v.post(t, "/__clerk/sign-in?redirect_url=/", "user_id", "user_1")
	active := func() string {
		list := instance.Seed().Sessions
		return clerk.Value(list[len(list)-1].LastActiveOrganizationID)
	}
	for _, want := range []string{own.ID, "", own.ID} {
		if got := v.post(t, page, "organization_id", want); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "http://localhost:8080/?__clerk_db_jwt=") || active() != want {
			t.Errorf("to %q: %d %v, active is %q", want, got.status, got.header, active())
		}
	}
	wantPage(t, v.post(t, page, "organization_id", foreign.ID), http.StatusNotFound)
	if active() != own.ID {
		t.Errorf("active is %q", active())
	}
}
