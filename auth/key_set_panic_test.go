package auth

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The keys are fetched in a goroutine of their own, where no server recovers: a
// transport that panics while Clerk is out of reach must not end the process.
func TestTransportThatPanicsIsAnOutage(t *testing.T) {
	t.Parallel()
	broken := true
	transport := transportFunc(func(r *http.Request) (*http.Response, error) {
		if broken {
			var none *http.Response
			return none, errors.New(none.Status) // as wrappers do that look at no error
		}
		return nil, errors.New("no route")
	})
	client, err := clerk.New("sk_live_4f9c2e7d1b8a", clerk.WithTransport(transport), clerk.WithBaseURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	clock := testClock()
	a, err := New(client, WithPublishableKey(liveKey), WithClock(func() time.Time { return clock }))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := a.VerifyToken(t.Context(), mint(t)); !errors.Is(err, ErrKeysUnavailable) {
			t.Errorf("broken %t: %v", broken, err)
		}
		// The next fetch does not wait for the first.
		broken, clock = false, clock.Add(time.Minute)
	}
}
