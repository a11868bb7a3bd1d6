package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

func emulate(t *testing.T, opts ...auth.Option) (*clerktest.Instance, *auth.Authenticator) {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(`{
		"users": [{"object": "user", "id": "user_1"}],
		"jwt_templates": [{"name": "supabase", "claims": {"role": "authenticated"}}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	instance := clerktest.New(t, clerktest.WithSeed(seed))
	authn, err := auth.New(instance.Client(), append([]auth.Option{auth.WithPublishableKey(instance.PublishableKey())}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return instance, authn
}

func TestEmulatedSessionTokens(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t, auth.WithAuthorizedParties("http://app.example"))
	sign := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return func(r *http.Request) { instance.SignIn(r, "user_1", opts...) }
	}
	browser := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return func(r *http.Request) { instance.SignInCookies(r, "user_1", opts...) }
	}
	bearer := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+instance.Token(opts...)) }
	}
	for name, test := range map[string]struct {
		credentials func(*http.Request)
		status      auth.Status
		reason      auth.Reason
	}{
		"session":                {credentials: sign(), status: auth.StatusSignedIn},
		"session of version 1":   {credentials: sign(clerktest.Version1()), status: auth.StatusSignedIn},
		"session in cookies":     {credentials: browser(), status: auth.StatusSignedIn},
		"pending":                {credentials: sign(clerktest.Pending()), status: auth.StatusPending},
		"pending in cookies":     {credentials: browser(clerktest.Pending()), status: auth.StatusPending},
		"expired":                {credentials: sign(clerktest.Expired()), reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"not active yet":         {credentials: sign(clerktest.NotYetActive()), reason: auth.ReasonSessionTokenNBF},
		"signed by a stranger":   {credentials: sign(clerktest.SignedByStranger()), reason: auth.ReasonTokenInvalidSignature},
		"another party":          {credentials: sign(clerktest.WithAuthorizedParty("http://evil.example")), reason: auth.ReasonTokenInvalidAuthorizedParties},
		"template":               {credentials: sign(clerktest.FromTemplate("supabase")), reason: auth.ReasonTokenTypeMismatch},
		"machine":                {credentials: bearer(clerktest.ForMachine("mch_1")), reason: auth.ReasonTokenTypeMismatch},
		"nothing in development": {credentials: func(*http.Request) {}, reason: auth.ReasonDevBrowserMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://app.example/", nil)
			test.credentials(r)
			state, err := authn.Authenticate(r)
			if err != nil || state.Err() != nil {
				t.Fatal(err, state.Err())
			}
			if test.status == "" {
				test.status = auth.StatusSignedOut
			}
			if state.Status != test.status || state.Reason != test.reason {
				t.Errorf("state is %v, want %q, %q", state, test.status, test.reason)
			}
		})
	}
}

func TestEmulatedTemplateTokenIsNotASession(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t)
	lenient, err := auth.New(instance.Client(), auth.WithoutCookies(), auth.WithTemplateTokens())
	if err != nil {
		t.Fatal(err)
	}
	signedIn, err := authn.AuthenticateToken(t.Context(), instance.Token(clerktest.ForUser("user_1")))
	if err != nil {
		t.Fatal(err)
	}
	made, err := signedIn.GetToken(t.Context(), auth.Template("supabase"))
	if err != nil {
		t.Fatal(err)
	}
	var refused *auth.TokenError
	if _, err := authn.AuthenticateToken(t.Context(), made); !errors.As(err, &refused) || refused.Reason != auth.ReasonTokenTypeMismatch {
		t.Errorf("a template token is refused with %v", err)
	}
	own, err := lenient.AuthenticateToken(t.Context(), made)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := auth.ClaimsAs[struct{ Role string }](own)
	if err != nil || claims.Role != "authenticated" || own.UserID != "user_1" {
		t.Errorf("the template token is %v with claims %+v, %v", own, claims, err)
	}
	renewed, err := signedIn.GetToken(t.Context(), auth.ExpiresIn(60e9))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := authn.AuthenticateToken(t.Context(), renewed); err != nil || again.SessionID != signedIn.SessionID {
		t.Errorf("the new session token is %v, %v", again, err)
	}
}

func TestEmulatedCurrentUserIsSignedIn(t *testing.T) {
	t.Parallel()
	instance, authn := emulate(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	instance.SignInCookies(r, "user_1")
	authn.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		user, err := auth.CurrentUser(r.Context())
		if err != nil || user == nil || user.ID != "user_1" {
			t.Errorf("CurrentUser = %v, %v", user, err)
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
	if got := len(instance.Requests()); got != 2 {
		t.Errorf("%d requests, want one for the keys and one for the user", got)
	}
}
