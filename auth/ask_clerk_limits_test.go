package auth

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// While Clerk limits the rate, a kind of calls is paused, and who cannot wait so long is
// told when to come back.
func TestRateLimitOfClerkPausesCalls(t *testing.T) {
	eachKind(t, func(t *testing.T, kind asking) {
		var calls atomic.Int32
		retryAfter := "1"
		a := throughTransport(t, answerFunc(func(*http.Request) (*http.Response, error) {
			calls.Add(1)
			return respondWith(http.StatusTooManyRequests, nil, retryAfter), nil
		}))
		s := stateOf(t, a, newRequest(t, "/", kind.request(1)))
		if calls.Load() != 1 || !errors.Is(s.Err(), clerk.ErrRateLimited) {
			t.Errorf("one request made %d calls, err %v", calls.Load(), s.Err())
		}
		begin := time.Now()
		retryAfter = "90"
		stateOf(t, a, newRequest(t, "/", kind.request(2)))
		if calls.Load() != 2 || time.Since(begin) != time.Second {
			t.Errorf("the next one made %d calls after %v", calls.Load()-1, time.Since(begin))
		}
		time.Sleep(1500 * time.Millisecond)
		checkUnavailable(t, a, newRequest(t, "/", kind.request(3)), ErrVerificationUnavailable, kind.reason, "59")
		if calls.Load() != 2 {
			t.Errorf("%d calls during the pause", calls.Load()-2)
		}
	})
}

// Only refusals slow calls down: after an outage everybody is served at once.
func TestOutageDoesNotSlowCallsDown(t *testing.T) {
	eachKind(t, func(t *testing.T, kind asking) {
		a := throughTransport(t, answerFunc(func(*http.Request) (*http.Response, error) { panic("lost") }))
		begin := time.Now()
		for i := range 50 {
			if s := stateOf(t, a, newRequest(t, "/", kind.request(i))); !errors.Is(s.Err(), ErrVerificationUnavailable) {
				t.Errorf("state is %v, err %v", s, s.Err())
			}
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("50 requests took %v", took)
		}
	})
}

// What a flood takes away from one kind of calls it takes from no other.
func TestOwnLimitIsNoSignOut(t *testing.T) {
	t.Parallel()
	kinds := askingRequests(t)
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var full atomic.Bool
				a := throughTransport(t, answerFunc(func(r *http.Request) (*http.Response, error) {
					if full.Load() {
						return respondWith(http.StatusNotFound, nil, ""), nil
					}
					<-r.Context().Done()
					return nil, r.Context().Err()
				}))
				for i := range 32 {
					go a.Authenticate(newRequest(t, "/", kind.request(100+i)))
				}
				synctest.Wait()
				for i := range 1024 {
					go a.Authenticate(newRequest(t, "/", kind.request(200+i)))
				}
				synctest.Wait()
				full.Store(true)
				begin := time.Now()
				checkUnavailable(t, a, newRequest(t, "/", kind.request(1)), ErrVerificationUnavailable, kind.reason, "1")
				if what, after := outcomeOf(stateOf(t, a, newRequest(t, "/", kind.request(1))).Err()); what != ownLimit || after != time.Second {
					t.Errorf("the outcome is %d, to be tried again after %v", what, after)
				}
				if time.Since(begin) != 0 {
					t.Errorf("it was held for %v", time.Since(begin))
				}
				if name == "refresh" {
					s := stateOf(t, a, newRequest(t, "/", kind.request(1), asPageLoad))
					if s.Status != StatusHandshake || s.Reason != kind.reason || s.Err() != nil {
						t.Errorf("a page load: state is %v, err %v", s, s.Err())
					}
				}
				for other, kind := range kinds {
					if other != name {
						if s := stateOf(t, a, newRequest(t, "/", kind.request(1))); s.Err() != nil {
							t.Errorf("%s: err %v", other, s.Err())
						}
					}
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// A client with a shorter limit keeps it.
func TestCallsEndAtTheShorterLimit(t *testing.T) {
	for name, test := range map[string]struct {
		options []clerk.Option
		limit   time.Duration // 0: that of the kind
	}{
		"usual":         {},
		"short call":    {[]clerk.Option{clerk.WithTimeout(700 * time.Millisecond)}, 700 * time.Millisecond},
		"short attempt": {[]clerk.Option{clerk.WithAttemptTimeout(800 * time.Millisecond)}, 800 * time.Millisecond},
		"long limits":   {[]clerk.Option{clerk.WithTimeout(time.Hour), clerk.WithAttemptTimeout(time.Hour)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			eachKind(t, func(t *testing.T, kind asking) {
				a := throughTransport(t, answerFunc(func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}), test.options...)
				want := test.limit
				if want == 0 {
					want = kind.timeout
				}
				begin := time.Now()
				s := stateOf(t, a, newRequest(t, "/", kind.request(1)))
				if took := time.Since(begin); took != want || !errors.Is(s.Err(), ErrVerificationUnavailable) {
					t.Errorf("after %v, want %v: err %v", took, want, s.Err())
				}
			})
		})
	}
}
