package clerktest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// The functions of this file are the code of docs/testing.md.

func newTeamService(client *clerk.Client, opts ...auth.Option) (http.Handler, error) {
	authn, err := auth.New(client, append(opts, auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))...)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /me", authn.Require()(showUser(client)))
	mux.Handle("POST /members", authn.Require(auth.Role("org:admin"))(inviteMember(client)))
	mux.Handle("GET /report", authn.Require(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))(report))
	return mux, nil
}

func showUser(client *clerk.Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, err := users.GetUser(r.Context(), client, auth.FromContext(r.Context()).UserID)
		if err != nil {
			http.Error(w, "try again", http.StatusBadGateway)
			return
		}
		io.WriteString(w, clerk.Value(user.FirstName))
	})
}

func inviteMember(client *clerk.Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := organizations.CreateOrganizationInvitation(r.Context(), client, auth.FromContext(r.Context()).OrganizationID,
			organizations.CreateOrganizationInvitationParams{EmailAddress: r.FormValue("email"), Role: "org:member"})
		if err != nil {
			http.Error(w, "try again", http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
}

var report = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

// greeting is code that makes calls and handles no requests.
func greeting(ctx context.Context, client *clerk.Client, userID string) (string, error) {
	user, err := users.GetUser(ctx, client, userID)
	if err != nil {
		return "", err
	}
	return "Hello, " + clerk.Value(user.FirstName), nil
}

func TestGreeting(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(&clerktest.Handlers{
		GetUser: func(_ context.Context, id string) (*api.User, error) {
			return &api.User{ID: id, FirstName: new("Ada")}, nil
		},
	})
	defer server.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := greeting(t.Context(), client, "user_1"); err != nil || text != "Hello, Ada" {
		t.Errorf("%q, %v", text, err)
	}
}

func tokenOf(ctx context.Context, client *clerk.Client, userID string) (string, error) {
	session, err := sessions.CreateSession(ctx, client, sessions.CreateSessionParams{UserID: userID})
	if err != nil {
		return "", err // a production instance refuses it
	}
	token, err := sessions.CreateSessionToken(ctx, client, session.ID, sessions.CreateSessionTokenParams{})
	if err != nil {
		return "", err
	}
	return token.JWT, nil
}

// A token that is made by a call names no authorized party.
func TestTokenMadeByACall(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		opts []auth.Option
		want int
	}{
		{nil, http.StatusOK},
		{[]auth.Option{auth.WithAuthorizedParties("https://app.example.com")}, http.StatusUnauthorized},
	} {
		s := newSuite(t, test.opts...)
		token, err := tokenOf(t.Context(), s.Client(), s.CreateUser(users.CreateUserParams{}).ID)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/me", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		if status, reason := s.statusOf(r); status != test.want {
			t.Errorf("%d %s, want %d", status, reason, test.want)
		}
	}
}

// suite is an instance and the service under test.
type suite struct {
	*clerktest.Instance
	service http.Handler
}

func newSuite(t *testing.T, opts ...auth.Option) *suite {
	t.Helper()
	return suiteOf(t, clerktest.New(t), opts...)
}

func suiteOf(t *testing.T, instance *clerktest.Instance, opts ...auth.Option) *suite {
	t.Helper()
	service, err := newTeamService(instance.Client(), append(opts, auth.WithPublishableKey(instance.PublishableKey()))...)
	if err != nil {
		t.Fatal(err)
	}
	return &suite{instance, service}
}

// statusOf sends the service a request and returns the status and the reason of a refusal.
func (s *suite) statusOf(r *http.Request) (status int, reason string) {
	w := httptest.NewRecorder()
	s.service.ServeHTTP(w, r)
	return w.Code, w.Header().Get("X-Clerk-Auth-Reason")
}

