package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// failures returns the ways in which the endpoint can fail.
func failures(t *testing.T) map[string]http.HandlerFunc {
	t.Helper()
	elsewhere := httptest.NewServer(respondWithKeys(jwk(testKeyID, &testKey().PublicKey)))
	t.Cleanup(elsewhere.Close)
	return map[string]http.HandlerFunc{
		"500":             respond(http.StatusInternalServerError, "application/json", `{"errors":[]}`),
		"429":             respond(http.StatusTooManyRequests, "text/plain", ""),
		"403":             respond(http.StatusForbidden, "application/json", `{"errors":[{"code":"x"}]}`),
		"HTML":            respond(http.StatusOK, "text/html", "<html>maintenance</html>"),
		"empty body":      respond(http.StatusOK, "application/json", ""),
		"null":            respond(http.StatusOK, "application/json", "null"),
		"no keys":         respond(http.StatusOK, "application/json", `{}`),
		"empty keys":      respondWithKeys(),
		"keys not a list": respond(http.StatusOK, "application/json", `{"keys":{"kid":"x"}}`),
		"cut off":         respond(http.StatusOK, "application/json", `{"keys":[{"kid":"x"`),
		"an error":        respond(http.StatusOK, "application/json", `{"errors":[{"code":"x"}]}`),
		"too much":        respond(http.StatusOK, "application/json", `{"keys":[{"x":"`+strings.Repeat("a", maxKeySetDocument)+`"}]}`),
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			chunk := []byte(strings.Repeat(" ", 64<<10))
			for {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		},
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/jwks", http.StatusFound)
		},
		"a lost connection": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a slow drip": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write([]byte(" ")); err != nil {
					return
				}
				http.NewResponseController(w).Flush()
				time.Sleep(5 * time.Millisecond)
			}
		},
	}
}

func TestKeyEndpointFailures(t *testing.T) {
	t.Parallel()
	for name, failure := range failures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			keys := *srv.handler.Load()
			srv.handle(failure)
			k := srv.keySet(t, clock.now)
			k.timeout = 300 * time.Millisecond
			for range 3 {
				_, err := k.key(t.Context(), testKeyID)
				if !errors.Is(err, ErrKeysUnavailable) || errors.Is(err, ErrSecretKey) {
					t.Errorf("cold: error is %v, want ErrKeysUnavailable", err)
				}
				if _, isToken := errors.AsType[*TokenError](err); isToken {
					t.Errorf("cold: the outage looks like a bad token: %v", err)
				}
			}
			srv.wantFetches(t, 1)
			clock.pass(firstBackOff)
			srv.handle(keys)
			wantKey(t, k, testKeyID)
			srv.wantFetches(t, 2)

			srv.handle(failure)
			clock.pass(keyLifetime)
			for range 20 {
				wantKey(t, k, testKeyID)
			}
			srv.wantFetches(t, 3)
			_, err := k.key(t.Context(), "ins_unknown")
			if !errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("unknown: error is %v, want ErrKeysUnavailable", err)
			}
			srv.wantFetches(t, 3)
		})
	}
}

func TestOutageNamesItsCause(t *testing.T) {
	t.Parallel()
	k := newKeySet(nil, testClock)
	cause := errors.New("no route to host")
	k.fetch = func(context.Context) (map[string]verificationKey, error) { return nil, keysUnavailable(cause) }
	_, err := k.key(t.Context(), testKeyID)
	if !errors.Is(err, ErrKeysUnavailable) || !errors.Is(err, cause) {
		t.Errorf("error is %v, want ErrKeysUnavailable with its cause", err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error has several lines: %q", err)
	}
}

func TestStaleKeysServeUpToTheirBound(t *testing.T) {
	t.Parallel()
	for _, bound := range []time.Duration{0, keyLifetime, time.Hour, defaultMaxStale} {
		t.Run(fmt.Sprint(bound), func(t *testing.T) {
			t.Parallel()
			srv, clock := newJWKSServer(t), newClock()
			k := srv.keySet(t, clock.now)
			k.maxStale = bound
			wantKey(t, k, testKeyID)
			srv.handle(respond(http.StatusBadGateway, "text/plain", ""))
			clock.pass(keyLifetime - time.Second)
			wantKey(t, k, testKeyID)
			if bound > keyLifetime {
				clock.pass(bound - keyLifetime)
				wantKey(t, k, testKeyID)
			}
			clock.pass(time.Second)
			if _, err := k.key(t.Context(), testKeyID); !errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("error is %v, want ErrKeysUnavailable", err)
			}
		})
	}
}

