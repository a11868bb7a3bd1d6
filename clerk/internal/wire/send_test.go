package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(status int, body string, header ...string) (*http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}, nil
}

func message(method string, limits Limits) *Message {
	return &Message{Method: method, URL: url.URL{Scheme: "http", Host: "localhost"}, Limits: limits}
}

var usual = Limits{
	Attempt: 10 * time.Second, Call: 30 * time.Second, RetryAfter: 15 * time.Second, Retries: 2, Success: 1 << 20, Failure: 1 << 10,
}

// script answers each attempt with the next of its steps, and the last for ever.
func script(steps ...func() (*http.Response, error)) (transport, *int) {
	n := new(int)
	return func(*http.Request) (*http.Response, error) {
		step := steps[min(*n, len(steps)-1)]
		*n++
		return step()
	}, n
}

func status(code int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return reply(code, "{}", header...) }
}

func lost() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// cutOff is an answer whose connection is lost in the middle of the body.
func cutOff() (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1,
		Body: io.NopCloser(io.MultiReader(strings.NewReader(`{"a`), brokenReader{}))}, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWhichAttemptsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method string
		steps        []func() (*http.Response, error)
		retries      int
		wantAttempts int
		wantStatus   int // 0 for an error
	}{
		{"read, success", "GET", []func() (*http.Response, error){status(200)}, 2, 1, 200},
		{"read, 429 for ever", "GET", []func() (*http.Response, error){status(429)}, 2, 3, 429},
		{"read, 429 once", "GET", []func() (*http.Response, error){status(429), status(200)}, 2, 2, 200},
		{"read, 502", "GET", []func() (*http.Response, error){status(502), status(200)}, 2, 2, 200},
		{"read, 503", "GET", []func() (*http.Response, error){status(503), status(200)}, 2, 2, 200},
		{"read, 504", "HEAD", []func() (*http.Response, error){status(504), status(200)}, 2, 2, 200},
		{"read, 500", "GET", []func() (*http.Response, error){status(500)}, 2, 1, 500},
		{"read, 501", "GET", []func() (*http.Response, error){status(501)}, 2, 1, 501},
		{"read, 404", "GET", []func() (*http.Response, error){status(404)}, 2, 1, 404},
		{"read, 302", "GET", []func() (*http.Response, error){status(302, "Location", "/x")}, 2, 1, 302},
		{"read, lost connection", "GET", []func() (*http.Response, error){lost, lost, status(200)}, 2, 3, 200},
		{"read, lost for ever", "GET", []func() (*http.Response, error){lost}, 2, 3, 0},
		{"read, lost in the body", "GET", []func() (*http.Response, error){cutOff, status(200)}, 2, 2, 200},
		{"read, no retries", "GET", []func() (*http.Response, error){status(503)}, 0, 1, 503},
		{"read, five retries", "GET", []func() (*http.Response, error){status(503)}, 5, 6, 503},
		{"write, 429", "POST", []func() (*http.Response, error){status(429), status(201)}, 2, 2, 201},
		{"write, 429 for ever", "PATCH", []func() (*http.Response, error){status(429)}, 2, 3, 429},
		{"write, 502", "POST", []func() (*http.Response, error){status(502)}, 2, 1, 502},
		{"write, 503", "PUT", []func() (*http.Response, error){status(503, "Retry-After", "1")}, 2, 1, 503},
		{"write, 504", "DELETE", []func() (*http.Response, error){status(504)}, 2, 1, 504},
		{"write, lost connection", "POST", []func() (*http.Response, error){lost}, 2, 1, 0},
		{"write, lost in the body", "POST", []func() (*http.Response, error){cutOff}, 2, 1, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt, sent := script(test.steps...)
				limits := usual
				limits.Retries = test.retries
				m := message(test.method, limits)
				a, err := NewClient(http.Client{Transport: rt}, nil).Send(t.Context(), m)
				if *sent != test.wantAttempts || a.Attempts != test.wantAttempts {
					t.Errorf("%d attempts were sent and %d counted, want %d", *sent, a.Attempts, test.wantAttempts)
				}
				if a.Status != test.wantStatus || (err == nil) != (test.wantStatus != 0) {
					t.Errorf("status %d, error %v, want status %d", a.Status, err, test.wantStatus)
				}
				a.Release()
			})
		})
	}
}

