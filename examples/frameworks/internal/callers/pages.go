package callers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/cors"

	"github.com/backend-sdk/clerk-go/auth"
)

// A Script is a request that a script of a page sends, with JSON in its body.
type Script struct {
	Path, Body string
}

func (s Script) sendTo(handler http.Handler, prepare func(*http.Request)) *http.Response {
	r := httptest.NewRequest(http.MethodPost, "https://api.example.com"+s.Path, strings.NewReader(s.Body))
	r.Header.Set("Content-Type", "application/json")
	prepare(r)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// CheckCookies checks that the cookies of a signed-in user count, unless the Authenticator
// takes none.
func CheckCookies(t *testing.T, script Script, routes func(*auth.Authenticator) http.Handler) {
	t.Helper()
	for want, opts := range map[int][]auth.Option{http.StatusOK: nil, http.StatusUnauthorized: {auth.WithoutCookies()}} {
		clerk := New(t, opts...)
		got := script.sendTo(routes(clerk.Authenticator), func(r *http.Request) { clerk.SignInCookies(r, clerk.UserID) })
		if got.StatusCode != want {
			t.Errorf("status %d, want %d", got.StatusCode, want)
		}
	}
}

// CheckCORS checks that a page of another origin can ask whether it may send a token, and can
// read why it is refused, with CORS in front.
func CheckCORS(t *testing.T, script Script, routes func(*auth.Authenticator) http.Handler) {
	t.Helper()
	const page = "https://app.example.com"
	handler := cors.New(cors.Options{
		AllowedOrigins: []string{page},
		AllowedHeaders: []string{"Authorization", "Content-Type"},
		AllowedMethods: []string{http.MethodPost},
		ExposedHeaders: []string{"X-Clerk-Auth-Reason"},
	}).Handler(routes(New(t).Authenticator))

	preflight := script.sendTo(handler, func(r *http.Request) {
		r.Method = http.MethodOptions
		r.Header.Set("Origin", page)
		r.Header.Set("Access-Control-Request-Method", http.MethodPost)
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	})
	if preflight.StatusCode != http.StatusNoContent || preflight.Header.Get("Access-Control-Allow-Origin") != page {
		t.Errorf("the preflight has status %d, %v", preflight.StatusCode, preflight.Header)
	}
	refused := script.sendTo(handler, func(r *http.Request) {
		r.Header.Set("Origin", page)
		r.Header.Set("Authorization", "Bearer x")
	})
	if refused.StatusCode != http.StatusUnauthorized || refused.Header.Get("Access-Control-Allow-Origin") != page ||
		refused.Header.Get("X-Clerk-Auth-Reason") != string(auth.ReasonTokenInvalid) {
		t.Errorf("the refusal has status %d, %v", refused.StatusCode, refused.Header)
	}
	vary := strings.Join(refused.Header.Values("Vary"), ", ")
	for _, field := range []string{"Origin", "Authorization", "Cookie"} {
		if !strings.Contains(vary, field) {
			t.Errorf("Vary is %q, without %s", vary, field)
		}
	}
}
