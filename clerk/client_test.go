package clerk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestKeysThatCannotBeSecretKeysAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, key := range []string{
		"", " ", "pk_test_Y2xlcmsuZXhhbXBsZSQ", "pk_live_Y2xlcmsuZXhhbXBsZSQ", "sk_test_a b", " sk_test_a", "sk_test_a\n",
		"sk_test_a\r\nX-Evil: 1", "sk_test_\t", "sk_test_\x00", "sk_test_é", "sk_test_\x7f",
	} {
		if _, err := clerk.New(key); err == nil || len(key) > 1 && strings.Contains(err.Error(), key) {
			t.Errorf("New(%q): %v", key, err)
		}
		_, err := clerk.Call[thing](t.Context(), c, get("/things"), clerk.WithKey(key))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != "key" || len(key) > 1 && strings.Contains(err.Error(), key) {
			t.Errorf("WithKey(%q): %v", key, err)
		}
	}
}

func TestOnlyDevelopmentKeysTravelOverPlainHTTPToOtherComputers(t *testing.T) {
	t.Parallel()
	noNetwork := clerk.WithTransport(answer(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	}))
	for _, test := range []struct {
		base, key string
		taken     bool
	}{
		{"http://api.example", "sk_live_a", false},
		{"http://api.example", "live_a", false},
		{"http://api.example", "ak_a", false},
		{"http://api.example", "sk_a", false},
		{"http://10.0.0.1:8080", "sk_live_a", false},
		{"http://localhost.evil.example", "sk_live_a", false},
		{"http://127.0.0.1.evil.example", "sk_live_a", false},
		{"http://0.0.0.0", "sk_live_a", false},
		{"HTTP://api.example", "sk_live_a", false},
		{"http://api.example", "sk_test_a", true},
		{"http://api.example", "test_a", true},
		{"https://api.example", "sk_live_a", true},
		{"https://api.example", "ak_a", true},
		{"http://localhost:8080", "sk_live_a", true},
		{"http://LOCALHOST", "sk_live_a", true},
		{"http://127.0.0.1", "sk_live_a", true},
		{"http://127.9.9.9:1", "ak_a", true},
		{"http://[::1]:8080", "live_a", true},
	} {
		_, err := clerk.New(test.key, clerk.WithBaseURL(test.base))
		if (err == nil) != test.taken {
			t.Errorf("New(%s) for %s: %v", test.key, test.base, err)
		}
		c, err := clerk.New("sk_test_a", clerk.WithBaseURL(test.base), noNetwork)
		if err != nil {
			t.Fatal(err)
		}
		_, err = clerk.Call[clerk.None](t.Context(), c, get("/things"), clerk.WithKey(test.key))
		if (err == nil) != test.taken {
			t.Errorf("WithKey(%s) for %s: %v", test.key, test.base, err)
		}
	}
}