func TestOnlyAdministratorsInvite(t *testing.T) {
	t.Parallel()

	s := newSuite(t)
	ada, bob := s.CreateUser(users.CreateUserParams{}), s.CreateUser(users.CreateUserParams{})
	acme := s.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(ada.ID)}) // its first admin
	s.AddMember(acme.ID, bob.ID, "org:member")
	for user, want := range map[string]int{bob.ID: http.StatusForbidden, ada.ID: http.StatusCreated} {
		r := httptest.NewRequest(http.MethodPost, "/members?email=new@example.com", nil)
		s.SignIn(r, user, clerktest.InOrganization(acme.ID))
		if status, _ := s.statusOf(r); status != want {
			t.Errorf("%d, want %d", status, want)
		}
	}
	if sent := s.Messages(); len(sent) != 1 || sent[0].To != "new@example.com" {
		t.Errorf("the messages are %v", sent)
	}
}

// A role of the service's own lets its members pass.
func TestRoleOfTheService(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		t.Fatal(err)
	}
	role := addAccountants(t, instance)
	ada, bob := instance.CreateUser(users.CreateUserParams{}), instance.CreateUser(users.CreateUserParams{})
	acme := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(ada.ID)})
	instance.AddMember(acme.ID, bob.ID, role)
	s := suite{instance, authn.Require(auth.Permission("org:invoices:create"))(report)}
	for user, want := range map[string]int{ada.ID: http.StatusForbidden, bob.ID: http.StatusOK} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		s.SignIn(r, user, clerktest.InOrganization(acme.ID))
		if status, _ := s.statusOf(r); status != want {
			t.Errorf("%d, want %d", status, want)
		}
	}
}

// addAccountants makes a role with a permission of its own and returns its key.
func addAccountants(t *testing.T, instance *clerktest.Instance) string {
	t.Helper()
	ctx, client := t.Context(), instance.Client()
	permission, err := organizations.CreateOrganizationPermission(ctx, client, organizations.CreateOrganizationPermissionParams{
		Name: "Create invoices", Key: "org:invoices:create",
	})
	if err != nil {
		t.Fatal(err)
	}
	role, err := organizations.CreateOrganizationRole(ctx, client, organizations.CreateOrganizationRoleParams{
		Name: "Accountant", Key: "org:accountant",
		Permissions:             clerk.Set([]string{permission.ID}),
		IncludeInInitialRoleSet: clerk.Set(true), // or no organization has the role
	})
	if err != nil {
		t.Fatal(err)
	}
	return role.Key
}

func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	ada := s.CreateUser(users.CreateUserParams{})

	for reason, option := range map[auth.Reason]clerktest.TokenOption{
		"session-token-expired-refresh-non-eligible-no-refresh-cookie": clerktest.Expired(),
		auth.ReasonSessionTokenNBF:                                     clerktest.NotYetActive(),
		auth.ReasonSessionPending:                                      clerktest.Pending(),
		auth.ReasonTokenInvalidSignature:                               clerktest.SignedByStranger(),
		auth.ReasonTokenVerificationFailed:                             clerktest.WithoutClaim("sub"),
	} {
		r := httptest.NewRequest(http.MethodGet, "/me", nil)
		s.SignIn(r, ada.ID, option)
		if status, got := s.statusOf(r); status != http.StatusUnauthorized || got != string(reason) {
			t.Errorf("%d %s, want 401 %s", status, got, reason)
		}
	}
}

func TestReportTakesKeysWithTheScope(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	ada := s.CreateUser(users.CreateUserParams{})

	key, scope := clerktest.ForAPIKey(ada.ID), clerktest.WithScopes("reports:read")
	for token, want := range map[string]int{
		s.Token(key, scope):                      http.StatusOK,
		s.Token(key):                             http.StatusForbidden,
		s.Token(key, scope, clerktest.Revoked()): http.StatusUnauthorized,
		s.Token(clerktest.ForUser(ada.ID)):       http.StatusUnauthorized, // a session
	} {
		r := httptest.NewRequest(http.MethodGet, "/report", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		if status, reason := s.statusOf(r); status != want {
			t.Errorf("%d %s, want %d", status, reason, want)
		}
	}
}

func TestClerkIsDown(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	s.SignIn(r, s.CreateUser(users.CreateUserParams{}).ID)

	s.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable}) // of every operation, until ClearFaults
	if status, _ := s.statusOf(r); status != http.StatusServiceUnavailable {
		t.Errorf("without the signing keys: %d", status)
	}
}

