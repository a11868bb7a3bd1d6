package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/clerk"
)

// answerFunc is a Backend API that is called without a network.
type answerFunc func(*http.Request) (*http.Response, error)

func (f answerFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// throughTransport returns an Authenticator that has its key and calls Clerk through rt,
// with the client's usual retries.
func throughTransport(tb testing.TB, rt http.RoundTripper, opts ...clerk.Option) *Authenticator {
	tb.Helper()
	client := newClient(tb, "sk_live_x", append(opts, clerk.WithTransport(rt))...)
	a, err := New(client, WithJWTKey(testPEM(tb)), WithPublishableKey(liveKey), WithClock(testClock), everyType())
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// asking makes a request that needs a call to Clerk, another one for each number.
type asking struct {
	request func(i int) requestOption
	reason  Reason        // if Clerk is out of reach
	timeout time.Duration // of the call
}

func askingRequests(tb testing.TB) map[string]asking {
	return map[string]asking{
		"refresh": {browsers(tb), "session-token-expired-refresh-fetch-error", 3 * time.Second},
		"nonce":   {junkNonce, ReasonSessionTokenMissing, 3 * time.Second},
		"opaque":  {junkKey, ReasonUnexpectedError, 5 * time.Second},
	}
}

// eachKind runs test for each kind of calls where time is simulated.
func eachKind(t *testing.T, test func(*testing.T, asking)) {
	t.Helper()
	t.Parallel()
	for kind, request := range askingRequests(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test(t, request)
				time.Sleep(time.Minute) // until every call has ended
			})
		})
	}
}

// checkUnavailable checks that nothing is known about the caller, and that Require says
// when to try again.
func checkUnavailable(t *testing.T, a *Authenticator, r *http.Request, want error, reason Reason, retryAfter string) {
	t.Helper()
	s := stateOf(t, a, r)
	if s.Status != StatusSignedOut || s.Reason != reason || !errors.Is(s.Err(), want) {
		t.Errorf("state is %v, err %v, want %q, %v", s, s.Err(), reason, want)
	}
	resp := serve(t, a.Require(Accepts(allTokenTypes[:]...))(inspect(nil)), r)
	if got := resp.Header.Get("Retry-After"); resp.StatusCode != http.StatusServiceUnavailable || got != retryAfter {
		t.Errorf("Require responds with %d, Retry-After %q, want %q", resp.StatusCode, got, retryAfter)
	}
}

func TestOutageIsNoSignOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer     answerFunc
		want       error
		retryAfter string
	}{
		"500":                  {func(*http.Request) (*http.Response, error) { return respondWith(500, nil, ""), nil }, ErrVerificationUnavailable, ""},
		"503 for a while":      {func(*http.Request) (*http.Response, error) { return respondWith(503, nil, "7"), nil }, ErrVerificationUnavailable, "7"},
		"503 for an hour":      {func(*http.Request) (*http.Response, error) { return respondWith(503, nil, "3600"), nil }, ErrVerificationUnavailable, "60"},
		"302":                  {func(*http.Request) (*http.Response, error) { return respondWith(302, nil, ""), nil }, ErrVerificationUnavailable, ""},
		"connection lost":      {func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") }, ErrVerificationUnavailable, ""},
		"transport panics":     {func(*http.Request) (*http.Response, error) { panic("ak_junk junk r1") }, ErrVerificationUnavailable, ""},
		"does not decode":      {func(*http.Request) (*http.Response, error) { return respondWith(200, []byte("{"), ""), nil }, ErrVerificationUnavailable, ""},
		"page of a proxy":      {func(*http.Request) (*http.Response, error) { return respondWith(200, []byte("<html>"), ""), nil }, ErrVerificationUnavailable, ""},
		"secret key is bad":    {func(*http.Request) (*http.Response, error) { return respondWith(401, []byte(keyInvalid), ""), nil }, ErrSecretKey, ""},
		"429, no word of when": {func(*http.Request) (*http.Response, error) { return respondWith(429, nil, ""), nil }, ErrVerificationUnavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			eachKind(t, func(t *testing.T, kind asking) {
				var calls atomic.Int32
				a := throughTransport(t, answerFunc(func(r *http.Request) (*http.Response, error) {
					calls.Add(1)
					return test.answer(r)
				}))
				r := newRequest(t, "/", kind.request(1))
				s := stateOf(t, a, r)
				checkUnavailable(t, a, r, test.want, s.Reason, test.retryAfter)
				if calls.Load() != 3 {
					t.Errorf("three requests made %d calls", calls.Load())
				}
			})
		})
	}
}

