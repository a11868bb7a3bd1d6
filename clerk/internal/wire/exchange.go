package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// exchange is one call in progress. It is also the transport of its retrying
// client. It has no CloseIdleConnections method, so the retrying client cannot close
// the idle connections of the transport that it sends through.
type exchange struct {
	client  *Client
	message *Message
	retry   retryablehttp.Client
	http    http.Client
	request retryablehttp.Request

	response Response
	number   uint64        // the place among the client's calls
	held     int           // attempts that closed the gate
	wait     time.Duration // before the next attempt
	deadline time.Time     // of the call
	idle     time.Time     // since when no attempt is under way
	started  time.Time     // of the attempt
	end      time.Time     // of the attempt
	body     attemptBody
}

// prepare sets up the request and the retrying client.
func (x *exchange) prepare(ctx context.Context) error {
	m := x.message
	// The empty URL parses to an empty *url.URL, which is filled in below.
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
	x.retry.RetryMax = math.MaxInt // checkRetry counts
	x.retry.CheckRetry = x.checkRetry
	x.retry.PrepareRetry = x.waitForTurn
	x.retry.Backoff = scheduledWait
	x.retry.ErrorHandler = giveUp
	switch {
	case m.Stream != nil:
		open := func() (io.Reader, error) { return m.Stream.open(ctx) }
		if err := x.request.SetBody(retryablehttp.ReaderFunc(open)); err != nil {
			return err
		}
		r.ContentLength = m.Stream.size
		// Without GetBody, net/http does not repeat an upload on its own, and
		// does not open one for a redirect that will not be followed.
		r.GetBody = nil
	case m.Body != nil:
		return x.request.SetBody(m.Body)
	}
	return nil
}

// RoundTrip makes one attempt. Its timeout also covers reading the body.
func (x *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	x.response.Release()
	x.response = Response{Attempts: x.response.Attempts + 1}
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
	x.closeGate(resp)
	if location := resp.Header.Get("Location"); location != "" {
		if _, err := url.Parse(location); err != nil {
			// net/http would return an error in place of the response.
			resp.Header.Del("Location")
		}
	}
	// The previous attempt has closed its body by now.
	x.body = attemptBody{resp.Body, cancel, x.message.Limits.Failure}
	resp.Body = &x.body
	return resp, nil
}

// receive reads the response that is returned to the caller.
func (x *exchange) receive(resp *http.Response) error {
	defer resp.Body.Close()
	r := &x.response
	r.Status, r.Header = resp.StatusCode, resp.Header
	r.RetryAfter = retryAfter(resp.Header, time.Now())
	limit := x.message.Limits.Failure
	if r.OK() {
		limit = x.message.Limits.Success
	}
	r.buffer = getBuffer()
	r.Body, r.Truncated, r.ReadErr = readUpTo((*r.buffer)[:0], resp.Body, resp.ContentLength, limit)
	if err := r.ReadErr; err != nil {
		r.ReadErr = x.explain(err)
		if r.OK() || ended(x.request.Context()) != nil {
			return err
		}
	}
	x.report(resp, nil, false)
	return nil
}

// giveUp returns err unchanged; the default error handler adds the URL to it.
func giveUp(resp *http.Response, err error, _ int) (*http.Response, error) {
	if resp != nil {
		resp.Body.Close()
	}
	return nil, err
}

// explain adds to err which timeout caused it, if one did.
func (x *exchange) explain(err error) error {
	err = sanitize(err)
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

// ended returns why ctx has ended, or nil.
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

var errMalformed = errors.New("malformed HTTP response")

// sanitize unwraps the errors that print the URL with its query values, replaces
// those that print header lines, and shortens those that quote the server, which
// may send megabytes.
func sanitize(err error) error {
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

// shortError prints only the beginning of an error.
type shortError struct{ err error }

func (e *shortError) Error() string {
	const more = "…"
	return strings.ToValidUTF8(e.err.Error()[:maxErrorText-len(more)], "") + more
}

func (e *shortError) Unwrap() error { return e.err }
