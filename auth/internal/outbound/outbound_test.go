package outbound

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneCallForAllWithTheSameKey(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		var calls, good atomic.Int32
		ask := func(key string) {
			got, err := c.Share(t.Context(), KeyOf(key), func(ctx context.Context) (int, error) {
				time.Sleep(time.Second)
				return int(calls.Add(1)), errRefused
			})
			if got > 0 && errors.Is(err, errRefused) {
				good.Add(1)
			}
		}
		for range 100 {
			go ask("a")
		}
		go ask("b")
		pass(time.Second)
		if calls.Load() != 2 || good.Load() != 101 {
			t.Errorf("%d calls, %d results", calls.Load(), good.Load())
		}
		ask("a")
		if calls.Load() != 3 {
			t.Errorf("%d calls after a result, which is not kept", calls.Load())
		}
		go ask("a")
		go c.Do(t.Context(), func(context.Context) (int, error) { return int(calls.Add(1)), nil })
		go c.Do(t.Context(), func(context.Context) (int, error) { return int(calls.Add(1)), nil })
		synctest.Wait()
		if calls.Load() != 5 {
			t.Errorf("%d calls, though Do shares none", calls.Load())
		}
	})
}

func TestCallGoesOnWithoutItsFirstCaller(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		first, giveUp := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		var calls atomic.Int32
		call := func(ctx context.Context) (int, error) {
			calls.Add(1)
			return taking(time.Second, nil)(ctx)
		}
		go func() {
			_, err := c.Share(first, Key{1}, call)
			gaveUp <- err
		}()
		synctest.Wait()
		giveUp()
		if err := <-gaveUp; !errors.Is(err, ErrGaveUp) || !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up gets %v", err)
		}
		if n, _ := counts(c); n != 1 {
			t.Error("an aborted request freed the place of its call")
		}
		if got, err := c.Share(t.Context(), Key{1}, call); got != 1 || err != nil || calls.Load() != 1 {
			t.Errorf("the next caller gets %d, %v after %d calls", got, err, calls.Load())
		}
	})
}

// Aborted requests do not fill the queue, and do not spoil the call of who comes next.
func TestCallThatNobodyWaitsForNeedNotStart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, time.Second)
		aborted, abort := context.WithCancel(t.Context())
		for i := range maxWaiting {
			go c.Share(aborted, KeyOf("k", string(rune(i))), taking(0, nil))
		}
		synctest.Wait()
		abort()
		synctest.Wait()
		for _, key := range []Key{KeyOf("another"), KeyOf("k", string(rune(5)))} {
			if got, err := c.Share(t.Context(), key, taking(0, nil)); got != 1 || err != nil {
				t.Errorf("the next caller gets %d, %v", got, err)
			}
		}
		synctest.Wait()
		if _, waiting := counts(c); waiting != 0 || len(c.flights) != 0 {
			t.Errorf("%d calls wait, %d flights", waiting, len(c.flights))
		}
	})
}

func TestCallThatPanicsFails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		for name, test := range map[string]struct {
			call func()
			want string
		}{
			"value":   {func() { panic("hunter2") }, "panicked with a string"},
			"runtime": {func() { _ = []int{}[len(name(t))] }, "index out of range"},
			"Goexit":  {func() { runtime.Goexit() }, "did not return"},
		} {
			for range 2 * places { // more than there are places
				_, err := c.Do(t.Context(), func(context.Context) (int, error) {
					test.call()
					return 0, nil
				})
				if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
					t.Fatalf("%s: error is %v, want %q", name, err, test.want)
				}
			}
		}
		if n, _ := counts(c); n != 0 {
			t.Errorf("%d places are taken", n)
		}
	})
}

func name(t *testing.T) string { return t.Name() }

func TestCallEndsAtItsLimit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		begin := time.Now()
		_, err := newTestCalls().Do(t.Context(), taking(time.Hour, nil))
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrGaveUp) || time.Since(begin) != testLimit {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

func TestKeysOfDifferentListsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[Key]int{}
	lists := [][]string{{}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"a", "b", ""}, {"", "ab"}, {"b", "a"}}
	for i, fields := range lists {
		key := KeyOf(fields...)
		if before, found := seen[key]; found {
			t.Errorf("%q and %q have the same key", fields, lists[before])
		}
		if key != KeyOf(fields...) {
			t.Errorf("the keys of %q differ", fields)
		}
		seen[key] = i
	}
}
