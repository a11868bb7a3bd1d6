package frontendproxy

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

const (
	secretKey = "sk_live_4f9c2e7d1b8a"
	liveKey   = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k" // clerk.example.com
	publicURL = "https://app.example.com"
)

// publishableKeyOf returns the key of an instance whose frontend API is at host.
func publishableKeyOf(prefix, host string) string {
	return prefix + base64.StdEncoding.EncodeToString([]byte(host+"$"))
}

// target stands for Clerk's frontend API, and keeps what it received.
type target struct {
	*httptest.Server
	mu       sync.Mutex
	received []received
}

// received is what a target received.
type received struct {
	*http.Request
	body string
}

// newTarget starts a target that responds with respond, or an empty object if that is nil.
func newTarget(tb testing.TB, respond http.HandlerFunc) *target {
	tb.Helper()
	t := &target{}
	t.Server = httptest.NewServer(t.recording(respond))
	tb.Cleanup(t.Close)
	return t
}

func (t *target) recording(respond http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a body that the proxy broke off never arrives as a whole
		}
		t.mu.Lock()
		t.received = append(t.received, received{r, string(body)})
		t.mu.Unlock()
		if respond != nil {
			respond(w, r)
		}
	})
}

// take returns what the target received since the last call.
func (t *target) take() []received {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.received
	t.received = nil
	return list
}

// one returns the only request that the target received since the last call.
func (t *target) one(tb testing.TB) received {
	tb.Helper()
	list := t.take()
	if len(list) != 1 {
		tb.Fatalf("the target received %d requests, want 1", len(list))
	}
	return list[0]
}

// newProxy returns a proxy in front of t at /__clerk of publicURL, unless opts say otherwise.
func newProxy(tb testing.TB, t *target, opts ...Option) *Handler {
	tb.Helper()
	h, err := New(secretKey, liveKey, "/__clerk", append([]Option{WithTarget(t.URL), WithPublicOrigin(publicURL)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(h.p.transport.CloseIdleConnections)
	return h
}

// newRequest returns a request from a peer that is not trusted.
func newRequest(tb testing.TB, method, target string, body io.Reader) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), method, target, body)
	r.RemoteAddr = "203.0.113.9:1234"
	return r
}

// serve returns the response of h.
func serve(tb testing.TB, h http.Handler, r *http.Request) *http.Response {
	tb.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// front serves h on loopback, where raw requests can be sent to it.
func front(tb testing.TB, h http.Handler) *httptest.Server {
	tb.Helper()
	server := httptest.NewServer(h)
	tb.Cleanup(server.Close)
	return server
}

// sendRaw sends the bytes of a request, which no client mends, and returns the response.
func sendRaw(tb testing.TB, server *httptest.Server, raw string) *http.Response {
	tb.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, raw); err != nil {
		tb.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		tb.Fatalf("%.100q: %v", raw, err)
	}
	tb.Cleanup(func() { response.Body.Close() })
	return response
}

// get is a raw GET request for a target in any form.
func get(target string, fields ...string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: app.example.com\r\n%s\r\n", target, lines(fields))
}

func lines(fields []string) string {
	var b strings.Builder
	for _, field := range fields {
		b.WriteString(field + "\r\n")
	}
	return b.String()
}

// wantError checks a response of the proxy itself.
func wantError(tb testing.TB, response *http.Response, status int, code string) {
	tb.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	if response.StatusCode != status || !strings.HasPrefix(string(body), `{"errors":[{"code":"`+code+`","message":"`) ||
		response.Header.Get("Cache-Control") != "no-store" || response.Header.Get("Content-Type") != "application/json" {
		tb.Errorf("the response is %d %v %s, want %d with the code %s", response.StatusCode, response.Header, body, status, code)
	}
}
