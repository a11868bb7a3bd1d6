package clerk_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestInvalidOptionsAreRefused(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]clerk.Option{
		"no scheme":            clerk.WithBaseURL("api.clerk.com"),
		"empty URL":            clerk.WithBaseURL(""),
		"only a path":          clerk.WithBaseURL("/v1"),
		"other scheme":         clerk.WithBaseURL("ftp://api.clerk.com"),
		"no host":              clerk.WithBaseURL("https://"),
		"only a port":          clerk.WithBaseURL("https://:8080"),
		"opaque":               clerk.WithBaseURL("https:api.clerk.com"),
		"credentials":          clerk.WithBaseURL("https://user:hunter2@api.clerk.com"),
		"query":                clerk.WithBaseURL("https://api.clerk.com?token=hunter2"),
		"bare question mark":   clerk.WithBaseURL("https://api.clerk.com?"),
		"fragment":             clerk.WithBaseURL("https://api.clerk.com#hunter2"),
		"bare fragment":        clerk.WithBaseURL("https://api.clerk.com#"),
		"dot segment":          clerk.WithBaseURL("https://api.clerk.com/a/../b"),
		"encoded dot segment":  clerk.WithBaseURL("https://api.clerk.com/a/%2e%2e/b"),
		"malformed":            clerk.WithBaseURL("https://user:hunter2@api.clerk.com:x/%zz"),
		"empty version":        clerk.WithAPIVersion(""),
		"two segments":         clerk.WithAPIVersion("v1/x"),
		"dot segment version":  clerk.WithAPIVersion(".."),
		"nil client":           clerk.WithHTTPClient(nil),
		"nil transport":        clerk.WithTransport(nil),
		"nil logger":           clerk.WithLogger(nil),
		"zero attempt timeout": clerk.WithAttemptTimeout(0),
		"negative timeout":     clerk.WithTimeout(-time.Second),
		"negative retries":     clerk.WithMaxRetries(-1),
		"negative wait":        clerk.WithRetryAfterLimit(-1),
		"zero body limit":      clerk.WithBodyLimit(0),
		"negative limit":       clerk.WithFailureLimit(-1),
		"authorization":        clerk.WithHeader("authorization", "Bearer hunter2"),
		"header value with LF": clerk.WithHeader("X", "hunter2\nY: 1"),
		"nil option":           nil,
	} {
		c, err := clerk.New(testKey, opt)
		if err == nil || c != nil {
			t.Errorf("%s: client %v, error %v", name, c, err)
			continue
		}
		text := err.Error()
		if !strings.HasPrefix(text, "clerk: ") || strings.Contains(text, "\n") || strings.Contains(text, "hunter2") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestTheLastOfTwoOptionsWins(t *testing.T) {
	t.Parallel()
	var first, last atomic.Int32
	count := func(n *atomic.Int32) http.RoundTripper {
		return roundTripper(func(*http.Request) (*http.Response, error) {
			n.Add(1)
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		})
	}
	c, err := clerk.New(testKey,
		clerk.WithBaseURL("https://first.example"), clerk.WithBaseURL("https://last.example/x"),
		clerk.WithTransport(count(&first)), clerk.WithHTTPClient(&http.Client{Transport: count(&last)}),
		clerk.WithHTTPClient(&http.Client{Timeout: time.Minute}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clerk.Call[clerk.None](t.Context(), c, get("/things")); err != nil {
		t.Fatal(err)
	}
	if first.Load() != 0 || last.Load() != 1 || !strings.Contains(c.String(), "https://last.example/x/v1") {
		t.Errorf("first transport used %d times, last %d times; client %s", first.Load(), last.Load(), c)
	}
}
