package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
)

// A browser that sends many requests with one expired cookie is refreshed once, and each
// response has the new cookies.
func TestOneRefreshForAllRequestsOfABrowser(t *testing.T) {
	t.Parallel()
	_, credentials := expiredCookies(t)
	agent := func(name string) requestOption { return withField("User-Agent", name) }
	for name, test := range map[string]struct {
		agents []requestOption
		calls  int
	}{
		"one browser":  {[]requestOption{agent("a")}, 1},
		"two browsers": {[]requestOption{agent("a"), agent("b")}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimitedClerk(t, 60*time.Millisecond)
				a := l.authenticator(t)
				var answer refreshAnswer
				if err := json.Unmarshal(l.cookies, &answer); err != nil {
					t.Fatal(err)
				}
				h := a.Require()(inspect(func(r *http.Request) {
					if got := FromContext(r.Context()); got.UserID != testUser {
						t.Errorf("a handler sees user %q", got.UserID)
					}
				}))
				var all sync.WaitGroup
				var in atomic.Int32
				for i := range 60 {
					all.Go(func() {
						resp := serve(t, h, newRequest(t, fmt.Sprint("/", i), credentials, test.agents[i%len(test.agents)]))
						if resp.StatusCode == http.StatusOK && slices.Equal(resp.Header["Set-Cookie"], answer.Cookies) {
							in.Add(1)
						}
					})
				}
				all.Wait()
				if calls, _ := l.count("refresh"); calls != test.calls || in.Load() != 60 {
					t.Errorf("%d calls, want %d; %d of 60 signed in with new cookies", calls, test.calls, in.Load())
				}
			})
		})
	}
}

// Requests share a refresh only if Clerk would take them for the same browser's.
func TestRefreshesOfDifferentCallersAreNotShared(t *testing.T) {
	t.Parallel()
	token, credentials := expiredCookies(t)
	other, _ := expiredCookies(t, withClaim("jti", "other"))
	session, _ := expiredCookies(t, withClaim("sid", "sess_other"))
	suffix := cookieSuffix(liveKey)
	cookies := func(token, refresh string) requestOption {
		return func(r *http.Request) {
			r.Header.Del("Cookie")
			signedInCookie(token)(r)
			withCookie("__refresh_"+suffix, refresh)(r)
		}
	}
	for name, test := range map[string]struct {
		change requestOption
		calls  int
	}{
		"nothing":         {func(*http.Request) {}, 1},
		"path":            {func(r *http.Request) { r.RequestURI = "/other?x" }, 1},
		"what it loads":   {asPageLoad, 1},
		"refresh token":   {cookies(token, "r2"), 2},
		"expired token":   {cookies(other, "r1"), 2},
		"session":         {cookies(session, "r1"), 2},
		"origin":          {func(r *http.Request) { r.Host = "other.example.com" }, 2},
		"User-Agent":      {withField("User-Agent", "b"), 2},
		"X-Forwarded-For": {withField("X-Forwarded-For", "203.0.113.9"), 2},
		"suffixed cookies": {func(r *http.Request) {
			withCookie("__session_"+suffix, token)(r)
			withCookie("__client_uat_"+suffix, "1")(r)
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimitedClerk(t, 60*time.Millisecond)
				a := l.authenticator(t)
				var all sync.WaitGroup
				for _, r := range []*http.Request{newRequest(t, "/", credentials), newRequest(t, "/", credentials, test.change)} {
					all.Go(func() {
						if s := stateOf(t, a, r); s.Status != StatusSignedIn {
							t.Errorf("state is %v", s)
						}
					})
				}
				all.Wait()
				if calls, _ := l.count("refresh"); calls != test.calls {
					t.Errorf("%d calls, want %d", calls, test.calls)
				}
			})
		})
	}
}

// A refresh that an outage prevents signs nobody out, and keeps its reason. A page load has
// another way.
func TestFailedRefreshIsUndecidedOnlyInAnOutage(t *testing.T) {
	t.Parallel()
	problem := func(status int, code string) http.HandlerFunc {
		return respond(status, "application/json", `{"errors":[{"code":"`+code+`","message":"m"}]}`)
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
		err    error
	}{
		"500":              {problem(500, "unexpected_error"), "fetch-error", ErrVerificationUnavailable},
		"502":              {badGateway, "unexpected-bapi-error", ErrVerificationUnavailable},
		"429":              {problem(429, "too_many_requests"), "too_many_requests", ErrVerificationUnavailable},
		"connection lost":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "fetch-error", ErrVerificationUnavailable},
		"cut off":          {respond(200, "application/json", `{"cookies":[`), "fetch-error", ErrVerificationUnavailable},
		"page of a proxy":  {respond(200, "text/html", "<html>"), "unexpected-sdk-error", ErrVerificationUnavailable},
		"secret key":       {problem(401, "clerk_key_invalid"), "clerk_key_invalid", ErrSecretKey},
		"refused":          {problem(401, "refresh_token_expired"), "refresh_token_expired", nil},
		"unknown":          {problem(404, "resource_not_found"), "resource_not_found", nil},
		"no cookies":       {respond(200, "application/json", `{"cookies":[]}`), "unexpected-sdk-error", nil},
		"not a new token":  {respond(200, "application/json", `{"cookies":["__session=x"]}`), "invalid-session-token", nil},
		"refused, no code": {respond(422, "application/json", `{"errors":[]}`), "unexpected-bapi-error", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := refreshing(t, test.answer)
			token, credentials := expiredCookies(t)
			s := stateOf(t, a, newRequest(t, "/", credentials))
			reason := Reason("session-token-expired-refresh-" + test.want)
			if s.Status != StatusSignedOut || s.Reason != reason || !errors.Is(s.Err(), test.err) {
				t.Errorf("state is %v, err %v, want %q, %v", s, s.Err(), reason, test.err)
			}
			want := http.StatusUnauthorized
			if test.err != nil {
				want = http.StatusServiceUnavailable
			}
			if resp := serve(t, a.Require()(inspect(nil)), newRequest(t, "/", credentials, withField("User-Agent", "b"))); test.want != "too_many_requests" && resp.StatusCode != want {
				t.Errorf("Require responds with %d, want %d", resp.StatusCode, want)
			}
			checkRefreshFailed(t, stateOf(t, a, newRequest(t, "/", credentials, asPageLoad)), test.want, token)
		})
	}
}

// The new token of a refresh may be signed with a key that cannot be fetched now.
func TestRefreshedTokenWithoutItsKeyIsUndecided(t *testing.T) {
	t.Parallel()
	a, _ := refreshing(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"cookies": []string{"__session=" + mint(t)}})
	})
	a.tokens.keys = &keysOnce{keySource: a.tokens.keys}
	_, credentials := expiredCookies(t)
	s := stateOf(t, a, newRequest(t, "/", credentials))
	if s.Reason != "session-token-expired-refresh-invalid-session-token" || !errors.Is(s.Err(), ErrKeysUnavailable) {
		t.Errorf("state is %v, err %v", s, s.Err())
	}
}

// keysOnce has its keys only for the first token.
type keysOnce struct {
	keySource
	used atomic.Bool
}

func (k *keysOnce) key(ctx context.Context, kid string) (keyset.Key, time.Time, error) {
	if k.used.Swap(true) {
		return keyset.Key{}, time.Time{}, keysUnavailable(keyset.ErrSlowEndpoint)
	}
	return k.keySource.key(ctx, kid)
}
