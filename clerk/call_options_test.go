package clerk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestInvalidCallOptionsAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, opt := range map[string]clerk.CallOption{
		"authorization":  clerk.WithHeader("authorization", "Bearer hunter2"),
		"host":           clerk.WithHeader("Host", "evil.example"),
		"length":         clerk.WithHeader("Content-Length", "0"),
		"encoding":       clerk.WithHeader("accept-encoding", "gzip"),
		"no name":        clerk.WithHeader("", "x"),
		"name with CRLF": clerk.WithHeader("X\r\nY", "x"),
		"name with :":    clerk.WithHeader("X:", "x"),
		"value with LF":  clerk.WithHeader("X", "hunter2\nY: 1"),
		"timeout":        clerk.WithTimeout(0),
		"retries":        clerk.WithMaxRetries(-1),
		"body limit":     clerk.WithBodyLimit(0),
		"response":       clerk.WithResponse(nil),
		"nil":            nil,
	} {
		_, err := clerk.Call[thing](t.Context(), c, get("/things"), opt)
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Operation != "GetThing" || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v, want a RequestError", name, err)
		}
	}
}

func TestWithResponseClearsTheEarlierResponse(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, `{}`) })
	for id, want := range map[string]int{"a": http.StatusOK, "../b": 0} {
		meta := clerk.Response{StatusCode: 418, Attempts: 7, TraceID: "t", Header: http.Header{}}
		_, _ = clerk.Call[thing](t.Context(), c, get("/things/{id}", id), clerk.WithResponse(&meta))
		if meta.StatusCode != want || meta.Attempts == 7 || meta.TraceID != "" {
			t.Errorf("id %q: response %+v, want status %d", id, meta, want)
		}
	}
}
