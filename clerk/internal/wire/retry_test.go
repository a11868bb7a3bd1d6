package wire

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"syscall"
	"testing"
	"time"
)

func TestRetryAfterInBothForms(t *testing.T) {
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
		t.Errorf("RetryAfter without a header = %v", got)
	}
}

func FuzzRetryAfterIsNeverNegative(f *testing.F) {
	for _, seed := range []string{"1", "-1", "99999999999999999999", "Tue, 01 Sep 2026 12:00:07 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if d := retryAfter(http.Header{"Retry-After": {value}}, time.Unix(0, 0)); d < 0 {
			t.Fatalf("%q: %v", value, d)
		}
	})
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

func TestWhatAnotherAttemptWouldOnlyMeetAgain(t *testing.T) {
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
			t.Errorf("permanent(%v) = %v", test.err, got)
		}
	}
}

func TestBareTakesEveryURLOff(t *testing.T) {
	t.Parallel()
	inner := &url.Error{Op: "Get", URL: "http://x/?secret=1", Err: io.EOF}
	if got := bare(&url.Error{Op: "Get", URL: "http://x/?secret=1", Err: inner}); got != io.EOF {
		t.Errorf("%v, want EOF", got)
	}
	header := fmt.Errorf("broken: %w", textproto.ProtocolError("malformed MIME header line: Set-Cookie secret"))
	if got := bare(header); got != errMalformed {
		t.Errorf("%v, want no header line", got)
	}
}
