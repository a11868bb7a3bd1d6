package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstWait = 250 * time.Millisecond
	maxWait   = 4 * time.Second
)

// checkRetry decides after each attempt whether to make another. If there is not
// enough time for the wait, the response is returned to the caller now.
func (x *exchange) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err != nil {
		err = x.explain(err)
	}
	retry := x.shouldRetry(ctx, resp, err)
	if retry || err != nil {
		x.report(resp, err, retry)
	}
	return retry, err
}

// shouldRetry decides whether to make another attempt, and sets the wait before it.
func (x *exchange) shouldRetry(ctx context.Context, resp *http.Response, err error) bool {
	attempts := x.response.Attempts
	if ctx.Err() != nil || attempts == 0 || attempts-x.held > x.message.Limits.Retries || x.message.Limits.Retries == 0 {
		return false
	}
	if s := x.message.Stream; s != nil && !s.repeatable() {
		return false
	}
	read := x.message.Method == http.MethodGet || x.message.Method == http.MethodHead
	x.retry.RetryWaitMin = 0
	if err != nil {
		x.wait = backoff(attempts)
		x.retry.RetryWaitMin = x.wait
		return read && !permanent(err) && x.fits(ctx)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if !read {
			return false
		}
	default:
		return false
	}
	after := retryAfter(resp.Header, time.Now())
	if after > x.message.Limits.RetryAfter {
		return false
	}
	if x.closesGate(resp.StatusCode, after) {
		// The gate ends this wait, and adds nothing: calls leave it one after another.
		x.wait = time.Until(x.client.line.opens(x.message.Key))
	} else {
		x.wait = after + backoff(attempts)
		x.retry.RetryWaitMin = x.wait
	}
	return x.fits(ctx)
}

// fits reports whether there would be time for an attempt after the wait.
func (x *exchange) fits(ctx context.Context) bool {
	next := time.Now().Add(x.wait)
	if end, ok := ctx.Deadline(); ok && !next.Before(end) {
		return false
	}
	return next.Before(x.deadline)
}

// scheduledWait returns the wait that shouldRetry has set.
func scheduledWait(wait, _ time.Duration, _ int, _ *http.Response) time.Duration { return wait }

// backoff returns a random wait between half a step and a whole step, so that many
// callers do not retry at the same time. The step doubles with each attempt.
func backoff(attempts int) time.Duration {
	step := maxWait
	if attempts < 5 {
		step = min(maxWait, firstWait<<(attempts-1))
	}
	return step/2 + rand.N(step/2+1)
}

// permanent reports whether another attempt would fail with the same error.
func permanent(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &dns) && dns.IsNotFound
}

// retryAfter reads the Retry-After header, in seconds or as a date. It returns 0
// when the header is absent, malformed, negative or in the past.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if strings.Trim(v, "0123456789") == "" {
		const most = math.MaxInt64 / uint64(time.Second)
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil || n > most {
			n = most
		}
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}
