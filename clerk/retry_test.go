package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	for _, location := range []string{other.URL + "/x", "/trap/v1/y", "http://[::1", "", "://"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			var sent atomic.Int32
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				sent.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				if location != "" {
					w.Header()["Location"] = []string{location}
				}
				w.WriteHeader(status)
				write(w, `<a href="x">moved</a>`)
			})
			for _, req := range []clerk.Request{
				get("/things"),
				post("/things", map[string]string{"password": "hunter2"}),
				{Method: "POST", Path: "/things", Form: clerk.Form{"file": clerk.File{Content: io.MultiReader(strings.NewReader("x"))}}},
			} {
				sent.Store(0)
				_, err := clerk.Call[thing](t.Context(), c, req)
				var e *clerk.Error
				if !errors.As(err, &e) || e.StatusCode != status || sent.Load() != 1 || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%s %d to %q: %v after %d requests", req.Method, status, location, err, sent.Load())
				}
			}
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("%d requests reached the other server", n)
	}
}

func TestRateLimitErrorsHaveRetryAfter(t *testing.T) {
	t.Parallel()
	far := time.Now().Add(48 * time.Hour).UTC()
	for value, want := range map[string][2]time.Duration{
		"":                              {},
		"0":                             {},
		"-1":                            {},
		"abc":                           {},
		"99999999":                      {99999999 * time.Second, 99999999 * time.Second},
		far.Format(time.RFC850):         {47 * time.Hour, 48 * time.Hour},
		"Sun, 06 Nov 1994 08:49:37 GMT": {},
		far.Format(http.TimeFormat):     {47 * time.Hour, 48 * time.Hour},
	} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			if value != "" {
				w.Header().Set("Retry-After", value)
			}
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := clerk.Call[thing](t.Context(), c, post("/things", nil), clerk.WithMaxRetries(0))
		var e *clerk.Error
		if !errors.As(err, &e) || !errors.Is(err, clerk.ErrRateLimited) || e.RetryAfter < want[0] || e.RetryAfter > want[1] {
			t.Errorf("Retry-After %q: %v, %#v", value, err, e)
			continue
		}
		if got := err.Error(); got != "clerk: CreateThing: 429 Too Many Requests" {
			t.Errorf("Retry-After %q: %q", value, got)
		}
	}
}

func TestARetryAfterBeyondTheDeadlineIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := newPipeNetwork(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "10")
			w.WriteHeader(http.StatusTooManyRequests)
			write(w, `{"errors":[{"code":"too_many_requests","message":"slow down"}],"clerk_trace_id":"t1"}`)
		})
		c, err := clerk.New(testKey, clerk.WithBaseURL("http://localhost"), clerk.WithTransport(transport))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begin := time.Now()
		_, err = clerk.Call[thing](ctx, c, get("/things"))
		var e *clerk.Error
		if !errors.As(err, &e) || e.RetryAfter != 10*time.Second || e.Attempts != 1 || e.TraceID != "t1" || time.Since(begin) != 0 {
			t.Errorf("%v after %v: %#v", err, time.Since(begin), e)
		}
		transport.CloseIdleConnections()
	})
}

func TestCallsReturnAtOnceWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "10")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	drip := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // the server watches the connection only after that
			w.WriteHeader(status)
			write(w, `{"id":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	shutdown := errors.New("program ends")
	for name, handler := range map[string]http.HandlerFunc{
		"in the wait": busy, "in the body": drip(200), "in the body of a failure": drip(400), "before the response": hang,
	} {
		for _, req := range []clerk.Request{get("/things"), post("/things", map[string]int{"a": 1})} {
			synctest.Test(t, func(t *testing.T) {
				transport := newPipeNetwork(t, handler)
				c, err := clerk.New(testKey, clerk.WithBaseURL("http://localhost"), clerk.WithTransport(transport))
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(time.Second, func() { cancel(shutdown) })
				begin := time.Now()
				v, err := clerk.Call[thing](ctx, c, req)
				if v != nil || !errors.Is(err, context.Canceled) || !errors.Is(err, shutdown) || time.Since(begin) != time.Second {
					t.Errorf("%s of a %s: %v, error %v after %v", name, req.Method, v, err, time.Since(begin))
				}

				ctx, stop := context.WithTimeout(t.Context(), time.Second)
				defer stop()
				if _, err := clerk.Call[thing](ctx, c, req); name != "in the wait" && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s of a %s: error %v, want the deadline", name, req.Method, err)
				}
				transport.CloseIdleConnections()
			})
		}
	}
}

func TestAnEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := clerk.Call[thing](ctx, c, get("/things"))
	if !errors.Is(err, context.Canceled) || err.Error() != "clerk: GetThing: context canceled" {
		t.Errorf("error %v", err)
	}
}

func TestAWriteWhoseConnectionIsLostIsNotRetried(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/ok" {
			write(w, `{}`)
			return
		}
		sent.Add(1)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	})
	for _, body := range []any{map[string]int{"a": 1}, nil} {
		// The second request uses a connection that is known to work.
		if _, err := clerk.Call[thing](t.Context(), c, get("/ok")); err != nil {
			t.Fatal(err)
		}
		sent.Store(0)
		var meta clerk.Response
		_, err := clerk.Call[thing](t.Context(), c, post("/lost", body), clerk.WithResponse(&meta))
		if err == nil || sent.Load() != 1 || meta.Attempts != 1 || meta.StatusCode != 0 {
			t.Errorf("body %v: error %v after %d requests, %+v", body, err, sent.Load(), meta)
		}
		if text := fmt.Sprint(err); strings.Contains(text, "http://") || !strings.HasPrefix(text, "clerk: CreateThing: ") {
			t.Errorf("error %s", text)
		}
	}
	_, err := clerk.Call[thing](t.Context(), c, get("/lost"))
	if err == nil || !strings.Contains(err.Error(), "after 3 attempts") {
		t.Errorf("read: error %v", err)
	}
}

func TestTransportErrorsDoNotContainTheQuery(t *testing.T) {
	t.Parallel()
	c, err := clerk.New(testKey, clerk.WithBaseURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	req := get("/things")
	req.Query = clerk.Query{"email_address": []string{"hunter2@example.com"}}
	if _, err = clerk.Call[thing](t.Context(), c, req, clerk.WithMaxRetries(0)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}
