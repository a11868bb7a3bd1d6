package wire

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfterInSecondsAndAsADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                                 0,
		"0":                                0,
		"3":                                3 * time.Second,
		" 3 ":                              3 * time.Second,
		"-1":                               0,
		"+3":                               0,
		"1.5":                              0,
		"abc":                              0,
		"3, 4":                             0,
		"99999999":                         99999999 * time.Second,
		"9223372036":                       9223372036 * time.Second,
		"9223372037":                       math.MaxInt64 / time.Second * time.Second,
		"99999999999999999999999999999999": math.MaxInt64 / time.Second * time.Second,
		"Tue, 01 Sep 2026 12:00:07 GMT":    7 * time.Second,
		"Tuesday, 01-Sep-26 12:01:00 GMT":  time.Minute,
		"Tue Sep  1 12:00:02 2026":         2 * time.Second,
		"Tue, 01 Sep 2026 11:59:59 GMT":    0,
		"Tue, 01 Sep 2026 12:00:07 +0200":  0,
	} {
		if got := retryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", value, got, want)
		}
	}
	if got := retryAfter(nil, now); got != 0 {
		t.Errorf("retryAfter without a header = %v, want 0", got)
	}
}

// FuzzRetryAfter checks that a wait is what the header asks for, with a limit for what
// no time.Duration can hold, and that it is never shorter than one that asks for less.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"", "1", "-1", "007", " 9\t", "1e3", "9223372036", "9223372037", "18446744074", "18446744073709551616", "99999999999999999999999",
		"Tue, 01 Sep 2026 12:00:07 GMT", "Tuesday, 01-Sep-26 12:00:07 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT",
	} {
		f.Add(seed, "120", int64(0))
		f.Add(seed, "99999999999999999999999", int64(0))
		f.Add("Tue, 01 Sep 2026 12:00:06 GMT", seed, int64(1788264000))
	}
	f.Fuzz(func(t *testing.T, first, second string, seconds int64) {
		now := time.Unix(seconds%(1<<36), 0)
		waits := [2]time.Duration{}
		for i, value := range []string{first, second} {
			waits[i] = retryAfter(http.Header{"Retry-After": {value}}, now)
			asked := secondsAsked(value, now)
			if want := new(big.Int).Mul(asked, big.NewInt(int64(time.Second))); want.IsInt64() && waits[i] != time.Duration(want.Int64()) {
				t.Errorf("%q at %v: %v, want %v seconds", value, now, waits[i], asked)
			}
		}
		const longest = math.MaxInt64 / time.Second * time.Second // of those that are whole seconds
		order := secondsAsked(first, now).Cmp(secondsAsked(second, now))
		if order*cmp.Compare(min(waits[0], longest), min(waits[1], longest)) < 0 {
			t.Errorf("at %v, %q means %v and %q means %v", now, first, waits[0], second, waits[1])
		}
	})
}

// secondsAsked returns how many seconds after now a Retry-After header names, however
// many, or 0 if it names none.
func secondsAsked(value string, now time.Time) *big.Int {
	value = strings.TrimSpace(value)
	if value != "" && strings.Trim(value, "0123456789") == "" {
		n, _ := new(big.Int).SetString(value, 10)
		return n
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return new(big.Int)
	}
	return big.NewInt(max(0, date.Unix()-now.Unix()))
}

func TestBackoffGrowsWithinItsBounds(t *testing.T) {
	t.Parallel()
	for attempts, step := range map[int]time.Duration{
		1: firstWait, 2: 2 * firstWait, 3: 4 * firstWait, 4: 8 * firstWait, 5: maxWait, 6: maxWait, 100: maxWait,
	} {
		seen := map[time.Duration]bool{}
		for range 200 {
			d := backoff(attempts)
			if d < step/2 || d > step {
				t.Fatalf("after %d attempts: %v, want %v to %v", attempts, d, step/2, step)
			}
			seen[d] = true
		}
		if len(seen) < 100 {
			t.Errorf("after %d attempts: only %d different waits of 200", attempts, len(seen))
		}
	}
}

func TestPermanentErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{io.EOF, false},
		{io.ErrUnexpectedEOF, false},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, false},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, false},
		{&net.DNSError{IsTemporary: true}, false},
		{errors.New("http2: client connection lost"), false},
		{fmt.Errorf("wrapped: %w", &net.DNSError{IsNotFound: true}), true},
		{&tls.CertificateVerificationError{Err: errors.New("expired")}, true},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, true},
		{http.ErrSchemeMismatch, true},
	} {
		if got := permanent(test.err); got != test.want {
			t.Errorf("permanent(%v) = %v, want %v", test.err, got, test.want)
		}
	}
}

