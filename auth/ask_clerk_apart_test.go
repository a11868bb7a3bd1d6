package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

type refusingLimiter struct{}

func (refusingLimiter) Wait(context.Context) error { return errors.New("nothing may start") }

// A client that waits for its rate limit holds back nobody who signs in, and who signs in
// holds back no call of the program.
func TestCallsOfStrangersTakeNoPartInTheRateLimitsOfTheClient(t *testing.T) {
	t.Parallel()
	kinds := askingRequests(t)
	token := mint(t)
	kinds["keys"] = asking{request: func(int) requestOption { return withBearer(token) }}
	limits := map[string][]clerk.Option{
		"gate":       nil,
		"rate limit": {clerk.WithRateLimit(1, time.Hour)},
		"limiter":    {clerk.WithLimiter(refusingLimiter{})},
	}
	for name, kind := range kinds {
		for limit, options := range limits {
			t.Run(name+"/"+limit, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var calls atomic.Int32
					client := newClient(t, "sk_live_x", append(options, clerk.WithTransport(answerFunc(func(r *http.Request) (*http.Response, error) {
						if !strings.Contains(r.URL.Path, "/users/") {
							calls.Add(1)
						}
						return respondWith(http.StatusTooManyRequests, nil, "10"), nil
					})))...)
					settings := []Option{WithPublishableKey(liveKey), WithClock(testClock), everyType()}
					if name != "keys" {
						settings = append(settings, WithJWTKey(testPEM(t)))
					}
					a, err := New(client, settings...)
					if err != nil {
						t.Fatal(err)
					}
					begin := time.Now()
					if limit == "gate" {
						stateOf(t, a, newRequest(t, "/", kind.request(0)))
						if _, err := users.GetUser(t.Context(), client, "user_1", clerk.WithMaxRetries(0)); !errors.Is(err, clerk.ErrRateLimited) || time.Since(begin) != 0 {
							t.Errorf("after a 429 to a stranger's call: waited %v: %v", time.Since(begin), err)
						}
						calls.Store(0)
						if a, err = New(client, settings...); err != nil {
							t.Fatal(err)
						}
					} else {
						_, _ = users.GetUser(t.Context(), client, "user_1", clerk.WithMaxRetries(0)) // uses up the limit
					}
					stateOf(t, a, newRequest(t, "/", kind.request(1)))
					if calls.Load() != 1 || time.Since(begin) != 0 {
						t.Errorf("%d calls after %v while the client's calls wait", calls.Load(), time.Since(begin))
					}
					time.Sleep(time.Minute)
				})
			})
		}
	}
}
