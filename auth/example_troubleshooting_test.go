package auth_test

import (
	"bytes"
	"errors"
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
	name string // "" for none
}

func (k keeping) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		if c.Name == k.name {
			k.CookieJar.SetCookies(u, []*http.Cookie{c})
		}
	}
}

// A browser that keeps no session is redirected three times, and one that does not even keep
// the count until it stops by itself.
func TestTroubleshootingOfLoops(t *testing.T) {
	t.Parallel()
	instance := clerktest.New(t, clerktest.WithPages())
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()), auth.WithProxyURL(instance.URL()+"/__clerk"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(authn.Require()(served))
	defer server.Close()
	for name, loops := range map[string]bool{"__clerk_redirect_count": false, "": true} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		gaveUp := errors.New("too many redirects")
		browser := http.Client{Jar: keeping{jar, name}, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 20 {
				return gaveUp
			}
			return nil
		}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "text/html")
		response, err := browser.Do(r)
		if loops {
			if !errors.Is(err, gaveUp) {
				t.Errorf("a browser without cookies: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if reason := response.Header.Get("X-Clerk-Auth-Reason"); response.StatusCode != http.StatusUnauthorized || reason != "dev-browser-missing" {
			t.Errorf("a browser that keeps %q: %d %q", name, response.StatusCode, reason)
		}
	}
}
