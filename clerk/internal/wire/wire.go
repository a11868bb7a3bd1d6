// Package wire carries one API call to the server and back: its attempts and
// their timeouts, the waits between them, the limits on what is read, and one
// log record an attempt.
package wire

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// Limits bound one call.
type Limits struct {
	Attempt    time.Duration // one attempt, the reading of its body included
	Call       time.Duration // all attempts and the waits between them
	RetryAfter time.Duration // the longest wait that a server may ask for
	Retries    int           // attempts after the first
	Success    int64         // bytes of a 2xx body, after decompression
	Failure    int64         // bytes of any other body, after decompression
}

// Message is one call, ready to be sent.
type Message struct {
	Method    string
	URL       url.URL
	Header    []Field
	Body      []byte  // nil for none
	Stream    *Stream // instead of Body
	Limits    Limits
	Operation string // for the log
	Template  string // the path with its placeholders, for the log
}

// Field is a header with its name in canonical form.
type Field struct {
	Name   string
	Values []string
}

// Answer is the last thing the server said.
type Answer struct {
	Status     int         // 0 when no answer came
	Header     http.Header // nil when no answer came
	Body       []byte      // valid until Release
	Truncated  bool        // Body was cut by a limit
	ReadErr    error       // what ended the reading of Body early, other than a limit
	RetryAfter time.Duration
	Attempts   int

	buffer *[]byte
}

// OK reports whether the status is one of the 2xx.
func (a *Answer) OK() bool { return a.Status >= 200 && a.Status <= 299 }

// Release gives the memory behind Body back. Body must not be used afterwards.
func (a *Answer) Release() {
	if a.buffer != nil {
		putBuffer(a.buffer, a.Body)
		a.buffer, a.Body = nil, nil
	}
}

// Client sends messages. It is safe for concurrent use.
type Client struct {
	http http.Client
	base http.RoundTripper
	log  *slog.Logger
}

// NewClient returns a Client that sends through a copy of hc, and logs to log
// unless that is nil. Without a transport in hc it makes its own.
func NewClient(hc http.Client, log *slog.Logger) *Client {
	base := hc.Transport
	if base == nil {
		base = newTransport()
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{http: hc, base: base, log: log}
}

// Send carries m to the server, as often as the rules of this package allow.
// The error is nil whenever an answer came, whatever its status; the caller
// must Release the Answer. The end of ctx is reported at once.
func (c *Client) Send(ctx context.Context, m *Message) (Answer, error) {
	if err := ended(ctx); err != nil {
		return Answer{}, err
	}
	x := &exchange{client: c, message: m, deadline: time.Now().Add(m.Limits.Call)}
	if err := x.prepare(ctx); err != nil {
		return Answer{}, err
	}
	_, err := x.retry.Do(&x.request) // receive closes the body
	if m.Stream != nil {
		m.Stream.retire()
	}
	end := ended(ctx)
	switch {
	case err == nil, end == nil && x.answer.ReadErr != nil:
		return x.answer, nil
	case end != nil:
		err = end
	}
	x.answer.Release()
	return Answer{Attempts: x.answer.Attempts}, bare(err)
}
