package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/calloption"
)

// quota is a server that accepts n requests in each span of per. It refuses the others
// with a Retry-After in whole seconds, rounded up.
type quota struct {
	n       int
	per     time.Duration
	sliding bool // any span of per, not those that follow one another
	steady  bool // requests do not overtake one another

	mu       sync.Mutex
	accepted []time.Time
	refused  int
}

func (q *quota) RoundTrip(r *http.Request) (*http.Response, error) {
	if !q.steady {
		time.Sleep(rand.N(4 * time.Millisecond))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	frees := q.frees(now)
	if !frees.After(now) {
		q.accepted = append(q.accepted, now)
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}, nil
	}
	q.refused++
	after := strconv.Itoa(int(math.Ceil(frees.Sub(now).Seconds())))
	return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {after}}, Body: http.NoBody, Request: r}, nil
}

// refusals returns how many requests were refused.
func (q *quota) refusals() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.refused
}

// frees returns when the next request is accepted.
func (q *quota) frees(now time.Time) time.Time {
	first := len(q.accepted) - q.n
	if first < 0 {
		return now
	}
	if q.sliding {
		return q.accepted[first].Add(q.per)
	}
	begin := now.Truncate(q.per)
	if q.accepted[first].Before(begin) {
		return now
	}
	return begin.Add(q.per)
}

// inBulk makes total calls with as many workers and returns how many failed.
func inBulk(t *testing.T, c *clerk.Client, total, workers int, opts ...clerk.CallOption) (failed int) {
	var left, lost atomic.Int64
	left.Store(int64(total))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := clerk.Call[clerk.None](t.Context(), c, post("/users", nil), opts...); err != nil {
					lost.Add(1)
				}
			}
		})
	}
	all.Wait()
	return int(lost.Load())
}

func newQuotaClient(t *testing.T, rt http.RoundTripper, opts ...clerk.Option) *clerk.Client {
	t.Helper()
	c, err := clerk.New(testKey, append(opts, clerk.WithTransport(rt))...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBulkWorkOverTheRateLimitLosesNothing(t *testing.T) {
	t.Parallel()
	const total, windows = 3000, 30
	for _, sliding := range []bool{false, true} {
		for _, workers := range []int{8, 64} {
			t.Run(fmt.Sprintf("sliding %v, %d workers", sliding, workers), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					q := &quota{n: total / windows, per: time.Second, sliding: sliding}
					begin := time.Now()
					failed := inBulk(t, newQuotaClient(t, q), total, workers)
					took, most := time.Since(begin), (windows-1)*q.per*105/100
					if failed != 0 || len(q.accepted) != total || took > most {
						t.Errorf("%d failed, %d accepted in %v, want none, all in %v", failed, len(q.accepted), took, most)
					}
					if q.refused > workers*(windows-1) {
						t.Errorf("%d refused, want at most one for each worker and window", q.refused)
					}
				})
			})
		}
	}
}

func TestWithRateLimitNeverStartsMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{n: 100, per: time.Second, sliding: true, steady: true}
		c := newQuotaClient(t, q, clerk.WithRateLimit(100, time.Second))
		begin := time.Now()
		if failed := inBulk(t, c, 1000, 64); failed != 0 || q.refused != 0 {
			t.Errorf("%d failed and %d were refused, want none", failed, q.refused)
		}
		if took := time.Since(begin); took > 9*time.Second+10*time.Millisecond {
			t.Errorf("took %v, want 9 s", took)
		}
	})
}

// gateServer answers the first request with a 429 and its Retry-After, and later ones
// with success. It records when each was sent, by path and key.
type gateServer struct {
	after string
	mu    sync.Mutex
	sent  []string
	begin time.Time
}

func (g *gateServer) RoundTrip(r *http.Request) (*http.Response, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent = append(g.sent, fmt.Sprintf("%s %v", strings.TrimPrefix(r.URL.Path, "/v1/"), time.Since(g.begin)))
	if len(g.sent) == 1 {
		return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {g.after}}, Body: http.NoBody, Request: r}, nil
	}
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: r}, nil
}

