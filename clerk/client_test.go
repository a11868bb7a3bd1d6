package clerk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestFromEnv(t *testing.T) {
	for _, test := range []struct {
		name             string
		key, url, path   string
		opts             []clerk.Option
		want, wantError  string
		wantInstanceType clerk.InstanceType
	}{
		{name: "no variables", wantError: "clerk: CLERK_SECRET_KEY is not set"},
		{name: "defaults", key: testKey, want: "https://api.clerk.com/v1", wantInstanceType: clerk.Development},
		{name: "all variables", key: "sk_live_a", url: "https://x.example/y", path: "v2", want: "https://x.example/y/v2", wantInstanceType: clerk.Production},
		{name: "machine", key: "ak_a", want: "https://api.clerk.com/v1)"},
		{name: "option wins", key: "live_a", url: "https://x.example", opts: []clerk.Option{clerk.WithBaseURL("https://y.example")}, want: "https://y.example/v1", wantInstanceType: clerk.Production},
		{name: "publishable key", key: "pk_test_hunter2", wantError: "clerk: CLERK_SECRET_KEY: "},
		{name: "key with a newline", key: "sk_test_hunter2\n", wantError: "clerk: CLERK_SECRET_KEY: "},
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
				t.Errorf("client %s of type %q, want %s of type %q", got, c.InstanceType(), test.want, test.wantInstanceType)
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
				t.Errorf("%s of %T printed %s", verb, v, text)
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
		t.Errorf("logged %s", log.String())
	}
	if got, want := fmt.Sprint(c), "clerk.Client(http://localhost:1/v1, development)"; got != want {
		t.Errorf("printed %s, want %s", got, want)
	}
}

func TestANilOrZeroClientIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []*clerk.Client{nil, {}} {
		_, err := clerk.Call[thing](t.Context(), c, get("/things"))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) {
			t.Errorf("%v, want a RequestError", err)
		}
		if c.InstanceType() != "" {
			t.Errorf("instance type %q, want none", c.InstanceType())
		}
	}
}