const keyInvalid = `{"errors":[{"code":"clerk_key_invalid","message":"m"}]}`

// A call goes on for those who wait for it when the request that began it has ended.
func TestCallOutlivesItsRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimitedClerk(t, time.Second)
		a := l.authenticator(t)
		first, giveUp := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			_, err := a.AuthenticateToken(first, "ak_good", anyType)
			if !errors.Is(err, ErrVerificationUnavailable) || !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up gets %v", err)
			}
		})
		time.Sleep(100 * time.Millisecond)
		giveUp()
		time.Sleep(100 * time.Millisecond)
		for range 10 {
			all.Go(func() {
				if got, err := a.AuthenticateToken(t.Context(), "ak_good", anyType); err != nil || got.ID != "ak_id" {
					t.Errorf("who comes next gets %v, %v", got, err)
				}
			})
		}
		all.Wait()
		if calls, _ := l.count("opaque"); calls != 1 {
			t.Errorf("%d calls", calls)
		}
		if _, err := a.AuthenticateToken(t.Context(), "ak_good", anyType); err != nil {
			t.Error(err)
		}
		if calls, _ := l.count("opaque"); calls != 2 {
			t.Errorf("%d calls with one request more, though good tokens are not remembered", calls)
		}
	})
}

// A token that Clerk does not honor makes one call in ten seconds, whatever sends it.
func TestRefusedTokensAreRemembered(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		calls  int32 // of ten requests
	}{
		"unknown": {404, "", 1}, "revoked": {200, `{"id":"x","subject":"y","revoked":true}`, 1}, "expired": {200, `{"id":"x","subject":"y","expired":true}`, 1},
		"inactive": {200, `{"id":"x","subject":"y","active":false}`, 1},
		"good":     {200, goodAPIKey, 10}, "refused otherwise": {422, "", 10}, "outage": {502, "", 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var calls atomic.Int32
				a := throughTransport(t, answerFunc(func(*http.Request) (*http.Response, error) {
					calls.Add(1)
					return respondWith(test.status, []byte(test.body), ""), nil
				}))
				r := newRequest(t, "/", withBearer("oat_1"))
				first := stateOf(t, a, r)
				for range 9 {
					time.Sleep(time.Second)
					if s := stateOf(t, a, r); s.Status != first.Status || s.Reason != first.Reason || s.Message != first.Message {
						t.Errorf("state is %v, then %v", first, s)
					}
				}
				if calls.Load() != test.calls {
					t.Errorf("%d calls, want %d", calls.Load(), test.calls)
				}
				time.Sleep(time.Second)
				stateOf(t, a, r)
				if calls.Load() != test.calls+1 {
					t.Errorf("%d calls after ten seconds, want %d", calls.Load(), test.calls+1)
				}
			})
		})
	}
}

// The key endpoint's word on when to try again is handed on, too.
func TestRetryAfterOfMissingKeys(t *testing.T) {
	t.Parallel()
	b := newBackend(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "9")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	checkUnavailable(t, b.authenticator(t), newRequest(t, "/", withBearer(mint(t))), ErrKeysUnavailable, ReasonJWKRemoteFailedToLoad, "9")
	if got := retryAfter(keysUnavailable(keyset.ErrTooManyWaiting)); got != time.Second {
		t.Errorf("with too many who wait for keys: %v", got)
	}
	if got := retryAfter(fmt.Errorf("x: %w", ErrNoClient)); got != 0 {
		t.Errorf("without a client: %v", got)
	}
}
