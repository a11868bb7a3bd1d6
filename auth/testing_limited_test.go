package auth

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// limitedClerk is a Backend API with a rate limit: a bucket of 100 calls that fills up
// at 100 a second. It is a transport, so that it can be used where time is simulated.
type limitedClerk struct {
	latency time.Duration
	cookies []byte // the response to each refresh, and to each good nonce

	mu      sync.Mutex
	began   time.Time
	spent   float64 // of the bucket
	checked time.Time
	calls   map[string][]time.Time // by kind
	limited map[string]int
}

const (
	bucket = 100
	kindOf = "refresh nonce opaque user" // the kinds of calls
)

func newLimitedClerk(tb testing.TB, latency time.Duration) *limitedClerk {
	tb.Helper()
	token := mint(tb)
	return &limitedClerk{
		latency: latency,
		cookies: mustJSON(tb, map[string]any{"cookies": []string{"__session=" + token}, "directives": []string{"__session=" + token}}),
		began:   time.Now(), checked: time.Now(),
		calls: make(map[string][]time.Time), limited: make(map[string]int),
	}
}

func (l *limitedClerk) authenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	client := newClient(tb, "sk_live_x", clerk.WithTransport(l))
	a, err := New(client, append([]Option{WithJWTKey(testPEM(tb)), WithPublishableKey(liveKey), WithClock(testClock), everyType()}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func (l *limitedClerk) RoundTrip(r *http.Request) (*http.Response, error) {
	kind, status, body := l.answer(r)
	if !l.admits(kind) {
		return respondWith(http.StatusTooManyRequests, nil, "1"), nil
	}
	select {
	case <-time.After(l.latency):
		return respondWith(status, body, ""), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// answer returns the response to a call. Nonces and keys with "good" in them are good.
func (l *limitedClerk) answer(r *http.Request) (kind string, status int, body []byte) {
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	good := strings.Contains(r.URL.RawQuery+string(sent), "good")
	switch path := r.URL.Path; {
	case strings.HasSuffix(path, "/refresh"):
		return "refresh", http.StatusOK, l.cookies
	case strings.HasSuffix(path, "/handshake_payload") && good:
		return "nonce", http.StatusOK, l.cookies
	case strings.HasSuffix(path, "/handshake_payload"):
		return "nonce", http.StatusNotFound, nil
	case strings.HasSuffix(path, "/verify") && good:
		return "opaque", http.StatusOK, []byte(goodAPIKey)
	case strings.HasSuffix(path, "/verify"):
		return "opaque", http.StatusNotFound, nil
	default:
		return "user", http.StatusOK, []byte(`{"id":"user_1","object":"user"}`)
	}
}

// admits reports whether the rate limit lets a call pass.
func (l *limitedClerk) admits(kind string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.calls[kind] = append(l.calls[kind], now)
	l.spent = max(0, l.spent-bucket*now.Sub(l.checked).Seconds())
	l.checked = now
	if l.spent+1 > bucket {
		l.limited[kind]++
		return false
	}
	l.spent++
	return true
}

func respondWith(status int, body []byte, retryAfter string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	if retryAfter != "" {
		h.Set("Retry-After", retryAfter)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(string(body)))}
}

// count returns how many calls of a kind came, and how many of them were over the limit.
func (l *limitedClerk) count(kind string) (calls, limited int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.calls[kind]), l.limited[kind]
}

// busiest returns the highest number of calls of a kind in a second that begins after
// the time of warming up.
func (l *limitedClerk) busiest(kind string, warmUp time.Duration) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	most, from := 0, 0
	for to, at := range l.calls[kind] {
		for l.calls[kind][from].Before(l.began.Add(warmUp)) && from < to || at.Sub(l.calls[kind][from]) >= time.Second {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

// report logs the figures of each kind.
func (l *limitedClerk) report(t *testing.T) {
	t.Helper()
	took := time.Since(l.began)
	for kind := range strings.FieldsSeq(kindOf) {
		calls, limited := l.count(kind)
		t.Log(kind, calls, "calls in", took, "limited", strconv.Itoa(limited), "most in a second", l.busiest(kind, 0), "later", l.busiest(kind, 2*time.Second))
	}
}
