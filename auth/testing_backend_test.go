package auth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// backend is what these tests need of the Backend API. It counts requests.
type backend struct {
	*http.ServeMux
	client   *clerk.Client
	url      string
	requests atomic.Int32
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.requests.Add(1)
	b.ServeMux.ServeHTTP(w, r)
}

// newBackend serves the key that mint signs with, unless the keys handler is given.
func newBackend(tb testing.TB, keys http.HandlerFunc) *backend {
	tb.Helper()
	b := &backend{ServeMux: http.NewServeMux()}
	if keys == nil {
		keys = func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, testKeySet()) }
	}
	b.HandleFunc("GET /trap/v1/jwks", keys)
	server := httptest.NewServer(b)
	tb.Cleanup(server.Close)
	b.url = server.URL
	b.client = newClient(tb, "sk_live_"+rand.Text(), clerk.WithBaseURL(server.URL+"/trap"), clerk.WithRetryLimit(0))
	return b
}

func testKeySet() map[string]any {
	public := testKey().PublicKey
	return map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": testKeyID,
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}}}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func (b *backend) authenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	a, err := New(b.client, append([]Option{WithPublishableKey(liveKey), WithClock(testClock)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func newClient(tb testing.TB, secretKey string, opts ...clerk.Option) *clerk.Client {
	tb.Helper()
	client, err := clerk.New(secretKey, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// newUserBackend knows one user, once failures requests were answered with 503.
func newUserBackend(t *testing.T, failures int32) (*backend, *atomic.Int32) {
	t.Helper()
	fetches := new(atomic.Int32)
	b := newBackend(t, nil)
	b.HandleFunc("GET /trap/v1/users/{id}", func(w http.ResponseWriter, r *http.Request) {
		if fetches.Add(1) <= failures {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		writeJSON(w, map[string]any{"id": r.PathValue("id"), "object": "user", "first_name": "Ada"})
	})
	return b, fetches
}

// refreshing answers the one refresh of a test.
func refreshing(tb testing.TB, answer http.HandlerFunc) (*Authenticator, *atomic.Int32) {
	b := newBackend(tb, nil)
	var asked atomic.Int32
	b.HandleFunc("POST /trap/v1/sessions/{id}/refresh", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	})
	return b.authenticator(tb), &asked
}

// machineBackend is a backend whose verification endpoints give one answer, and
// that remembers what it was asked.
type machineBackend struct {
	*backend
	mu    sync.Mutex
	asked []question
}

// question is one request for the verification of a token.
type question struct{ path, key, body string }

// An answer of each endpoint about a token that is good.
const (
	goodAPIKey = `{"object":"api_key","id":"ak_id","type":"api_key","subject":"user_1","name":"CI","claims":{"tier":1},
		"scopes":["read","write"],"revoked":false,"revocation_reason":null,"expired":false,"expiration":null,
		"created_by":null,"last_used_at":null,"created_at":1716883200000,"updated_at":1716883200000}`
	goodM2M = `{"object":"machine_to_machine_token","id":"mt_id","subject":"mch_1","claims":{"sub":"user_evil","iss":"x"},"scopes":["mch_2"],
		"revoked":false,"revocation_reason":null,"expired":false,"expiration":1716883260000,"last_used_at":null,
		"created_at":1716883200000,"updated_at":1716883200000}`
	goodOAuth = `{"object":"clerk_idp_oauth_access_token","id":"oat_id","client_id":"client_1","subject":"user_2","scopes":["email"],
		"revoked":false,"revocation_reason":null,"expired":false,"expiration":1716883260000,
		"created_at":1716883200000,"updated_at":1716883200000}`
)

func newMachineBackend(tb testing.TB, status int, body string) *machineBackend {
	tb.Helper()
	return newRecordingBackend(tb, func(w http.ResponseWriter, r *http.Request) {
		if body == "" {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, goodResponse(r.URL.Path))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

func newRecordingBackend(tb testing.TB, answer http.HandlerFunc) *machineBackend {
	tb.Helper()
	b := &machineBackend{backend: newBackend(tb, nil)}
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			tb.Error(err)
		}
		b.mu.Lock()
		b.asked = append(b.asked, question{strings.TrimPrefix(r.URL.Path, "/trap/v1"), r.Header.Get("Authorization"), string(body)})
		b.mu.Unlock()
		answer(w, r)
	}
	for _, path := range []string{"/api_keys/verify", "/m2m_tokens/verify", "/oauth_applications/access_tokens/verify"} {
		b.HandleFunc("POST /trap/v1"+path, handler)
	}
	return b
}

func goodResponse(path string) string {
	switch {
	case strings.Contains(path, "api_keys"):
		return goodAPIKey
	case strings.Contains(path, "m2m"):
		return goodM2M
	default:
		return goodOAuth
	}
}

func (b *machineBackend) questions() []question {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked
}

// everyType is the option that accepts all types.
func everyType() Option { return WithAcceptedTokens(SessionToken, APIKey, M2MToken, OAuthToken) }
