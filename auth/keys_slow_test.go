package auth

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// slowTransport responds with the keys of a test after a while, like an endpoint far away.
type slowTransport struct {
	takes time.Duration
	calls int
}

func (s *slowTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls++
	select {
	case <-time.After(s.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	body, err := json.Marshal(map[string]any{"keys": []any{jwk(testKeyID, &testKey().PublicKey)}})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(string(body))), Request: r,
	}, nil
}

// Without any key a fetch may take as long as the client lets it, and no longer. As soon
// as a key can serve, a fetch ends early.
func TestSlowKeyEndpoint(t *testing.T) {
	t.Parallel()
	testKey()
	for name, test := range map[string]struct {
		takes   time.Duration
		options []clerk.Option
		fails   bool
	}{
		"2.5 s":                    {takes: 2500 * time.Millisecond},
		"8 s":                      {takes: 8 * time.Second},
		"longer than the client":   {takes: 11 * time.Second, fails: true},
		"8 s, an impatient client": {8 * time.Second, []clerk.Option{clerk.WithAttemptTimeout(5 * time.Second)}, true},
		"20 s, a patient client":   {takes: 20 * time.Second, options: []clerk.Option{clerk.WithAttemptTimeout(25 * time.Second)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				transport := &slowTransport{takes: test.takes}
				client, err := clerk.New("sk_test_keys", append(test.options, clerk.WithTransport(transport))...)
				if err != nil {
					t.Fatal(err)
				}
				k := newFetchedKeys(client, keyConfig(time.Now), nil)
				began := time.Now()
				_, _, err = k.key(context.Background(), testKeyID)
				if test.fails {
					if !errors.Is(err, ErrKeysUnavailable) {
						t.Errorf("error is %v, want ErrKeysUnavailable", err)
					}
					return
				}
				if took := time.Since(began); err != nil || took != test.takes {
					t.Fatalf("after %v: %v", took, err)
				}
				for range 100 {
					wantKey(t, k, testKeyID)
				}
				if took := time.Since(began); took != test.takes || transport.calls != 1 {
					t.Errorf("101 requests took %v and %d fetches", took, transport.calls)
				}
				time.Sleep(keyLifetime)
				began = time.Now()
				wantKey(t, k, testKeyID)
				if took := time.Since(began); took > 2*time.Second {
					t.Errorf("a request that an old key could serve waited %v", took)
				}
				time.Sleep(test.takes) // a fetch that goes on must end in the bubble
			})
		})
	}
}
