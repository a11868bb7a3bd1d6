package keyset

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestStaleKeysServeUpToTheirBound(t *testing.T) {
	t.Parallel()
	for _, bound := range []time.Duration{0, lifetime, time.Hour, maxStale} {
		t.Run(fmt.Sprint(bound), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s, e := newTestSet(Config{MaxStale: bound}, "a")
				wantKey(t, s, "a")
				e.fail(errDown)
				time.Sleep(lifetime - time.Second)
				wantKey(t, s, "a")
				if bound > lifetime {
					time.Sleep(bound - lifetime)
					wantKey(t, s, "a")
					wantError(t, s, "unknown", errDown)
				}
				time.Sleep(time.Second)
				wantError(t, s, "a", errDown)
			})
		})
	}
}

func TestNotedIsWhatServesInAnOutage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var noted []string
		s, e := newTestSet(Config{MaxStale: maxStale, Noted: func(_ context.Context, err error, age time.Duration, serves bool) {
			noted = append(noted, fmt.Sprint(err, age, serves))
		}}, "a")
		e.fail(errDown)
		wantError(t, s, "a", errDown)
		time.Sleep(firstBackOff)
		e.serve("a")
		wantKey(t, s, "a")
		wantKey(t, s, "a") // fresh
		e.fail(errDown)
		time.Sleep(lifetime)
		wantKey(t, s, "a")
		wantError(t, s, "unknown", errDown)
		s.Warm(t.Context())
		time.Sleep(maxStale)
		wantError(t, s, "a", errDown)
		want := fmt.Sprint([]string{"down 0s false", "<nil> 0s false", "down 5m0s true", "down 0s false", "down 5m0s true", "down 0s false"})
		if got := fmt.Sprint(noted); got != want {
			t.Errorf("noted was %v,\nwant %v", got, want)
		}
	})
}

func TestFailedFetchesBackOff(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale}, "a")
		e.fail(errDown)
		wantError(t, s, "a", errDown)
		for i, seconds := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
			time.Sleep(seconds*time.Second - 1)
			wantError(t, s, "a", errDown)
			wantFetches(t, e, i+1)
			time.Sleep(time.Nanosecond)
			wantError(t, s, "a", errDown)
			wantFetches(t, e, i+2)
		}
		e.serve("a")
		time.Sleep(maxBackOff)
		wantKey(t, s, "a")
		e.fail(errDown)
		time.Sleep(lifetime)
		wantKey(t, s, "a")
		fetches := e.fetches
		// After a success, the next failure counts as the first.
		time.Sleep(firstBackOff)
		wantKey(t, s, "a")
		wantFetches(t, e, fetches+1)
	})
}

func TestClockSetBackFetchesAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		var shift time.Duration
		s.config.Now = func() time.Time { return time.Now().Add(shift) }
		wantKey(t, s, "a")
		shift = -time.Hour
		wantKey(t, s, "a")
		wantKey(t, s, "a")
		wantFetches(t, e, 2)
	})
}

func TestHangingEndpointCostsOneTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale}, "a")
		wantKey(t, s, "a")
		e.hang()
		time.Sleep(lifetime)
		took := func() time.Duration {
			began := time.Now()
			wantKey(t, s, "a")
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
	})
}

// An endpoint that hangs for an hour costs requests with a known key next to nothing.
func TestKeyEndpointThatHangsForAnHour(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale}, "a")
		wantKey(t, s, "a")
		e.hang()
		time.Sleep(lifetime)
		var waited time.Duration
		for range 100 {
			began := time.Now()
			wantKey(t, s, "a")
			waited += time.Since(began)
			time.Sleep(36 * time.Second)
		}
		if waited > fetchTimeout+99*stalePatience {
			t.Errorf("100 requests waited %v", waited)
		}
	})
}

// Without a key that can serve, only the client's own limits end a fetch.
func TestFirstFetchMayTakeItsTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale})
		e.respond = func(ctx context.Context) (map[string]Key, error) {
			if deadline, bounded := ctx.Deadline(); bounded {
				t.Errorf("the fetch must end at %v", deadline)
			}
			time.Sleep(time.Minute)
			return keys("a"), nil
		}
		wantKey(t, s, "a")
	})
}

func TestCallersThatGiveUpDoNotEndTheFetch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale})
		e.respond = func(ctx context.Context) (map[string]Key, error) {
			select {
			case <-time.After(50 * time.Millisecond):
				return keys("a"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		for range 2 {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			_, _, err := s.Key(ctx, "a")
			cancel()
			if !errors.Is(err, ErrGaveUp) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error is %v, want context.DeadlineExceeded", err)
			}
		}
		wantKey(t, s, "a")
		wantFetches(t, e, 1)
	})
}

func TestWaitingRequestsAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{})
		e.hang()
		ended := make(chan error, 2*maxWaiting)
		for range maxWaiting + 10 {
			go func() {
				_, _, err := s.Key(context.Background(), "a")
				ended <- err
			}()
		}
		synctest.Wait()
		if n := len(ended); n != 10 {
			t.Errorf("%d requests were refused at once, want 10", n)
		}
		for len(ended) > 0 {
			if err := <-ended; !errors.Is(err, ErrTooManyWaiting) {
				t.Fatalf("error is %v, want ErrTooManyWaiting", err)
			}
		}
		time.Sleep(clientLimit)
		synctest.Wait()
		if n := len(ended); n != maxWaiting {
			t.Errorf("%d requests ended, want all %d", n, maxWaiting)
		}
		if n := s.waiting.Load(); n != 0 {
			t.Errorf("%d requests still count as waiting", n)
		}
	})
}

// A fetch runs in a goroutine of its own, where no server recovers a panic.
func TestFetchThatPanicsIsAnOutage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		e.respond = func(context.Context) (map[string]Key, error) { panic("a broken transport") }
		if _, _, err := s.Key(t.Context(), "a"); err == nil || errors.Is(err, ErrGaveUp) || errors.Is(err, ErrUnknownKey) {
			t.Errorf("error is %v", err)
		}
		time.Sleep(firstBackOff)
		e.serve("a")
		wantKey(t, s, "a")
	})
}
