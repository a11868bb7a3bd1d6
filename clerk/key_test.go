package clerk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

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
			t.Errorf("New(%q): error %v", key, err)
		}
		_, err := clerk.Call[thing](t.Context(), c, get("/things"), clerk.WithKey(key))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != "key" || len(key) > 1 && strings.Contains(err.Error(), key) {
			t.Errorf("WithKey(%q): error %v", key, err)
		}
	}
}

func TestOnlyDevelopmentKeysAreSentOverPlainHTTP(t *testing.T) {
	t.Parallel()
	noNetwork := clerk.WithTransport(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	}))
	for _, test := range []struct {
		base, key string
		accepted  bool
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
		if (err == nil) != test.accepted {
			t.Errorf("New(%s) for %s: error %v, want accepted %v", test.key, test.base, err, test.accepted)
		}
		c, err := clerk.New("sk_test_a", clerk.WithBaseURL(test.base), noNetwork)
		if err != nil {
			t.Fatal(err)
		}
		_, err = clerk.Call[clerk.None](t.Context(), c, get("/things"), clerk.WithKey(test.key))
		if (err == nil) != test.accepted {
			t.Errorf("WithKey(%s) for %s: error %v, want accepted %v", test.key, test.base, err, test.accepted)
		}
	}
}
