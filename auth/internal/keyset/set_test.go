package keyset

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestKeysAreFetchedOnceInTheirLifetime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		for range 100 {
			wantKey(t, s, "a")
		}
		time.Sleep(lifetime - time.Second)
		wantKey(t, s, "a")
		wantFetches(t, e, 1)
		time.Sleep(time.Second)
		wantKey(t, s, "a")
		wantKey(t, s, "a")
		wantFetches(t, e, 2)
	})
}

func TestLifetimeIsDrawn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		s.config.Draw = func(time.Duration) time.Duration { return 0 }
		wantKey(t, s, "a")
		time.Sleep(lifetime / 2)
		wantKey(t, s, "a")
		wantFetches(t, e, 2)
	})
}

// The time is returned where it was just read, so that the caller need not read it again.
func TestFreshKeyComesWithTheTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, _ := newTestSet(Config{}, "a")
		if _, now, _ := s.Key(t.Context(), "a"); !now.IsZero() {
			t.Errorf("after a fetch the time is %v, want none", now)
		}
		if _, now, _ := s.Key(t.Context(), "a"); !now.Equal(time.Now()) {
			t.Errorf("the time is %v, want %v", now, time.Now())
		}
	})
}

func TestColdRequestsShareOneFetch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		e.respond = func(context.Context) (map[string]Key, error) {
			time.Sleep(time.Second)
			return keys("a"), nil
		}
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { wantKey(t, s, "a") })
		}
		synctest.Wait()
		if n := s.waiting.Load(); n != 50 {
			t.Errorf("%d requests wait, want 50", n)
		}
		wg.Wait()
		wantFetches(t, e, 1)
	})
}

func TestUnknownKeyIDsFetchOncePerInterval(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		wantKey(t, s, "a")
		time.Sleep(unknownPause)
		for i := range 25 {
			wantError(t, s, "unknown"+string(rune('a'+i)), ErrUnknownKey)
		}
		wantFetches(t, e, 2)
		time.Sleep(unknownPause - time.Second)
		wantError(t, s, "unknown", ErrUnknownKey)
		wantFetches(t, e, 2)
		time.Sleep(time.Second)
		wantError(t, s, "unknown", ErrUnknownKey)
		wantKey(t, s, "a")
		wantFetches(t, e, 3)
	})
}

func TestUnknownKeyIDsFetchOnceOnAColdSet(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		for i := range 25 {
			wantError(t, s, "unknown"+string(rune('a'+i)), ErrUnknownKey)
		}
		wantFetches(t, e, 1)
	})
}

func TestUnusableKeyIDsCauseNoFetch(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		wantError(t, s, "", ErrUnknownKey)
		wantError(t, s, strings.Repeat("k", maxIDLength+1), ErrUnknownKey)
		wantFetches(t, e, 0)
	})
}

func TestNewKeyIsFoundWhenTokensNameIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		wantKey(t, s, "a")
		e.serve("a", "new")
		time.Sleep(unknownPause)
		wantKey(t, s, "new")
		wantFetches(t, e, 2)
	})
}

func TestWithdrawnKeyIsRefusedAfterItsLifetime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{}, "a")
		wantKey(t, s, "a")
		e.serve("new")
		for range 4 {
			// Steady use must not extend its lifetime.
			wantKey(t, s, "a")
			time.Sleep(lifetime / 5)
		}
		wantKey(t, s, "a")
		time.Sleep(lifetime / 5)
		wantError(t, s, "a", ErrUnknownKey)
		wantKey(t, s, "new")
		wantFetches(t, e, 2)
	})
}

func TestEqualKeysKeepTheirPlace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var replaced []int
		s, e := newTestSet(Config{Replaced: func(now map[string]Key) { replaced = append(replaced, len(now)) }}, "a", "bb")
		before, _, _ := s.Key(t.Context(), "a")
		for _, serve := range []func(){
			func() { e.serve("a", "bb", "ccc") }, func() { e.serve("a") },
			func() {
				e.respond = func(context.Context) (map[string]Key, error) {
					return map[string]Key{"a": {Public: before.Public, Algorithm: "RS512"}}, nil
				}
			},
		} {
			serve()
			time.Sleep(lifetime)
			if key, _, _ := s.Key(t.Context(), "a"); key.Public != before.Public {
				t.Error("an equal key has another place")
			}
		}
		if key, _, _ := s.Key(t.Context(), "a"); key.Algorithm != "RS512" {
			t.Errorf("the algorithm is %q, want the one that is published now", key.Algorithm)
		}
		e.respond = func(context.Context) (map[string]Key, error) {
			return map[string]Key{"a": {Public: publicKey(4096)}}, nil
		}
		time.Sleep(lifetime)
		wantKey(t, s, "a")
		if want := []int{1, 1}; !slices.Equal(replaced, want) {
			t.Errorf("keys were replaced at fetches of %v keys, want %v", replaced, want)
		}
	})
}

func TestWarmFetchesWhatIsMissing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, e := newTestSet(Config{MaxStale: maxStale}, "a")
		for range 3 {
			if err := s.Warm(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wantKey(t, s, "a")
		wantFetches(t, e, 1)
		e.fail(errDown)
		time.Sleep(lifetime)
		if err := s.Warm(t.Context()); !errors.Is(err, errDown) {
			t.Errorf("error is %v, want that of the fetch", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		cold, e := newTestSet(Config{})
		e.hang()
		if err := cold.Warm(ctx); !errors.Is(err, ErrGaveUp) || !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v, want context.Canceled", err)
		}
	})
}