func TestFailedFetchesBackOff(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	srv.handle(respond(http.StatusServiceUnavailable, "text/plain", ""))
	wantUnavailable := func() {
		t.Helper()
		if _, err := k.key(t.Context(), testKeyID); !errors.Is(err, ErrKeysUnavailable) {
			t.Errorf("error is %v, want ErrKeysUnavailable", err)
		}
	}
	wantUnavailable()
	for i, seconds := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
		clock.pass(seconds*time.Second - 1)
		wantUnavailable()
		srv.wantFetches(t, int64(i)+1)
		clock.pass(1)
		wantUnavailable()
		srv.wantFetches(t, int64(i)+2)
	}
	srv.handle(respondWithKeys(jwk(testKeyID, &testKey().PublicKey)))
	clock.pass(maxBackOff)
	wantKey(t, k, testKeyID)
	srv.handle(respond(http.StatusServiceUnavailable, "text/plain", ""))
	clock.pass(keyLifetime)
	wantKey(t, k, testKeyID)
	fetches := srv.fetches.Load()
	// After a success, the next failure counts as the first.
	clock.pass(firstBackOff)
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, fetches+1)
}

func TestClockSetBackFetchesAgain(t *testing.T) {
	t.Parallel()
	srv, clock := newJWKSServer(t), newClock()
	k := srv.keySet(t, clock.now)
	wantKey(t, k, testKeyID)
	clock.pass(-time.Hour)
	wantKey(t, k, testKeyID)
	wantKey(t, k, testKeyID)
	srv.wantFetches(t, 2)
}

// clientLimit is the default limit of a client for one attempt.
const clientLimit = 10 * time.Second

// hang is a fetch that lasts until its context ends or the client stops waiting.
func hang(ctx context.Context) (map[string]verificationKey, error) {
	ctx, cancel := context.WithTimeout(ctx, clientLimit)
	defer cancel()
	<-ctx.Done()
	return nil, keysUnavailable(ctx.Err())
}

func TestHangingEndpointCostsOneTimeout(t *testing.T) {
	t.Parallel()
	testKey() // parsed outside the bubble, whose clock stands still meanwhile
	synctest.Test(t, func(t *testing.T) {
		k := newKeySet(nil, time.Now)
		k.draw = longest
		fetch := func(context.Context) (map[string]verificationKey, error) { return testKeys(), nil }
		k.fetch = func(ctx context.Context) (map[string]verificationKey, error) { return fetch(ctx) }
		wantKey(t, k, testKeyID)
		fetch = hang
		time.Sleep(keyLifetime)
		took := func() time.Duration {
			began := time.Now()
			wantKey(t, k, testKeyID)
			return time.Since(began)
		}
		if d := took(); d != fetchTimeout {
			t.Errorf("the first request waited %v, want %v", d, fetchTimeout)
		}
		if d := took(); d != 0 {
			t.Errorf("the second request waited %v, want not at all", d)
		}
		time.Sleep(firstBackOff)
		if d := took(); d != stalePatience {
			t.Errorf("with the endpoint known to fail a request waited %v, want %v", d, stalePatience)
		}
		time.Sleep(fetchTimeout) // the fetch begun last must end in the bubble
	})
}

func TestCallersThatGiveUpDoNotEndTheFetch(t *testing.T) {
	t.Parallel()
	testKey()
	synctest.Test(t, func(t *testing.T) {
		k := newKeySet(nil, time.Now)
		fetches := 0
		k.fetch = func(ctx context.Context) (map[string]verificationKey, error) {
			fetches++
			select {
			case <-time.After(50 * time.Millisecond):
				return testKeys(), nil
			case <-ctx.Done():
				return hang(ctx)
			}
		}
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			_, err := k.key(ctx, testKeyID)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("error is %v, want context.DeadlineExceeded", err)
			}
		}
		wantKey(t, k, testKeyID)
		if fetches != 1 {
			t.Errorf("the keys were fetched %d times, want once", fetches)
		}
	})
}

func TestWaitingRequestsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := newKeySet(nil, time.Now)
		k.fetch = hang
		refused := make(chan error, 2*maxWaiting)
		for range maxWaiting + 10 {
			go func() {
				_, err := k.key(context.Background(), testKeyID)
				refused <- err
			}()
		}
		synctest.Wait()
		if n := len(refused); n != 10 {
			t.Errorf("%d requests were refused at once, want 10", n)
		}
		time.Sleep(clientLimit)
		synctest.Wait()
		if n := len(refused); n != maxWaiting+10 {
			t.Errorf("%d requests ended, want all %d", n, maxWaiting+10)
		}
		for len(refused) > 0 {
			if err := <-refused; !errors.Is(err, ErrKeysUnavailable) {
				t.Fatalf("error is %v, want ErrKeysUnavailable", err)
			}
		}
		if n := k.waiting.Load(); n != 0 {
			t.Errorf("%d requests still count as waiting", n)
		}
	})
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The keys are fetched in a goroutine of their own, where no server recovers a panic:
// a transport that panics while Clerk is unreachable must not end the process.
func TestTransportThatPanicsIsAnOutage(t *testing.T) {
	t.Parallel()
	broken := true
	transport := transportFunc(func(r *http.Request) (*http.Response, error) {
		if broken {
			var resp *http.Response
			return resp, errors.New(resp.Status) // like a wrapper that does not check the error
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
