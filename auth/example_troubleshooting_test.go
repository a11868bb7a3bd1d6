package auth_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// The code of docs/troubleshooting.md.
func debugRefusals(client *clerk.Client, stderr io.Writer) (*auth.Authenticator, error) {
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return auth.FromEnv(client, auth.WithLogger(logger))
}

// What docs/troubleshooting.md says about a cause is what a service with that cause does.
func TestTroubleshootingByReason(t *testing.T) {
	instance, other := clerktest.New(t), clerktest.New(t)
	ada := instance.CreateUser(users.CreateUserParams{})
	instance.CreateJWTTemplate("supabase", map[string]any{"role": "authenticated"})
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())
	var log bytes.Buffer
	authn, err := debugRefusals(instance.Client(), &log)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(other.JWTKey()))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		what            string
		authn           *auth.Authenticator
		token           string
		reason, message string
	}{
		{"a token of another instance", authn, other.Token(), "jwk-kid-mismatch", "a key that this instance does not have"},
		{"verified with another instance's key", foreign, instance.Token(), "token-invalid-signature", "does not match"},
		{"copied a while ago", authn, instance.Token(clerktest.Expired()), "session-token-expired-refresh-non-eligible-no-refresh-cookie", "ago"},
		{"a clock that is behind", authn, instance.Token(clerktest.NotYetActive()), "session-token-nbf", "so a clock may be wrong"},
		{"made from a template", authn, instance.Token(clerktest.FromTemplate("supabase")), "token-type-mismatch", "WithTemplateTokens"},
		{"a key of the instance", authn, instance.SecretKey(), "token-invalid", "a key of the instance, and not a token"},
		{"an API key", authn, instance.Token(clerktest.ForAPIKey(ada.ID)), "token-invalid", "api_key, which only WithAcceptedTokens accepts"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+test.token)
		w := respondTo(test.authn.Require()(served), r)
		reason, message := w.Header().Get("X-Clerk-Auth-Reason"), w.Header().Get("X-Clerk-Auth-Message")
		if w.Code != http.StatusUnauthorized || reason != test.reason || !strings.Contains(message, test.message) {
			t.Errorf("%s: %d %q %q, want 401 %q with %q", test.what, w.Code, reason, message, test.reason, test.message)
		}
		if test.authn == authn && !strings.Contains(log.String(), "reason="+reason) {
			t.Errorf("%s: the log is %s", test.what, &log)
		}
		log.Reset()
	}
	live, err := clerk.New("sk_live_example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := auth.New(live, auth.WithPublishableKey(instance.PublishableKey())); !errors.Is(err, auth.ErrConfiguration) {
		t.Errorf("keys of a development and a production instance: %v", err)
	}
}

// keeping is a cookie jar that keeps only some cookies.
type keeping struct {
	http.CookieJar
	keeps func(name string) bool
}

func (k keeping) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		if k.keeps(c.Name) {
			k.CookieJar.SetCookies(u, []*http.Cookie{c})
		}
	}
}

// A browser that comes back without a session is redirected three times, and one that does
// not even keep the count until it stops by itself.
func TestTroubleshootingOfLoops(t *testing.T) {
	t.Parallel()
	instance, other := clerktest.New(t, clerktest.WithPages()), clerktest.New(t)
	for _, test := range []struct {
		what   string
		client *clerk.Client
		keeps  func(name string) bool
		want   string // status and reason, or an error
	}{
		{"a browser", instance.Client(), func(string) bool { return true }, "401 session-token-and-uat-missing, 1 handshakes"},
		{"one that keeps the count alone", instance.Client(), func(name string) bool { return name == "__clerk_redirect_count" }, "401 dev-browser-missing, 3 handshakes"},
		{"one without cookies", instance.Client(), func(string) bool { return false }, "too many redirects"},
		{"a secret key of another instance", other.Client(), func(string) bool { return true }, "401 dev-browser-missing, 3 handshakes"},
	} {
		authn, err := auth.New(test.client, auth.WithPublishableKey(instance.PublishableKey()), auth.WithProxyURL(instance.URL()+"/__clerk"))
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(authn.Require()(served))
		defer server.Close()
		if got := visit(t, server.URL, test.keeps); got != test.want {
			t.Errorf("%s: %s, want %s", test.what, got, test.want)
		}
	}
}

// visit loads a page with a browser and returns what becomes of that.
func visit(t *testing.T, page string, keeps func(name string) bool) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	handshakes, gaveUp := 0, errors.New("too many redirects")
	browser := http.Client{Jar: keeping{jar, keeps}, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/v1/client/handshake") {
			handshakes++
		}
		if len(via) > 20 {
			return gaveUp
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, page, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	response, err := browser.Do(r)
	if errors.Is(err, gaveUp) {
		return gaveUp.Error()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return fmt.Sprintf("%d %s, %d handshakes", response.StatusCode, response.Header.Get("X-Clerk-Auth-Reason"), handshakes)
}
