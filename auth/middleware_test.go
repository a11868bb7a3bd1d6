package auth

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMiddlewareAnnotatesAndPassesOn(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	tests := map[string]struct {
		request []requestOption
		user    string
		header  http.Header
	}{
		"signed in by header": {
			request: []requestOption{withBearer(mint(t))}, user: testUser,
			header: http.Header{"Vary": {"Authorization, Cookie"}},
		},
		"signed in by cookie": {
			request: []requestOption{signedInCookies(t)}, user: testUser,
			header: http.Header{"Vary": {"Authorization, Cookie"}, "Cache-Control": {"private"}},
		},
		"pending": {
			request: []requestOption{withBearer(mint(t, withClaim("sts", "pending")))},
			header:  http.Header{"Vary": {"Authorization, Cookie"}},
		},
		"no token": {
			header: http.Header{
				"Vary":                {"Authorization, Cookie"},
				"X-Clerk-Auth-Status": {"signed-out"}, "X-Clerk-Auth-Reason": {"session-token-and-uat-missing"},
				"X-Clerk-Auth-Message": {messageNothing},
			},
		},
		"preflight": {
			request: []requestOption{withMethod(http.MethodOptions), withField("Access-Control-Request-Method", "PUT")},
			header: http.Header{
				"Vary":                {"Authorization, Cookie"},
				"X-Clerk-Auth-Status": {"signed-out"}, "X-Clerk-Auth-Reason": {"session-token-and-uat-missing"},
				"X-Clerk-Auth-Message": {messagePreflight},
			},
		},
		"bad token": {
			request: []requestOption{withBearer("x")},
			header: http.Header{
				"Vary":                {"Authorization, Cookie"},
				"X-Clerk-Auth-Status": {"signed-out"}, "X-Clerk-Auth-Reason": {"token-invalid"},
				"X-Clerk-Auth-Message": {"the token is invalid: not three parts (reason=token-invalid, token-carrier=header)"},
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, resp := callThrough(t, a.Middleware, newRequest(t, "/", test.request...))
			if got == nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("the handler got %v, the response is %d", got, resp.StatusCode)
			}
			if got.UserID != test.user || got.IsAuthenticated() != (test.user != "") || got.Err() != nil {
				t.Errorf("user %q, authenticated %t, err %v", got.UserID, got.IsAuthenticated(), got.Err())
			}
			if diff := cmp.Diff(test.header, resp.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMiddlewareWithoutCookiesIgnoresThem(t *testing.T) {
	t.Parallel()
	a, err := New(nil, WithJWTKey(testPEM(t)), WithoutCookies(), WithClock(testClock))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := callThrough(t, a.Middleware, newRequest(t, "/", signedInCookies(t)))
	if got.IsAuthenticated() || got.Reason() != ReasonSessionTokenAndUATMissing {
		t.Errorf("with cookies: %v", got)
	}
	if got, _ = callThrough(t, a.Middleware, newRequest(t, "/", withBearer(mint(t)))); !got.IsAuthenticated() {
		t.Errorf("with a bearer token: %v", got)
	}
}

func TestMiddlewareAddsVaryOnce(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	for name, test := range map[string]struct{ before, want []string }{
		"no field":    {want: []string{"Authorization, Cookie"}},
		"another":     {before: []string{"Origin"}, want: []string{"Origin", "Authorization, Cookie"}},
		"one of them": {before: []string{"Cookie"}, want: []string{"Cookie", "Authorization, Cookie"}},
		"both":        {before: []string{"cookie,Origin, authorization"}, want: []string{"cookie,Origin, authorization"}},
		"everything":  {before: []string{"*"}, want: []string{"*"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			if test.before != nil {
				w.Header()["Vary"] = test.before
			}
			a.Middleware(a.Middleware(newTestAuthenticator(t).Middleware(inspect(nil)))).ServeHTTP(w, newRequest(t, "/", signedInCookies(t)))
			if got := w.Header()["Vary"]; !slices.Equal(got, test.want) {
				t.Errorf("Vary is %q, want %q", got, test.want)
			}
		})
	}
}

func TestMiddlewareTwiceAuthenticatesOnce(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	keys := &countingKeys{keySource: a.tokens.keys}
	a.tokens.keys = keys
	twice := func(next http.Handler) http.Handler { return a.Middleware(a.Middleware(next)) }
	if got, _ := callThrough(t, twice, newRequest(t, "/", withBearer(mint(t)))); !got.IsAuthenticated() {
		t.Fatalf("got %v", got)
	}
	if keys.calls != 1 {
		t.Errorf("verified %d times, want once", keys.calls)
	}
	_, resp := callThrough(t, twice, newRequest(t, "/", withBearer("x")))
	if got := resp.Header["X-Clerk-Auth-Reason"]; len(got) != 1 {
		t.Errorf("the reason is %q, want it once", got)
	}
}

func TestMiddlewareOfAnotherAuthenticatorAuthenticatesAgain(t *testing.T) {
	t.Parallel()
	lenient := newTestAuthenticator(t)
	strict := newTestAuthenticator(t, WithAuthorizedParties("https://b.example"))
	r := newRequest(t, "/", withBearer(mint(t)))
	outside, _ := callThrough(t, func(next http.Handler) http.Handler { return lenient.Middleware(strict.Middleware(next)) }, r)
	if outside.IsAuthenticated() || outside.Reason() != ReasonTokenInvalidAuthorizedParties {
		t.Errorf("strict inside: %v", outside)
	}
	inside, _ := callThrough(t, func(next http.Handler) http.Handler { return strict.Middleware(lenient.Middleware(next)) }, r)
	if !inside.IsAuthenticated() {
		t.Errorf("lenient inside: %v", inside)
	}
}

// The middleware does not rely on an Auth that somebody else put into the context.
func TestMiddlewareIgnoresAnAuthOfNewContext(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	signedIn, err := a.AuthenticateToken(t.Context(), mint(t))
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest(t, "/")
	r = r.WithContext(NewContext(r.Context(), signedIn))
	if got, _ := callThrough(t, a.Middleware, r); got.IsAuthenticated() {
		t.Errorf("a request without a token is %v", got)
	}
}

func TestMisconfiguredMiddlewareRespondsWith500(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]*Authenticator{"zero": {}, "nil": nil} {
		if _, err := a.Authenticate(newRequest(t, "/")); !errors.Is(err, ErrConfiguration) {
			t.Errorf("%s: Authenticate returns %v", name, err)
		}
		if err := a.Warm(t.Context()); !errors.Is(err, ErrConfiguration) {
			t.Errorf("%s: Warm returns %v", name, err)
		}
		if _, err := a.AuthenticateToken(t.Context(), "x"); !errors.Is(err, ErrConfiguration) {
			t.Errorf("%s: AuthenticateToken returns %v", name, err)
		}
		if _, err := a.VerifyToken(t.Context(), "x"); !errors.Is(err, ErrConfiguration) {
			t.Errorf("%s: VerifyToken returns %v", name, err)
		}
		got, resp := callThrough(t, a.Middleware, newRequest(t, "/", withBearer(mint(t))))
		if got != nil || resp.StatusCode != http.StatusInternalServerError {
			t.Errorf("%s: the handler got %v, the response is %d", name, got, resp.StatusCode)
		}
	}
}

// The ResponseWriter is passed on unchanged, with all its optional methods.
func TestMiddlewareDoesNotWrapTheResponseWriter(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	var got http.ResponseWriter
	newTestAuthenticator(t).Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { got = w })).
		ServeHTTP(w, newRequest(t, "/"))
	if got != w {
		t.Errorf("the handler got %T", got)
	}
}

// Derived contexts end with the request's context, and its values stay visible.
func TestMiddlewareKeepsTheRequestsContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "before"))
	r := newRequest(t, "/", withBearer(mint(t))).WithContext(ctx)
	newTestAuthenticator(t).Middleware(inspect(func(r *http.Request) {
		if got := r.Context().Value(key{}); got != "before" {
			t.Errorf("value is %v", got)
		}
		derived, stop := context.WithCancel(r.Context())
		defer stop()
		if !FromContext(derived).IsAuthenticated() {
			t.Error("a derived context is signed out")
		}
		cancel()
		<-derived.Done()
		if !errors.Is(derived.Err(), context.Canceled) || r.Context().Err() == nil {
			t.Errorf("derived context ends with %v", derived.Err())
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
}

// Middleware and Require send what a handshake puts into the header, and follow its redirects.
func TestMiddlewareFollowsHandshakes(t *testing.T) {
	t.Parallel()
	token := mint(t)
	handshake := withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + token, "a=1"}))
	vary := []string{"Authorization, Cookie"}
	for name, test := range map[string]struct {
		options []Option
		target  string
		request []requestOption
		status  int
		header  http.Header
	}{
		"handshake": {
			request: []requestOption{asPageLoad, withCookie("__client_uat", "1")}, status: http.StatusTemporaryRedirect,
			header: http.Header{
				"Vary": vary, "Cache-Control": {"no-store"}, "Set-Cookie": {"own=1", "__clerk_redirect_count=1; SameSite=Lax; HttpOnly; Max-Age=2"},
				"Location":            {frontendURL(fapi, page, "false", ReasonClientUATButNoSessionToken, "")},
				"X-Clerk-Auth-Status": {"handshake"}, "X-Clerk-Auth-Reason": {"client-uat-but-no-session-token"},
			},
		},
		"signed in with a location": {
			options: []Option{WithPublishableKey(devKey)}, target: "/x?__clerk_handshake_nonce", request: []requestOption{handshake}, status: http.StatusTemporaryRedirect,
			header: http.Header{
				"Vary": vary, "Cache-Control": {"no-store"}, "Set-Cookie": {"own=1", "__session=" + token, "a=1"}, "Location": {page + "x"},
				"Access-Control-Allow-Origin": {"null"}, "Access-Control-Allow-Credentials": {"true"},
			},
		},
		"signed in without a location": {
			request: []requestOption{handshake}, status: http.StatusOK,
			header: http.Header{"Vary": vary, "Cache-Control": {"private, no-store"}, "Set-Cookie": {"own=1", "__session=" + token, "a=1"}},
		},
		"signed out without a location": {
			request: []requestOption{withCookie("__clerk_handshake", mintHandshake(t, []any{"__session="}))}, status: http.StatusOK,
			header: http.Header{
				"Vary": vary, "Cache-Control": {"private, no-store"}, "Set-Cookie": {"own=1", "__session="},
				"X-Clerk-Auth-Status": {"signed-out"}, "X-Clerk-Auth-Reason": {"session-token-missing"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAuthenticator(t, test.options...)
			target := test.target
			if target == "" {
				target = "/"
			}
			for what, protect := range map[string]func(http.Handler) http.Handler{"Middleware": a.Middleware, "Require": a.Require()} {
				ran := false
				h := protect(inspect(func(*http.Request) { ran = true }))
				w := httptest.NewRecorder()
				w.Header().Set("Set-Cookie", "own=1")
				h.ServeHTTP(w, newRequest(t, target, test.request...))
				if what == "Require" && test.header.Get("X-Clerk-Auth-Status") == "signed-out" {
					if w.Code != http.StatusUnauthorized || w.Header().Get("Cache-Control") != "no-store" {
						t.Errorf("Require responds with %d with %v", w.Code, w.Header())
					}
					continue
				}
				if w.Code != test.status || ran != (test.status == http.StatusOK) || w.Body.Len() != 0 {
					t.Errorf("%s: status %d, handler ran %t, body %q", what, w.Code, ran, w.Body)
				}
				if diff := cmp.Diff(test.header, w.Header()); diff != "" {
					t.Errorf("%s: header (-want +got):\n%s", what, diff)
				}
			}
		})
	}
}
