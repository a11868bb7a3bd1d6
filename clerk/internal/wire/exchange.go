package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// exchange is one call under way. It is also the transport that its retrying
// client sees: as that has only RoundTrip, nothing above it can close the idle
// connections of the transport below.
type exchange struct {
	client  *Client
	message *Message
	retry   retryablehttp.Client
	http    http.Client
	request retryablehttp.Request

	answer   Answer
	deadline time.Time // of the call
	started  time.Time // of the attempt
	end      time.Time // of the attempt
	body     attemptBody
}

func (x *exchange) prepare(ctx context.Context) error {
	m := x.message
	// An empty URL parses to an empty *url.URL, which saves making a second one.
	r, err := http.NewRequestWithContext(ctx, m.Method, "", nil)
	if err != nil {
		return err
	}
	*r.URL, r.Host = m.URL, m.URL.Host
	for _, f := range m.Header {
		r.Header[f.Name] = f.Values
	}
	x.request.Request = r
	x.request.SetResponseHandler(x.receive)
	x.http = x.client.http
	x.http.Transport = x
	x.retry.HTTPClient = &x.http
	x.retry.RetryMax = m.Limits.Retries
	x.retry.CheckRetry = x.check
	x.retry.Backoff = shortest
	x.retry.ErrorHandler = giveUp
	switch {
	case m.Stream != nil:
		open := func() (io.Reader, error) { return m.Stream.open(ctx) }
		if err := x.request.SetBody(retryablehttp.ReaderFunc(open)); err != nil {
			return err
		}
		r.ContentLength = m.Stream.size
		// Without it net/http neither repeats an upload on its own nor opens
		// one for a redirect that is not going to be followed.
		r.GetBody = nil
	case m.Body != nil:
		return x.request.SetBody(m.Body)
	}
	return nil
}

// RoundTrip makes one attempt, whose time also covers the reading of its body.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	x.answer.Release()
	x.answer = Answer{Attempts: x.answer.Attempts + 1}
	x.started = time.Now()
	x.end = x.started.Add(x.message.Limits.Attempt)
	if x.deadline.Before(x.end) {
		x.end = x.deadline
	}
	ctx, cancel := context.WithDeadline(r.Context(), x.end)
	resp, err := x.client.base.RoundTrip(r.WithContext(ctx))
	if err != nil || resp == nil || resp.Body == nil {
		cancel()
		return resp, err
	}
	if location := resp.Header.Get("Location"); location != "" {
		if _, err := url.Parse(location); err != nil {
			// net/http would turn the whole answer into an error.
			resp.Header.Del("Location")
		}
	}
	// The attempt before has closed its body by now.
	x.body = attemptBody{resp.Body, cancel}
	resp.Body = &x.body
	return resp, nil
}

// receive reads the answer that is going to be the last one.
func (x *exchange) receive(resp *http.Response) error {
	defer resp.Body.Close()
	a := &x.answer
	a.Status, a.Header = resp.StatusCode, resp.Header
	a.RetryAfter = retryAfter(resp.Header, time.Now())
	limit := x.message.Limits.Failure
	if a.OK() {
		limit = x.message.Limits.Success
	}
	a.buffer = getBuffer()
	a.Body, a.Truncated, a.ReadErr = readUpTo((*a.buffer)[:0], resp.Body, resp.ContentLength, limit)
	if err := a.ReadErr; err != nil {
		a.ReadErr = x.explain(err)
		if a.OK() || ended(x.request.Context()) != nil {
			return err
		}
	}
	x.record(resp, nil, false)
	return nil
}

// giveUp stands in for the default that throws the last answer away.
func giveUp(resp *http.Response, err error, _ int) (*http.Response, error) {
	if resp != nil {
		resp.Body.Close()
	}
	return nil, err
}

// explain says which of our own limits is behind an error, if one is.
func (x *exchange) explain(err error) error {
	err = bare(err)
	if end := ended(x.request.Context()); end != nil {
		return end
	}
	now := time.Now()
	switch {
	case !errors.Is(err, context.DeadlineExceeded) || now.Before(x.end):
		return err
	case now.Before(x.deadline):
		return fmt.Errorf("attempt timeout of %s: %w", x.message.Limits.Attempt, err)
	default:
		return fmt.Errorf("call timeout of %s: %w", x.message.Limits.Call, err)
	}
}

// ended returns why ctx is over, or nil.
func ended(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); !errors.Is(err, cause) {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}

var errMalformed = errors.New("the answer is not HTTP")

// bare takes off the layers that print the URL and with it query values,
// replaces the errors that print header lines, and shortens those that quote
// what a server said, which may be megabytes.
func bare(err error) error {
	for {
		u, ok := err.(*url.Error)
		if !ok {
			break
		}
		err = u.Err
	}
	var protocol textproto.ProtocolError
	if errors.As(err, &protocol) {
		return errMalformed
	}
	if err != nil && len(err.Error()) > maxErrorText {
		return &shortError{err}
	}
	return err
}

const maxErrorText = 1 << 10

// shortError prints the beginning of an error.
type shortError struct{ err error }

func (e *shortError) Error() string {
	const more = "…"
	return strings.ToValidUTF8(e.err.Error()[:maxErrorText-len(more)], "") + more
}

func (e *shortError) Unwrap() error { return e.err }
