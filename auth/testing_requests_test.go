package auth

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The publishable keys of the instance of testIssuer, as if it were in production
// and as if it were in development.
var (
	liveKey = publishableKeyOf("pk_live_", "clerk.example.com")
	devKey  = publishableKeyOf("pk_test_", "clerk.example.com")
)

func publishableKeyOf(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

// newTestAuthenticator accepts what mint makes, in production, with no client.
func newTestAuthenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	base := []Option{WithJWTKey(testPEM(tb)), WithPublishableKey(liveKey), WithClock(testClock)}
	a, err := New(nil, append(base, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

type requestOption func(*http.Request)

// withField adds a line to the request's header.
func withField(name, value string) requestOption {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func withBearer(token string) requestOption { return withField("Authorization", "Bearer "+token) }

// withCookie adds to the single Cookie field that browsers send.
func withCookie(name, value string) requestOption {
	return func(r *http.Request) {
		line := name + "=" + value
		if before := r.Header.Get("Cookie"); before != "" {
			line = before + "; " + line
		}
		r.Header.Set("Cookie", line)
	}
}

// asPageLoad makes the request one that a browser sends to load a page.
func asPageLoad(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "document") }

func withMethod(method string) requestOption { return func(r *http.Request) { r.Method = method } }

func all(opts ...requestOption) requestOption {
	return func(r *http.Request) {
		for _, opt := range opts {
			opt(r)
		}
	}
}

func newRequest(tb testing.TB, target string, opts ...requestOption) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, target, nil)
	r.Host = "app.example.com"
	for _, opt := range opts {
		opt(r)
	}
	return r
}

func stateOf(tb testing.TB, a *Authenticator, r *http.Request) *State {
	tb.Helper()
	s, err := a.Authenticate(r)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// signedInCookies sends the cookies of a browser in production with a session.
func signedInCookies(tb testing.TB, opts ...mintOption) requestOption {
	token := mint(tb, opts...)
	return func(r *http.Request) {
		withCookie("__session", token)(r)
		withCookie("__client_uat", fmt.Sprint(testNow.Unix()-100))(r)
	}
}

var devBrowser = withCookie("__clerk_db_jwt", "dvb_2fZ")

func satelliteOptions() []Option {
	return []Option{WithSatellite(true), WithDomain("satellite.example"), WithSignInURL("https://app.example.com/sign-in")}
}

// signedInCookie sends token as the session cookie of a browser that is signed in.
func signedInCookie(token string) requestOption {
	return func(r *http.Request) {
		withCookie("__session", token)(r)
		withCookie("__client_uat", "1")(r)
	}
}

// expiredCookies returns an expired token, and the cookies of a browser that may refresh it.
func expiredCookies(tb testing.TB, opts ...mintOption) (token string, credentials requestOption) {
	opts = append([]mintOption{withClaim("exp", testNow.Unix()-10), withClaim("iat", testNow.Unix()-70)}, opts...)
	token = mint(tb, opts...)
	return token, func(r *http.Request) {
		withCookie("__session", token)(r)
		withCookie("__client_uat", fmt.Sprint(testNow.Unix()-100))(r)
		withCookie("__refresh_"+cookieSuffix(liveKey), "r1")(r)
	}
}

// authFor returns what a handler gets for a bearer token that opts change.
func authFor(tb testing.TB, opts ...mintOption) *Auth {
	tb.Helper()
	return stateOf(tb, newTestAuthenticator(tb), newRequest(tb, "/", withBearer(mint(tb, opts...)))).Auth()
}

func serve(tb testing.TB, h http.Handler, r *http.Request) *http.Response {
	tb.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// inspect returns a handler that hands its request to see.
func inspect(see func(*http.Request)) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if see != nil {
			see(r)
		}
	})
}

// callThrough returns the Auth that a handler gets through the middleware h, and the response.
func callThrough(tb testing.TB, h func(http.Handler) http.Handler, r *http.Request, opts ...AuthOption) (*Auth, *http.Response) {
	tb.Helper()
	var got *Auth
	resp := serve(tb, h(inspect(func(r *http.Request) { got = FromContext(r.Context(), opts...) })), r)
	return got, resp
}

func bodyOf(tb testing.TB, resp *http.Response) string {
	tb.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(body)
}

func checkDenial(t *testing.T, resp *http.Response, reverification string) {
	t.Helper()
	h := resp.Header
	challenges := []string{"", `Bearer error="insufficient_scope"`}
	if resp.StatusCode == http.StatusUnauthorized {
		challenges = []string{"Bearer", `Bearer error="invalid_token"`}
	}
	challenge, _, _ := strings.Cut(h.Get("WWW-Authenticate"), ", ")
	if !slices.Contains(challenges, challenge) || h.Get("Content-Type") != "application/json" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("header is %v", h)
	}
	if h.Get("Vary") != "Authorization, Cookie" {
		t.Errorf("Vary is %q", h.Get("Vary"))
	}
	body := bodyOf(t, resp)
	if reverification != "" {
		want := `{"clerk_error":{"type":"forbidden","reason":"reverification-error","metadata":{"reverification":` + reverification + `}}}`
		if diff := cmp.Diff(want, body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		return
	}
	var errors struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(body), &errors); err != nil || len(errors.Errors) != 1 || errors.Errors[0].Code == "" || errors.Errors[0].Message == "" {
		t.Errorf("body is %s (%v)", body, err)
	}
}