func TestOptionsAreCheckedAtOnce(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]clerk.Option{
		"no scheme":           clerk.WithBaseURL("api.clerk.com"),
		"empty URL":           clerk.WithBaseURL(""),
		"only a path":         clerk.WithBaseURL("/v1"),
		"other scheme":        clerk.WithBaseURL("ftp://api.clerk.com"),
		"no host":             clerk.WithBaseURL("https://"),
		"only a port":         clerk.WithBaseURL("https://:8080"),
		"opaque":              clerk.WithBaseURL("https:api.clerk.com"),
		"credentials":         clerk.WithBaseURL("https://user:hunter2@api.clerk.com"),
		"query":               clerk.WithBaseURL("https://api.clerk.com?token=hunter2"),
		"bare question mark":  clerk.WithBaseURL("https://api.clerk.com?"),
		"fragment":            clerk.WithBaseURL("https://api.clerk.com#hunter2"),
		"bare fragment":       clerk.WithBaseURL("https://api.clerk.com#"),
		"dot segment":         clerk.WithBaseURL("https://api.clerk.com/a/../b"),
		"encoded dot segment": clerk.WithBaseURL("https://api.clerk.com/a/%2e%2e/b"),
		"malformed":           clerk.WithBaseURL("https://user:hunter2@api.clerk.com:x/%zz"),
		"no version":          clerk.WithAPIVersion(""),
		"two segments":        clerk.WithAPIVersion("v1/x"),
		"dots for a version":  clerk.WithAPIVersion(".."),
		"nil client":          clerk.WithHTTPClient(nil),
		"nil transport":       clerk.WithTransport(nil),
		"nil logger":          clerk.WithLogger(nil),
		"no attempt timeout":  clerk.WithAttemptTimeout(0),
		"no call timeout":     clerk.WithCallTimeout(-time.Second),
		"negative retries":    clerk.WithRetryLimit(-1),
		"negative wait":       clerk.WithRetryAfterLimit(-1),
		"no success limit":    clerk.WithBodyLimits(0, 1),
		"no failure limit":    clerk.WithBodyLimits(1, -1),
		"nil option":          nil,
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
		return answer(func(*http.Request) (*http.Response, error) {
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
		t.Errorf("first transport %d times, last %d times, %s", first.Load(), last.Load(), c)
	}
}

func TestFromEnv(t *testing.T) {
	for _, test := range []struct {
		name             string
		key, url, path   string
		opts             []clerk.Option
		want, wantError  string
		wantInstanceType clerk.InstanceType
	}{
		{name: "nothing", wantError: "clerk: CLERK_SECRET_KEY is not set"},
		{name: "defaults", key: testKey, want: "https://api.clerk.com/v1", wantInstanceType: clerk.Development},
		{name: "all", key: "sk_live_a", url: "https://x.example/y", path: "v2", want: "https://x.example/y/v2", wantInstanceType: clerk.Production},
		{name: "machine", key: "ak_a", want: "https://api.clerk.com/v1)"},
		{name: "option wins", key: "live_a", url: "https://x.example", opts: []clerk.Option{clerk.WithBaseURL("https://y.example")}, want: "https://y.example/v1", wantInstanceType: clerk.Production},
		{name: "publishable key", key: "pk_test_hunter2", wantError: "clerk: CLERK_SECRET_KEY: "},
		{name: "line end", key: "sk_test_hunter2\n", wantError: "clerk: CLERK_SECRET_KEY: "},
		{name: "live key over http", key: "sk_live_hunter2", url: "http://x.example", wantError: "clerk: CLERK_SECRET_KEY: "},
		{name: "bad URL", key: testKey, url: "hunter2@x.example", wantError: "clerk: CLERK_API_URL: base URL: "},
		{name: "bad version", key: testKey, path: "v1/hunter2", wantError: "clerk: CLERK_API_VERSION: API version segment "},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("CLERK_SECRET_KEY", test.key)
			t.Setenv("CLERK_API_URL", test.url)
			t.Setenv("CLERK_API_VERSION", test.path)
			c, err := clerk.FromEnv(test.opts...)
			if test.wantError != "" {
				if err == nil || !strings.HasPrefix(err.Error(), test.wantError) || strings.Contains(err.Error(), "hunter2") {
					t.Fatalf("error %v, want %s…", err, test.wantError)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := c.String(); !strings.Contains(got, test.want) || c.InstanceType() != test.wantInstanceType {
				t.Errorf("%s of type %q, want %s of type %q", got, c.InstanceType(), test.want, test.wantInstanceType)
			}
		})
	}
}

func TestNothingPrintsTheSecretKey(t *testing.T) {
	t.Parallel()
	const secret = "sk_test_hunter2"
	var log bytes.Buffer
	c, err := clerk.New(secret, clerk.WithBaseURL("http://localhost:1"))
	if err != nil {
		t.Fatal(err)
	}
	holder := struct {
		c       clerk.Client
		p       *clerk.Client
		Public  *clerk.Client
		options []clerk.CallOption
	}{*c, c, c, []clerk.CallOption{clerk.WithKey(secret)}}
	for _, v := range []any{c, *c, &c, holder, &holder, []any{c}, map[string]any{"c": *c}, clerk.WithKey(secret), &clerk.Client{}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%T"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") {
				t.Errorf("%s of %T: %s", verb, v, text)
			}
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			slog.New(h).Info("x", slog.Any("v", v))
		}
	}
	encoded, err := json.Marshal(struct{ C *clerk.Client }{c})
	if err != nil {
		t.Fatal(err)
	}
	log.Write(encoded)
	if strings.Contains(log.String(), "hunter2") {
		t.Errorf("logged: %s", log.String())
	}
	if got, want := fmt.Sprint(c), "clerk.Client(http://localhost:1/v1, development)"; got != want {
		t.Errorf("printed %s, want %s", got, want)
	}
}

func TestAClientThatNoOneMadeIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []*clerk.Client{nil, {}} {
		_, err := clerk.Call[thing](t.Context(), c, get("/things"))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) {
			t.Errorf("%v, want a RequestError", err)
		}
		if c.InstanceType() != "" {
			t.Errorf("instance type %q", c.InstanceType())
		}
	}
}

func TestAFinishedClientDoesNotChange(t *testing.T) {
	t.Parallel()
	c, err := clerk.New(testKey)
	if err != nil {
		t.Fatal(err)
	}
	before := c.String()
	if err := clerk.WithBaseURL("https://evil.example")(c); err == nil || c.String() != before {
		t.Errorf("error %v, now %s", err, c)
	}
}
