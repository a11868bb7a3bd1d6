package webhooks_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// times returns a function that counts its calls and returns err.
func times(n *atomic.Int32, err error) func(context.Context) error {
	return func(context.Context) error {
		n.Add(1)
		return err
	}
}

func TestMemoryHandlesAnEventOnce(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	d := webhooks.Memory(10)
	for i, want := range []int32{1, 1} {
		if err := d.Once(t.Context(), "msg_1", times(&n, nil)); err != nil || n.Load() != want {
			t.Errorf("call %d: %d, %v", i, n.Load(), err)
		}
	}
	if err := d.Once(t.Context(), "msg_2", times(&n, nil)); err != nil || n.Load() != 2 {
		t.Errorf("another id: %d, %v", n.Load(), err)
	}
}

func TestMemoryTriesAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	d := webhooks.Memory(10)
	for range 2 {
		if err := d.Once(t.Context(), "msg_1", times(&n, errHandler)); !errors.Is(err, errHandler) {
			t.Error(err)
		}
	}
	if err := d.Once(t.Context(), "msg_1", times(&n, nil)); err != nil || n.Load() != 3 {
		t.Errorf("%d, %v", n.Load(), err)
	}
}

// TestMemoryWaitsForTheFirst has four calls for an id while a function runs.
func TestMemoryWaitsForTheFirst(t *testing.T) {
	t.Parallel()
	for name, firstResult := range map[string]error{"success": nil, "failure": errHandler} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var others, returned atomic.Int32
				d := webhooks.Memory(10)
				proceed := make(chan struct{})
				result := make(chan error, 1)
				go func() {
					result <- d.Once(t.Context(), "msg_1", func(context.Context) error {
						<-proceed
						return firstResult
					})
				}()
				synctest.Wait()
				for range 4 {
					go func() {
						if err := d.Once(t.Context(), "msg_1", times(&others, nil)); err != nil {
							t.Error(err)
						}
						returned.Add(1)
					}()
				}
				synctest.Wait()
				if others.Load() != 0 || returned.Load() != 0 {
					t.Errorf("%d ran and %d returned before the first was done", others.Load(), returned.Load())
				}
				if err := d.Once(t.Context(), "msg_2", times(new(atomic.Int32), nil)); err != nil {
					t.Errorf("another id waits: %v", err)
				}
				close(proceed)
				synctest.Wait()
				want := int32(0)
				if firstResult != nil {
					want = 1 // one of them takes over, and the rest has nothing to do
				}
				if err := <-result; !errors.Is(err, firstResult) || others.Load() != want || returned.Load() != 4 {
					t.Errorf("%v; %d ran, want %d; %d returned", err, others.Load(), want, returned.Load())
				}
			})
		})
	}
}

func TestMemoryTakesOverAfterAPanic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		d := webhooks.Memory(10)
		proceed := make(chan struct{})
		go func() {
			defer func() { _ = recover() }()
			_ = d.Once(t.Context(), "msg_1", func(context.Context) error {
				<-proceed
				panic("a bug")
			})
		}()
		synctest.Wait()
		done := make(chan error, 1)
		go func() { done <- d.Once(t.Context(), "msg_1", times(&n, nil)) }()
		synctest.Wait()
		close(proceed)
		if err := <-done; err != nil || n.Load() != 1 {
			t.Errorf("%d, %v", n.Load(), err)
		}
	})
}

func TestMemoryStopsWaitingWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		d := webhooks.Memory(10)
		proceed := make(chan struct{})
		result := make(chan error, 1)
		go func() {
			result <- d.Once(t.Context(), "msg_1", func(context.Context) error {
				<-proceed
				return nil
			})
		}()
		synctest.Wait()
		ctx, cancel := context.WithCancelCause(t.Context())
		waiting := make(chan error, 1)
		go func() { waiting <- d.Once(ctx, "msg_1", times(&n, nil)) }()
		synctest.Wait()
		cancel(errHandler)
		if err := <-waiting; !errors.Is(err, errHandler) || n.Load() != 0 {
			t.Errorf("%d, %v", n.Load(), err)
		}
		close(proceed)
		if err := <-result; err != nil {
			t.Errorf("the first is disturbed: %v", err)
		}
		if err := d.Once(t.Context(), "msg_1", times(&n, nil)); err != nil || n.Load() != 0 {
			t.Errorf("what was handled is not known: %d, %v", n.Load(), err)
		}
	})
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		size  int
		again string // the ids that are handled again after a, b, c and d
	}{
		{4, ""}, {3, "a"}, {1, "abc"}, {0, "abc"}, {-1, "abc"},
	} {
		d := webhooks.Memory(test.size)
		for _, id := range "abcd" {
			if err := d.Once(t.Context(), string(id), times(new(atomic.Int32), nil)); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range "dcba" { // from the newest: each that is handled again displaces an older one
			var n atomic.Int32
			_ = d.Once(t.Context(), string(id), times(&n, errHandler))
			want := int32(0)
			for _, forgotten := range test.again {
				if forgotten == id {
					want = 1
				}
			}
			if n.Load() != want {
				t.Errorf("size %d: %c ran %d times, want %d", test.size, id, n.Load(), want)
			}
		}
	}
}
