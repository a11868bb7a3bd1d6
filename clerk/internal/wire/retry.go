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

// check decides after each attempt whether another one follows. A wait that
// does not fit is not begun, so that the answer at hand reaches the caller now.
func (x *exchange) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err != nil {
		err = x.explain(err)
	}
	again := x.again(ctx, resp, err)
	if again || err != nil {
		x.record(resp, err, again)
	}
	return again, err
}

func (x *exchange) again(ctx context.Context, resp *http.Response, err error) bool {
	attempts := x.answer.Attempts
	if ctx.Err() != nil || attempts == 0 || attempts > x.message.Limits.Retries {
		return false
	}
	if s := x.message.Stream; s != nil && !s.repeatable() {
		return false
	}
	read := x.message.Method == http.MethodGet || x.message.Method == http.MethodHead
	if err != nil {
		x.retry.RetryWaitMin = backoff(attempts)
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
	x.retry.RetryWaitMin = after + backoff(attempts)
	return x.fits(ctx)
}

// fits reports whether an attempt after the wait would still have time.
func (x *exchange) fits(ctx context.Context) bool {
	next := time.Now().Add(x.retry.RetryWaitMin)
	if end, ok := ctx.Deadline(); ok && !next.Before(end) {
		return false
	}
	return next.Before(x.deadline)
}

// shortest waits as check has decided: it cannot hand its decision on otherwise.
func shortest(wait, _ time.Duration, _ int, _ *http.Response) time.Duration { return wait }

// backoff returns a random wait between half of the step and the step, which
// doubles with each attempt: many callers must not come back together.
func backoff(attempts int) time.Duration {
	step := maxWait
	if attempts < 5 {
		step = min(maxWait, firstWait<<(attempts-1))
	}
	return step/2 + rand.N(step/2+1)
}

// permanent reports errors that another attempt would only meet again.
func permanent(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var dns *net.DNSError
	return errors.As(err, &cert) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &dns) && dns.IsNotFound
}

// retryAfter reads the header of that name, in seconds or as a date. It is 0
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