func TestWhichAttemptsAreRetried(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method string
		steps        []func() (*http.Response, error)
		retries      int
		wantAttempts int
		wantStatus   int // 0 for an error
	}{
		{"read, success", "GET", []func() (*http.Response, error){status(200)}, 2, 1, 200},
		{"read, 429 each time", "GET", []func() (*http.Response, error){status(429)}, 2, 3, 429},
		{"read, 429 once", "GET", []func() (*http.Response, error){status(429), status(200)}, 2, 2, 200},
		{"read, 502", "GET", []func() (*http.Response, error){status(502), status(200)}, 2, 2, 200},
		{"read, 503", "GET", []func() (*http.Response, error){status(503), status(200)}, 2, 2, 200},
		{"read, 504", "HEAD", []func() (*http.Response, error){status(504), status(200)}, 2, 2, 200},
		{"read, 500", "GET", []func() (*http.Response, error){status(500)}, 2, 1, 500},
		{"read, 501", "GET", []func() (*http.Response, error){status(501)}, 2, 1, 501},
		{"read, 404", "GET", []func() (*http.Response, error){status(404)}, 2, 1, 404},
		{"read, 302", "GET", []func() (*http.Response, error){status(302, "Location", "/x")}, 2, 1, 302},
		{"read, lost connection", "GET", []func() (*http.Response, error){lost, lost, status(200)}, 2, 3, 200},
		{"read, lost each time", "GET", []func() (*http.Response, error){lost}, 2, 3, 0},
		{"read, lost in the body", "GET", []func() (*http.Response, error){cutOff, status(200)}, 2, 2, 200},
		{"read, no retries", "GET", []func() (*http.Response, error){status(503)}, 0, 1, 503},
		{"read, five retries", "GET", []func() (*http.Response, error){status(503)}, 5, 6, 503},
		{"write, 429", "POST", []func() (*http.Response, error){status(429), status(201)}, 2, 2, 201},
		{"write, 429 each time", "PATCH", []func() (*http.Response, error){status(429)}, 2, 3, 429},
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
				resp, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), m)
				if *sent != test.wantAttempts || resp.Attempts != test.wantAttempts {
					t.Errorf("sent %d attempts and counted %d, want %d", *sent, resp.Attempts, test.wantAttempts)
				}
				if resp.Status != test.wantStatus || (err == nil) != (test.wantStatus != 0) {
					t.Errorf("status %d, error %v, want status %d", resp.Status, err, test.wantStatus)
				}
				resp.Release()
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
		{name: "fits, as often as the time lasts", after: "4", wantAttempts: 8, wantWait: 28 * time.Second},
		{name: "fits, without retries", after: "4", limits: func(l *Limits) { l.Retries = 0 }, wantAttempts: 1},
		{name: "at once", after: "0", wantAttempts: 3},
		{name: "malformed", after: "abc", wantAttempts: 3},
		{name: "negative", after: "-1", wantAttempts: 3},
		{name: "absent", wantAttempts: 3},
		{name: "over the limit", after: "16", wantAttempts: 1},
		{name: "over any limit", after: "99999999", wantAttempts: 1},
		{name: "second does not fit the call", after: "14", limits: func(l *Limits) { l.Call = 20 * time.Second }, wantAttempts: 2, wantWait: 14 * time.Second},
		{name: "does not fit the deadline", after: "4", deadline: 4 * time.Second, wantAttempts: 1},
		{name: "fits the deadline", after: "4", deadline: 6 * time.Second, wantAttempts: 2, wantWait: 4 * time.Second},
		{name: "limit of 0", after: "1", limits: func(l *Limits) { l.RetryAfter = 0 }, wantAttempts: 1},
		{name: "date", after: "Sat, 01 Jan 2000 00:00:04 GMT", wantAttempts: 4, wantWait: 4 * time.Second},
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
				resp, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(ctx, message("POST", limits))
				if err != nil || resp.Status != 429 || *sent != test.wantAttempts {
					t.Fatalf("%d attempts, status %d, error %v; want %d attempts and a 429", *sent, resp.Status, err, test.wantAttempts)
				}
				jitter := time.Duration(max(0, test.wantAttempts-1)) * 2 * firstWait
				if waited := time.Since(begin); waited < test.wantWait || waited > test.wantWait+jitter {
					t.Errorf("waited %v, want %v and up to %v more", waited, test.wantWait, jitter)
				}
				resp.Release()
			})
		})
	}
}