func TestRetryAfterIsWaitedForOnlyWhenItFits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, after  string
		limits       func(*Limits)
		deadline     time.Duration
		wantAttempts int
		wantWait     time.Duration // of all attempts, without the jitter
	}{
		{name: "fits", after: "4", wantAttempts: 3, wantWait: 8 * time.Second},
		{name: "at once", after: "0", wantAttempts: 3},
		{name: "malformed", after: "abc", wantAttempts: 3},
		{name: "negative", after: "-1", wantAttempts: 3},
		{name: "absent", wantAttempts: 3},
		{name: "over the limit", after: "16", wantAttempts: 1},
		{name: "over any limit", after: "99999999", wantAttempts: 1},
		{name: "second does not fit the call", after: "14", limits: func(l *Limits) { l.Call = 20 * time.Second }, wantAttempts: 2, wantWait: 14 * time.Second},
		{name: "does not fit the deadline", after: "4", deadline: 4 * time.Second, wantAttempts: 1},
		{name: "fits the deadline", after: "4", deadline: 6 * time.Second, wantAttempts: 2, wantWait: 4 * time.Second},
		{name: "limit of nothing", after: "1", limits: func(l *Limits) { l.RetryAfter = 0 }, wantAttempts: 1},
		{name: "date", after: "Sat, 01 Jan 2000 00:00:04 GMT", wantAttempts: 3, wantWait: 4 * time.Second},
		{name: "date in the past", after: "Fri, 31 Dec 1999 23:59:59 GMT", wantAttempts: 3},
		{name: "date far ahead", after: "Sun, 01 Jan 2040 00:00:00 GMT", wantAttempts: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limits := usual
				if test.limits != nil {
					test.limits(&limits)
				}
				ctx := t.Context()
				if test.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.deadline)
					defer cancel()
				}
				rt, sent := script(status(429, "Retry-After", test.after))
				begin := time.Now()
				a, err := NewClient(http.Client{Transport: rt}, nil).Send(ctx, message("POST", limits))
				if err != nil || a.Status != 429 || *sent != test.wantAttempts {
					t.Fatalf("%d attempts, status %d, error %v; want %d attempts and a 429", *sent, a.Status, err, test.wantAttempts)
				}
				jitter := time.Duration(max(0, test.wantAttempts-1)) * 2 * firstWait
				if waited := time.Since(begin); waited < test.wantWait || waited > test.wantWait+jitter {
					t.Errorf("waited %v, want %v and up to %v more", waited, test.wantWait, jitter)
				}
				a.Release()
			})
		})
	}
}

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
				a, err := NewClient(http.Client{Transport: test.rt}, nil).Send(t.Context(), message(test.method, limits))
				if err == nil {
					err = a.ReadErr
				}
				if !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), test.wantText) != 1 {
					t.Errorf("error %v, want %s", err, test.wantText)
				}
				jitter := time.Duration(test.wantAttempts-1) * 2 * firstWait
				if took := time.Since(begin); a.Attempts != test.wantAttempts || took < test.wantTime || took > test.wantTime+jitter {
					t.Errorf("%d attempts in %v, want %d in %v", a.Attempts, took, test.wantAttempts, test.wantTime)
				}
				a.Release()
			})
		})
	}
}

type hangingBody struct{ ctx context.Context }

func (b hangingBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestBodiesAreReadUpToTheirLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status, size int
		length       int64
		want         int
		over         bool
	}{
		{200, 0, -1, 0, false},
		{200, 99, -1, 99, false},
		{200, 100, -1, 100, false},
		{200, 101, -1, 100, true},
		{200, 100, 100, 100, false},
		{200, 101, 101, 100, true},
		{200, 100_000, 100_000, 100, true},
		{200, 50, 1 << 40, 50, false},
		{404, 20, -1, 20, false},
		{404, 21, -1, 20, true},
		{302, 21, -1, 20, true},
	} {
		limits := usual
		limits.Success, limits.Failure = 100, 20
		body := bytes.Repeat([]byte("x"), test.size)
		rt := transport(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: test.status, Header: http.Header{}, ContentLength: test.length, Body: io.NopCloser(bytes.NewReader(body))}, nil
		})
		a, err := NewClient(http.Client{Transport: rt}, nil).Send(t.Context(), message("POST", limits))
		if err != nil || len(a.Body) != test.want || a.Truncated != test.over {
			t.Errorf("%d with %d bytes: read %d, cut %v, error %v; want %d, %v", test.status, test.size, len(a.Body), a.Truncated, err, test.want, test.over)
		}
		a.Release()
	}
}

func TestFailuresCloseNoIdleConnectionOfTheTransport(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]func() (*http.Response, error){"status": status(503), "error": lost} {
		rt := &closable{transport: step}
		limits := usual
		limits.Retries = 0
		a, _ := NewClient(http.Client{Transport: rt}, nil).Send(t.Context(), message("GET", limits))
		a.Release()
		ctx, cancel := context.WithCancel(t.Context())
		rt.then = cancel
		limits.Retries = 2
		if _, err := NewClient(http.Client{Transport: rt}, nil).Send(ctx, message("GET", limits)); err == nil && name == "error" {
			t.Errorf("%s: no error", name)
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
