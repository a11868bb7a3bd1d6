package auth

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// backend is the part of the Backend API that these tests need. It counts requests.
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

// newBackend serves the key that mint signs with, unless keys is given to serve others.
func newBackend(tb testing.TB, keys http.HandlerFunc) *backend {
	tb.Helper()
	b := &backend{ServeMux: http.NewServeMux()}
	if keys == nil {
		keys = respondWithKeys(jwk(testKeyID, &testKey().PublicKey))
	}
	b.HandleFunc("GET /trap/v1/jwks", keys)
	server := httptest.NewServer(b)
	tb.Cleanup(server.Close)
	b.url = server.URL
	b.client = newClient(tb, "sk_live_"+rand.Text(), clerk.WithBaseURL(server.URL+"/trap"), clerk.WithMaxRetries(0))
	return b
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

// newUserBackend serves any user, except that it responds with 503 to the first
// failures requests for one. It returns the number of those requests, too.
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

// refreshing returns an Authenticator whose backend handles refreshes with refresh, and
// counts them.
func refreshing(tb testing.TB, refresh http.HandlerFunc) (*Authenticator, *atomic.Int32) {
	b := newBackend(tb, nil)
	var refreshes atomic.Int32
	b.HandleFunc("POST /trap/v1/sessions/{id}/refresh", func(w http.ResponseWriter, r *http.Request) {
		refreshes.Add(1)
		refresh(w, r)
	})
	return b.authenticator(tb), &refreshes
}

// machineBackend is a backend that verifies tokens of machines and records the calls.
type machineBackend struct {
	*backend
	mu    sync.Mutex
	calls []verifyCall
}

// verifyCall is one request for the verification of a token.
type verifyCall struct{ path, key, body string }

// The response of each endpoint for a valid token.
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

// newMachineBackend responds to each verification with status and body, or as for a
// valid token where body is empty.
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

// newRecordingBackend verifies tokens with verify.
func newRecordingBackend(tb testing.TB, verify http.HandlerFunc) *machineBackend {
	tb.Helper()
	b := &machineBackend{backend: newBackend(tb, nil)}
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			tb.Error(err)
		}
		b.mu.Lock()
		b.calls = append(b.calls, verifyCall{strings.TrimPrefix(r.URL.Path, "/trap/v1"), r.Header.Get("Authorization"), string(body)})
		b.mu.Unlock()
		verify(w, r)
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

func (b *machineBackend) verifyCalls() []verifyCall {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls
}

// everyType returns the option that accepts all types.
func everyType() Option { return WithAcceptedTokens(SessionToken, APIKey, M2MToken, OAuthToken) }

// anyType is the option of an endpoint or a call that accepts all types.
var anyType = Accepts(allTokenTypes[:]...)

func badGateway(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
