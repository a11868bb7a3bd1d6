package frontendproxy

import (
	"bufio"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func newReader(raw string) *bufio.Reader { return bufio.NewReader(strings.NewReader(raw)) }

// textLogger logs to records. The tests that read it serve one request at a time.
func textLogger(records *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(records, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// TestOddPathsNeverLeaveTheTarget sends paths made of everything by which a path may name
// another host, that of a second listener among it.
func TestOddPathsNeverLeaveTheTarget(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	host := other.Listener.Addr().String()
	clerk := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			w.Header()["Echo-"+name] = values
		}
		w.Header().Set("Location", r.URL.Query().Get("to"))
		if len(r.RequestURI)%7 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	records := &strings.Builder{}
	h := newProxy(t, clerk, WithLogger(textLogger(records)))
	parts := []string{"//", "/", "@", `\`, "%2f", "%2F", "%00", "%2e", ".", "..", "%2e%2e", ";", ":80", ":", host, "http://" + host, "user:pass@" + host,
		"a", "%5c", "%40", "%", "%zz", "?", "#", "//" + host, "@" + host, "%09", "é"}
	random := rand.New(rand.NewPCG(1, 2))
	reached, refused := 0, 0
	const paths = 1000
	for range paths {
		path := "/__clerk" + parts[random.IntN(2)]
		for range random.IntN(5) {
			path += parts[random.IntN(len(parts))]
		}
		if random.IntN(10) == 0 {
			path = "http://" + host + path
		}
		raw := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host)
		r, err := http.ReadRequest(newReader(raw))
		if err != nil {
			refused++ // by the server, before a handler sees it
			continue
		}
		r.RemoteAddr = "203.0.113.9:1"
		response := serve(t, h, r.WithContext(t.Context()))
		received := clerk.take()
		switch response.StatusCode {
		case http.StatusOK, http.StatusServiceUnavailable:
			reached++
			if len(received) != 1 || received[0].Host != clerk.Listener.Addr().String() {
				t.Errorf("%q: the target received %v", path, received)
			}
		case http.StatusBadRequest, http.StatusNotFound:
			refused++
			if received != nil {
				t.Errorf("%q is refused, and the target received it", path)
			}
		default:
			t.Errorf("%q: status %d", path, response.StatusCode)
		}
		if text := fmt.Sprint(response.Header, response.Trailer); strings.Contains(text, secretKey) {
			t.Errorf("%q: the response shows the key: %s", path, text)
		}
	}
	if reached < paths/5 || refused < paths/5 {
		t.Errorf("%d paths reached the target and %d were refused, want many of both", reached, refused)
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("another host received %d requests", n)
	}
	if text := records.String(); strings.Contains(text, secretKey) || strings.Count(text, "\n") != 1 || !strings.Contains(text, `failure="status 503"`) {
		t.Errorf("logged: %s", text)
	}
}
