package auth

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// Shared caches that ignore Vary do not keep what a caller got whom a cookie signed in.
// The handler has the last word, and who said as much before is not contradicted.
func TestResponseToACookieIsPrivate(t *testing.T) {
	t.Parallel()
	_, expired := expiredCookies(t)
	fresh, bearer := signedInCookies(t), withBearer(mint(t))
	pending := signedInCookies(t, withClaim("sts", "pending"))
	page := all(asPageLoad, withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + mint(t)})))
	for name, test := range map[string]struct {
		request requestOption
		before  []string // what stands in the header already
		handler string   // what the handler sets
		want    []string
		state   string // in State.Header
	}{
		"cookie":                     {fresh, nil, "", []string{"private"}, "private"},
		"pending":                    {pending, nil, "", []string{"private"}, "private"},
		"token":                      {bearer, nil, "", nil, ""},
		"token beside cookies":       {all(fresh, bearer), nil, "", nil, ""},
		"bad token beside cookies":   {all(fresh, withBearer("x")), nil, "", nil, ""},
		"nobody":                     {withField("X", "y"), nil, "", nil, ""},
		"bad cookie":                 {signedInCookie("x"), nil, "", nil, ""},
		"refresh":                    {expired, nil, "", []string{"private, no-store"}, "private, no-store"},
		"handshake":                  {page, nil, "", []string{"private, no-store"}, "private, no-store"},
		"handler overrides":          {fresh, nil, "public, max-age=60", []string{"public, max-age=60"}, "private"},
		"public before":              {fresh, []string{"public, max-age=60"}, "", []string{"private"}, "private"},
		"no-cache before":            {fresh, []string{"no-cache"}, "", []string{"private"}, "private"},
		"private before":             {fresh, []string{"Private , max-age=60"}, "", []string{"Private , max-age=60"}, "private"},
		"no-store before":            {fresh, []string{"no-cache, NO-STORE"}, "", []string{"no-cache, NO-STORE"}, "private"},
		"no-store in the second":     {fresh, []string{"no-cache", "no-store"}, "", []string{"no-cache", "no-store"}, "private"},
		"private for one field":      {fresh, []string{`private="Set-Cookie"`}, "", []string{"private"}, "private"},
		"private in another word":    {fresh, []string{"x-private, not-no-store"}, "", []string{"private"}, "private"},
		"public before a token":      {bearer, []string{"public"}, "", []string{"public"}, ""},
		"no-store before a refresh":  {expired, []string{"no-store"}, "", []string{"private, no-store"}, "private, no-store"},
		"public before a handshake":  {page, []string{"public"}, "", []string{"private, no-store"}, "private, no-store"},
		"handler after a refresh":    {expired, nil, "no-cache", []string{"no-cache"}, "private, no-store"},
		"handler overrides no-store": {fresh, []string{"no-store"}, "public", []string{"public"}, "private"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newGateBackend(t)
			a := b.authenticator(t)
			for what, h := range map[string]func(http.Handler) http.Handler{
				"Middleware": a.Middleware, "Middleware twice": func(next http.Handler) http.Handler { return a.Middleware(a.Middleware(next)) },
			} {
				w := httptest.NewRecorder()
				if test.before != nil {
					w.Header()["Cache-Control"] = slices.Clone(test.before)
				}
				ran := false
				h(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					ran = true
					if test.handler != "" {
						w.Header().Set("Cache-Control", test.handler)
					}
				})).ServeHTTP(w, newRequest(t, "/", test.request))
				if got := w.Header()["Cache-Control"]; !slices.Equal(got, test.want) || !ran {
					t.Errorf("%s: Cache-Control is %q, want %q", what, got, test.want)
				}
			}
			if got := stateOf(t, a, newRequest(t, "/", test.request)).Header.Get("Cache-Control"); got != test.state {
				t.Errorf("Cache-Control of the state is %q, want %q", got, test.state)
			}
		})
	}
}

// A refusal of Require is stored nowhere, whoever is refused.
func TestRefusalOfACookieIsStoredNowhere(t *testing.T) {
	t.Parallel()
	resp := serve(t, newTestAuthenticator(t).Require(Role("org:admin"))(inspect(nil)), newRequest(t, "/", signedInCookies(t)))
	if got := resp.Header["Cache-Control"]; resp.StatusCode != http.StatusForbidden || !slices.Equal(got, []string{"no-store"}) {
		t.Errorf("status %d, Cache-Control is %q", resp.StatusCode, got)
	}
}

// Each response owns its fields: a handler that writes into them changes no other response.
func TestResponsesShareNoHeaderFields(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	h := a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range []string{"Vary", "Cache-Control"} {
			if got := w.Header()[name]; len(got) != 1 || got[0] == "changed" {
				t.Errorf("%s is %q", name, got)
			}
			w.Header().Add(name, "added")
			w.Header()[name][0] = "changed"
		}
	}))
	for range 2 {
		resp := serve(t, h, newRequest(t, "/", signedInCookies(t)))
		if got := resp.Header["Vary"]; !slices.Equal(got, []string{"changed", "added"}) {
			t.Errorf("Vary is %q", got)
		}
	}
}