func TestWhoWaitsAfterA429(t *testing.T) {
	t.Parallel()
	apart := calloption.Apart.(clerk.CallOption)
	for _, test := range []struct {
		name, after string
		first, then []clerk.CallOption
		wantWait    time.Duration
	}{
		{name: "the next call", after: "3", wantWait: 3 * time.Second},
		{name: "a call with another key does not", after: "3", then: []clerk.CallOption{clerk.WithKey("sk_test_other")}},
		{name: "a call after one with another key does not", after: "3", first: []clerk.CallOption{clerk.WithKey("sk_test_other")}},
		{name: "a call with the same other key", after: "3", first: []clerk.CallOption{clerk.WithKey("sk_test_other")}, then: []clerk.CallOption{clerk.WithKey("sk_test_other")}, wantWait: 3 * time.Second},
		{name: "a call apart does not", after: "3", then: []clerk.CallOption{apart}},
		{name: "a call after one apart does not", after: "3", first: []clerk.CallOption{apart}},
		{name: "nobody for a limit that is too long", after: "16"},
		{name: "nobody without a time", after: ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newQuotaClient(t, &gateServer{after: test.after})
				first := append(test.first, clerk.WithMaxRetries(0))
				if _, err := clerk.Call[clerk.None](t.Context(), c, post("/a", nil), first...); !errors.Is(err, clerk.ErrRateLimited) {
					t.Fatalf("error %v", err)
				}
				begin := time.Now()
				if _, err := clerk.Call[clerk.None](t.Context(), c, post("/b", nil), test.then...); err != nil {
					t.Fatal(err)
				}
				if waited := time.Since(begin); waited != test.wantWait {
					t.Errorf("waited %v, want %v", waited, test.wantWait)
				}
			})
		})
	}
}

func TestCallsLeaveTheGateInTheOrderInWhichTheyBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateServer{after: "5", begin: time.Now()}
		c := newQuotaClient(t, g, clerk.WithRateLimit(1, time.Second))
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				if _, err := clerk.Call[clerk.None](t.Context(), c, post("/"+strconv.Itoa(i), nil)); err != nil {
					t.Error(err)
				}
			})
			time.Sleep(10 * time.Millisecond)
		}
		all.Wait()
		if got, want := strings.Join(g.sent, ", "), "0 0s, 0 5s, 1 6s, 2 7s, 3 8s, 4 9s"; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	})
}

func TestACallThatCannotWaitForTheGateIsNotSent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		limit   bool // the gate is the client's own limit
		context time.Duration
		opts    []clerk.CallOption
		want    time.Duration
		cancel  bool
	}{
		{name: "deadline", context: 200 * time.Millisecond},
		{name: "timeout", opts: []clerk.CallOption{clerk.WithTimeout(200 * time.Millisecond)}},
		{name: "deadline at a limit of its own", limit: true, context: 200 * time.Millisecond},
		{name: "canceled", context: time.Hour, cancel: true, want: 100 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var opts []clerk.Option
				g := &gateServer{after: "10"}
				if test.limit {
					opts, g.after = append(opts, clerk.WithRateLimit(1, 10*time.Second)), "0"
				}
				c := newQuotaClient(t, g, opts...)
				_, _ = clerk.Call[clerk.None](t.Context(), c, post("/a", nil), clerk.WithMaxRetries(0))
				ctx, cancel := t.Context(), func() {}
				if test.context > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.context)
				}
				defer cancel()
				if test.cancel {
					time.AfterFunc(test.want, cancel)
				}
				begin := time.Now()
				var meta clerk.Response
				_, err := clerk.Call[clerk.None](ctx, c, post("/b", nil), append(test.opts, clerk.WithResponse(&meta))...)
				if len(g.sent) != 1 || meta.Attempts != 0 || time.Since(begin) != test.want {
					t.Errorf("%d requests after %v, %d attempts", len(g.sent), time.Since(begin), meta.Attempts)
				}
				if test.cancel != errors.Is(err, context.Canceled) || test.cancel == errors.Is(err, clerk.ErrRateLimited) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// While others take the turns, a call that waits for its own is held to its deadline.
func TestACallWhoseTurnDoesNotComeEndsAtItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateServer{}
		c := newQuotaClient(t, g, clerk.WithRateLimit(1, time.Second))
		call := func(opts ...clerk.CallOption) error {
			_, err := clerk.Call[clerk.None](t.Context(), c, post("/a", nil), append(opts, clerk.WithMaxRetries(0))...)
			return err
		}
		_ = call()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if err := call(); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		begin := time.Now()
		err := call(clerk.WithTimeout(1500 * time.Millisecond))
		if took := time.Since(begin); took != 1500*time.Millisecond || !errors.Is(err, clerk.ErrRateLimited) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v after %v", err, took)
		}
		all.Wait()
		if len(g.sent) != 4 {
			t.Errorf("%d requests, want 4", len(g.sent))
		}
	})
}
