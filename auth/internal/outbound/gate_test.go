package outbound

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// fill takes every place for d, and a little longer each.
func fill(t *testing.T, c *Calls[int], d time.Duration) {
	t.Helper()
	for i := range places {
		go c.Do(context.Background(), taking(d+time.Duration(i)*time.Microsecond, nil))
	}
	synctest.Wait()
	if n, _ := counts(c); n != places {
		t.Fatalf("%d calls are in flight", n)
	}
}

// starts records when calls start, in milliseconds.
type starts struct {
	log[int]
	begin time.Time
}

func (s *starts) note(call func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		s.add(int(time.Since(s.begin).Milliseconds()))
		return call(ctx)
	}
}

func TestCallsInFlightAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, time.Second)
		begin := time.Now()
		if _, err := c.Do(t.Context(), taking(0, nil)); err != nil || time.Since(begin) != time.Second {
			t.Errorf("one call more started after %v: %v", time.Since(begin), err)
		}
	})
}

func TestCallsStartInOrderOfArrival(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, time.Second)
		var started log[int]
		var want []int
		for i := range 100 {
			want = append(want, i)
			go c.Do(t.Context(), func(context.Context) (int, error) {
				started.add(i)
				// Each call frees its place at a time of its own.
				time.Sleep(time.Second + time.Duration(i)*time.Microsecond)
				return 0, nil
			})
			synctest.Wait()
		}
		pass(time.Second - 1)
		if order := started.take(); len(order) != 0 {
			t.Errorf("calls %v started too early", order)
		}
		pass(10 * time.Second)
		if order := started.take(); len(order) <= places || !slices.Equal(order, want[:len(order)]) {
			t.Errorf("the order is %v", order)
		}
	})
}

// Who waited for most of the limit is turned away, so that a call that starts has
// time for its answer.
func TestWaitForAPlaceIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, testLimit)
		begin := time.Now()
		_, err := c.Do(t.Context(), taking(0, nil))
		wantLimit(t, err, false, time.Second)
		if waited := time.Since(begin); waited != testLimit*5/6 {
			t.Errorf("it waited %v", waited)
		}
		if _, waiting := counts(c); waiting != 0 {
			t.Error("it still has a place in the queue")
		}
	})
}

func TestNumberOfThoseWhoWaitIsBounded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, testLimit)
		for range maxWaiting {
			go c.Do(context.Background(), taking(0, nil))
		}
		synctest.Wait()
		begin := time.Now()
		_, err := c.Do(t.Context(), taking(0, nil))
		wantLimit(t, err, false, time.Second)
		if time.Since(begin) != 0 {
			t.Errorf("one more than may wait was held for %v", time.Since(begin))
		}
	})
}

func TestManyRefusalsSlowCallsDown(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c, s := newTestCalls(), &starts{begin: time.Now()}
		for range refusalBudget {
			c.Do(t.Context(), taking(0, errRefused))
		}
		for range 5 {
			go c.Do(t.Context(), s.note(taking(0, nil)))
		}
		synctest.Wait()
		if at := s.take(); !slices.Equal(at, []int{0, 0, 0, 0, 0}) {
			t.Errorf("after as many refusals as are tolerated calls start at %v", at)
		}
		c.Do(t.Context(), taking(0, errRefused))
		for range 50 {
			go c.Do(t.Context(), s.note(taking(0, nil)))
		}
		pass(1500 * time.Millisecond)
		var want []int
		for i := range 40 {
			want = append(want, 25*(i+1))
		}
		// A second after the refusals nothing slows calls down.
		for range 10 {
			want = append(want, 1000)
		}
		if at := s.take(); !slices.Equal(at, want) {
			t.Errorf("after one refusal more calls start at\n%v, want\n%v", at, want)
		}
	})
}

// In a pause no answers come, which does not end the flood.
func TestCallsStaySlowAfterAPause(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		for range refusalBudget + 1 {
			c.Do(t.Context(), taking(0, errRefused))
		}
		c.Do(t.Context(), taking(0, errBusy))
		s := &starts{begin: time.Now()}
		for range 3 {
			go c.Do(t.Context(), s.note(taking(0, nil)))
		}
		pass(testLimit)
		if at := s.take(); !slices.Equal(at, []int{1800, 1825, 1850}) {
			t.Errorf("calls start at %v", at)
		}
	})
}

// After a 429 no call of the kind starts until the server wants one. Who cannot wait so
// long is told at once when to try again.
func TestRateLimitPausesCalls(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestCalls()
		fill(t, c, time.Second)
		waiting := make(chan error, 1)
		go func() {
			_, err := c.Do(context.Background(), taking(0, nil))
			waiting <- err
		}()
		pass(900 * time.Millisecond)
		s := &starts{begin: time.Now()}
		go c.Do(context.Background(), s.note(taking(0, nil)))
		synctest.Wait()
		c.gate.leave(c.judge(errBusy))
		wantLimit(t, <-waiting, true, pause)
		if time.Since(s.begin) != 0 {
			t.Errorf("it was held for %v", time.Since(s.begin))
		}
		c.gate.leave(false, time.Millisecond) // does not shorten the pause
		pass(testLimit)
		if at := s.take(); !slices.Equal(at, []int{1800}) {
			t.Errorf("a call started after %v ms", at)
		}
		c.gate.leave(false, 24*time.Hour)
		begin := time.Now()
		_, err := c.Do(t.Context(), taking(0, nil))
		wantLimit(t, err, true, maxPause)
		if time.Since(begin) != 0 {
			t.Errorf("a call was held for %v", time.Since(begin))
		}
	})
}