func TestCallIsRefused(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	s.SignIn(r, s.CreateUser(users.CreateUserParams{}).ID)

	s.Handlers().GetUser = func(context.Context, string) (*api.User, error) {
		return nil, &clerk.Error{StatusCode: http.StatusForbidden}
	}
	if status, _ := s.statusOf(r); status != http.StatusBadGateway {
		t.Errorf("%d, want the service's own response", status)
	}
}

func TestTokensExpire(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	s := suiteOf(t, instance, auth.WithClock(instance.Now))
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	s.SignIn(r, s.CreateUser(users.CreateUserParams{}).ID)
	if status, reason := s.statusOf(r); status != http.StatusOK {
		t.Errorf("at once: %d %s", status, reason)
	}

	s.Advance(66 * time.Second) // tokens live for a minute, and clocks may differ by 5 s
	if status, _ := s.statusOf(r); status != http.StatusUnauthorized {
		t.Errorf("after 66 s: %d", status)
	}
}

func TestNewUsersAreWelcomed(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t)
	receiver, err := webhooks.New(instance.WebhookSecret())
	if err != nil {
		t.Fatal(err)
	}
	welcomed := make(chan string, 1)
	handler := receiver.Handler(webhooks.Handlers{
		UserCreated: func(_ context.Context, _ *webhooks.Event, user *api.User) error {
			welcomed <- user.ID
			return nil
		},
	})

	server := httptest.NewServer(handler)
	defer server.Close()
	instance.Deliver(server.URL)
	ada := instance.CreateUser(users.CreateUserParams{})
	if err := instance.Flush(t.Context()); err != nil { // every delivery is over
		t.Fatal(err)
	}
	if id := <-welcomed; id != ada.ID {
		t.Errorf("welcomed %s, want %s", id, ada.ID)
	}
}

func TestSignInInABrowser(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t, clerktest.WithPages())
	s := suiteOf(t, instance, auth.WithSignInRedirect(),
		auth.WithProxyURL(instance.URL()+"/__clerk"), auth.WithSignInURL(instance.URL()+"/__clerk/sign-in"))
	server := httptest.NewServer(s.service)
	defer server.Close()
	ada, browser := s.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")}), newBrowser(t)

	page, _ := browser.get(t, server.URL+"/me") // led to the sign-in page
	if !strings.HasPrefix(page.String(), instance.URL()+"/__clerk/sign-in") {
		t.Fatalf("a guest came to %s", page)
	}
	page, text := browser.post(t, page.String(), url.Values{"user_id": {ada.ID}}) // and back
	if page.String() != server.URL+"/me" || text != "Ada" {
		t.Errorf("after the sign-in: %s %q", page, text)
	}
}

// browser keeps cookies, follows redirects and says that it loads pages.
type browser struct{ *http.Client }

func newBrowser(t *testing.T) browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{&http.Client{Jar: jar}}
}

func (b browser) get(t *testing.T, page string) (at *url.URL, text string) {
	t.Helper()
	return b.load(t, http.MethodGet, page, "")
}

func (b browser) post(t *testing.T, page string, form url.Values) (at *url.URL, text string) {
	t.Helper()
	return b.load(t, http.MethodPost, page, form.Encode())
}

func (b browser) load(t *testing.T, method, page, form string) (at *url.URL, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, page, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.Request.URL, string(body)
}

func TestTwoInstancesAtOnce(t *testing.T) {
	t.Parallel()
	ours, theirs := newSuite(t), newSuite(t)
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	theirs.SignIn(r, theirs.CreateUser(users.CreateUserParams{}).ID)
	if status, reason := ours.statusOf(r); status != http.StatusUnauthorized || reason != string(auth.ReasonJWKKidMismatch) {
		t.Errorf("a token of another instance: %d %s", status, reason)
	}
	if status, _ := theirs.statusOf(r); status != http.StatusOK {
		t.Errorf("at home: %d", status)
	}
}
