package table

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// A request is a row of the table.
type request struct {
	name string
	send func(*testing.T)
}

func (w *world) requests() []request {
	var all []request
	for _, call := range w.calls() {
		all = append(all, request{call.name, call.of(w)})
	}
	return append(all,
		request{"page load", w.pageLoad},
		request{"keys out of reach", w.keysOutOfReach},
		request{"parallel callers", w.parallelCallers},
		request{"panic", w.panics},
		request{"canceled", w.canceled},
		request{"preflight", w.preflight},
		request{"refusal, CORS", w.refusedAcrossOrigins})
}

// A call is a request of user_1, whom the endpoint takes or refuses.
type call struct {
	name    string
	path    string
	prepare func(*http.Request)
	status  int    // 200 unless refused
	code    string // of the refusal
	reason  auth.Reason
}

func (w *world) calls() []call {
	session := func(opts ...clerktest.TokenOption) func(*http.Request) {
		return Bearer(w.instance.Token(append(opts, clerktest.ForUser("user_1"))...))
	}
	key := func(scopes ...string) func(*http.Request) {
		return Bearer(w.instance.Token(clerktest.ForAPIKey("user_1"), clerktest.WithScopes(scopes...)))
	}
	role := func(role string) func(*http.Request) {
		return session(clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: role}))
	}
	nothing := func(*http.Request) {}
	const denied, forbidden = "unauthenticated", "forbidden"
	return []call{
		{"guest", "/me", nothing, 401, denied, auth.ReasonDevBrowserMissing},
		{"bad token", "/me", Bearer("x"), 401, denied, auth.ReasonTokenInvalid},
		{"forged token", "/me", session(clerktest.SignedByStranger()), 401, denied, auth.ReasonTokenInvalidSignature},
		{"expired token", "/me", session(clerktest.Expired()), 401, denied, "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		{"pending session", "/me", session(clerktest.Pending()), 401, denied, auth.ReasonSessionPending},
		{"bearer", "/me", session(), 200, "", ""},
		{"cookies", "/me", func(r *http.Request) { w.instance.SignInCookies(r, "user_1") }, 200, "", ""},
		{"without the role", "/admin", role("org:member"), 403, forbidden, ""},
		{"with the role", "/admin", role("org:admin"), 200, "", ""},
		{"role, guest", "/admin", nothing, 401, denied, auth.ReasonDevBrowserMissing},
		{"API key, not accepted", "/me", key("reports:read"), 401, denied, auth.ReasonTokenTypeMismatch},
		{"API key", "/reports", key("reports:read"), 200, "", ""},
		{"API key, another scope", "/reports", key("reports:write"), 403, forbidden, ""},
		{"session or API key", "/reports", session(), 200, "", ""},
	}
}

// of sends the call, and checks the response and how often the App was called.
func (c call) of(w *world) func(*testing.T) {
	return func(t *testing.T) {
		before := w.app.calls.Load()
		resp, body := Send(t, still, http.MethodGet, w.origin+c.path, c.prepare)
		calls := w.app.calls.Load() - before
		if c.status != http.StatusOK {
			checkRefusal(t, resp, body, c)
			if calls != 0 {
				t.Errorf("the App was called %d times for a caller who is refused", calls)
			}
			return
		}
		if resp.StatusCode != http.StatusOK || body != "user_1" || calls != 1 {
			t.Errorf("status %d, body %q; the App was called %d times", resp.StatusCode, body, calls)
		}
		checkVary(t, resp, "Authorization", "Cookie")
	}
}

func checkRefusal(t *testing.T, resp *http.Response, body string, want call) {
	t.Helper()
	var refusal struct {
		Errors []struct {
			Code string
			Meta struct{ Reason auth.Reason }
		}
	}
	if err := json.Unmarshal([]byte(body), &refusal); err != nil || len(refusal.Errors) != 1 {
		t.Fatalf("status %d, the body of the refusal is %q", resp.StatusCode, body)
	}
	if got := refusal.Errors[0]; resp.StatusCode != want.status || got.Code != want.code || got.Meta.Reason != want.reason {
		t.Errorf("status %d, body %s; want %d %s, reason %q", resp.StatusCode, body, want.status, want.code, want.reason)
	}
	for name, want := range map[string]string{
		"Content-Type":        "application/json",
		"Cache-Control":       "no-store",
		"X-Clerk-Auth-Reason": string(want.reason),
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if challenged := strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer"); want.status == http.StatusUnauthorized && !challenged {
		t.Errorf("a 401 without a challenge, %v", resp.Header)
	}
	checkVary(t, resp, "Authorization", "Cookie")
}

// checkVary checks that the response depends on the fields, in one line or several.
func checkVary(t *testing.T, resp *http.Response, fields ...string) {
	t.Helper()
	got := strings.ToLower(strings.Join(resp.Header.Values("Vary"), ", "))
	for _, field := range fields {
		if !strings.Contains(got, strings.ToLower(field)) {
			t.Errorf("Vary is %q, without %s", resp.Header.Values("Vary"), field)
		}
	}
}
