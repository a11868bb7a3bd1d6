// Package wire sends one API call and reads the response. It makes the attempts, waits
// between them and at rate limits, applies timeouts and size limits, and reports
// each attempt.
package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"
)

// Limits bound one call.
type Limits struct {
	Attempt    time.Duration // one attempt, including reading its body
	Call       time.Duration // all attempts and the waits between them
	RetryAfter time.Duration // the longest Retry-After that is waited for, or closes a gate
	Retries    int           // attempts after the first, without those that closed the gate
	Success    int64         // bytes of a 2xx body, after decompression
	Failure    int64         // bytes of any other body, after decompression
}

// Message is one call, ready to be sent.
type Message struct {
	Method    string
	URL       url.URL
	Header    []Field
	Body      []byte  // nil for no body
	Stream    *Stream // instead of Body
	Limits    Limits
	Key       string // the secret key, which has a rate limit of its own
	Apart     bool   // takes no part in rate limits: does not wait for them and closes no gate
	Operation string
	Template  string        // the path with its placeholders
	Observe   func(Attempt) // called after each attempt; nil for nobody
}

// Field is a header with its name in canonical form.
type Field struct {
	Name   string
	Values []string
}

// Response is the response to the last attempt.
type Response struct {
	Status     int         // 0 when there was no response
	Header     http.Header // nil when there was no response
	Body       []byte      // valid until Release
	Truncated  bool        // Body was cut off at its limit
	ReadErr    error       // why reading Body ended early, other than a limit
	RetryAfter time.Duration
	Attempts   int

	buffer *[]byte
}

// OK reports whether the status is 2xx.
func (r *Response) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// Release returns the memory of Body for reuse. Body must not be used afterwards.
func (r *Response) Release() {
	if r.buffer != nil {
		putBuffer(r.buffer, r.Body)
		r.buffer, r.Body = nil, nil
	}
}

// Settings configure a Client. The zero value is usable.
type Settings struct {
	Rate    int           // attempts that may start within Per; 0 for no limit
	Per     time.Duration // any span of this length
	Limiter Limiter       // nil for none
}

// Limiter decides when an attempt may start.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Client sends messages. It is safe for concurrent use.
type Client struct {
	http    http.Client
	base    http.RoundTripper
	line    line
	limiter Limiter
}

// NewClient returns a Client that sends through a copy of hc. It makes a transport if hc
// has none.
func NewClient(hc http.Client, s Settings) *Client {
	base := hc.Transport
	if base == nil {
		base = newTransport()
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{http: hc, base: base, line: line{n: s.Rate, per: s.Per}, limiter: s.Limiter}
}

// CloseIdleConnections closes the connections that are not in use, as far as the
// transport can.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Send sends m, and sends it again where a retry is allowed. It returns a nil
// error for every response, whatever its status. The caller must Release the
// Response. When ctx ends, Send returns at once.
func (c *Client) Send(ctx context.Context, m *Message) (Response, error) {
	if err := ended(ctx); err != nil {
		return Response{}, err
	}
	now := time.Now()
	x := &exchange{client: c, message: m, idle: now, deadline: now.Add(m.Limits.Call), number: c.line.number()}
	if err := x.prepare(ctx); err != nil {
		return Response{}, err
	}
	err := x.waitForTurn(x.request.Request)
	if err == nil {
		_, err = x.retry.Do(&x.request) // receive closes the body
	}
	if m.Stream != nil {
		m.Stream.retire()
	}
	end := ended(ctx)
	switch {
	case err == nil, end == nil && x.response.ReadErr != nil:
		return x.response, nil
	case end != nil && !errors.Is(err, ErrRateLimited):
		err = end
	}
	x.response.Release()
	return Response{Attempts: x.response.Attempts}, sanitize(err)
}
