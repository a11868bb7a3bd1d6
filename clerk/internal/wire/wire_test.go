package wire

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTimeoutsEndAttemptsAndCalls(t *testing.T) {
	t.Parallel()
	hang := transport(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	drip := transport(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(hangingBody{r.Context()})}, nil
	})
	for _, test := range []struct {
		name, method string
		rt           transport
		limits       func(*Limits)
		wantAttempts int
		wantTime     time.Duration
		wantText     string
	}{
		{"write", "POST", hang, nil, 1, 10 * time.Second, "attempt timeout of 10s"},
		{"read", "GET", hang, func(l *Limits) { l.Retries = 1 }, 2, 20 * time.Second, "attempt timeout of 10s"},
		{"call", "GET", hang, func(l *Limits) { l.Call = 15 * time.Second }, 2, 15 * time.Second, "call timeout of 15s"},
		{"call before attempt", "POST", hang, func(l *Limits) { l.Call = time.Second }, 1, time.Second, "call timeout of 1s"},
		{"body of a write", "POST", drip, nil, 1, 10 * time.Second, "attempt timeout of 10s"},
		{"body of a read", "GET", drip, func(l *Limits) { l.Retries = 1 }, 2, 20 * time.Second, "attempt timeout of 10s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limits := usual
				if test.limits != nil {
					test.limits(&limits)
				}
				begin := time.Now()
				resp, err := NewClient(http.Client{Transport: test.rt}, Settings{}).Send(t.Context(), message(test.method, limits))
				if err == nil {
					err = resp.ReadErr
				}
				if !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), test.wantText) != 1 {
					t.Errorf("error %v, want %s", err, test.wantText)
				}
				jitter := time.Duration(test.wantAttempts-1) * 2 * firstWait
				if took := time.Since(begin); resp.Attempts != test.wantAttempts || took < test.wantTime || took > test.wantTime+jitter {
					t.Errorf("%d attempts in %v, want %d in %v", resp.Attempts, took, test.wantAttempts, test.wantTime)
				}
				resp.Release()
			})
		})
	}
}

type hangingBody struct{ ctx context.Context }

func (b hangingBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestFailuresDoNotCloseIdleConnections(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]func() (*http.Response, error){"status": status(503), "error": lost} {
		rt := &closable{transport: step}
		limits := usual
		limits.Retries = 0
		resp, _ := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), message("GET", limits))
		resp.Release()
		ctx, cancel := context.WithCancel(t.Context())
		rt.then = cancel
		limits.Retries = 2
		if _, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(ctx, message("GET", limits)); err == nil && name == "error" {
			t.Errorf("%s: error = nil", name)
		}
		if rt.closed {
			t.Errorf("%s: the idle connections were closed", name)
		}
	}
}

type closable struct {
	transport func() (*http.Response, error)
	then      func()
	closed    bool
}

func (c *closable) RoundTrip(*http.Request) (*http.Response, error) {
	if c.then != nil {
		defer c.then()
	}
	return c.transport()
}

func (c *closable) CloseIdleConnections() { c.closed = true }
