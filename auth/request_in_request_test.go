package auth

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// innerRequests are the ways by which a handler has another handler serve a request
// that has the context of its own. Each request has the header of the first one, changed.
var innerRequests = map[string]func(inner http.Handler, change requestOption) http.Handler{
	"the same request": func(inner http.Handler, change requestOption) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			inner.ServeHTTP(w, r)
		})
	},
	"a copy": func(inner http.Handler, change requestOption) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			other := r.Clone(r.Context())
			change(other)
			inner.ServeHTTP(w, other)
		})
	},
	"StripPrefix": func(inner http.Handler, change requestOption) http.Handler {
		return http.StripPrefix("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			inner.ServeHTTP(w, r)
		}))
	},
	"NewRequestWithContext": func(inner http.Handler, change requestOption) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			other, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+r.Host+"/inner", nil)
			if err != nil {
				panic(err)
			}
			other.Header = r.Header.Clone()
			change(other)
			inner.ServeHTTP(httptest.NewRecorder(), other)
		})
	},
	"ReverseProxy": func(inner http.Handler, change requestOption) http.Handler {
		return &httputil.ReverseProxy{
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(&url.URL{Scheme: "http", Host: r.In.Host})
				r.Out.Host = r.In.Host
				change(r.Out)
			},
			Transport: transportTo{inner},
		}
	},
}

// transportTo has a handler of the same process respond.
type transportTo struct{ http.Handler }

func (t transportTo) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	t.ServeHTTP(w, r)
	return w.Result(), nil
}

// nestings are the ways to protect an outer handler and an inner one.
func nestings(a *Authenticator) map[string][2]func(http.Handler) http.Handler {
	return map[string][2]func(http.Handler) http.Handler{
		"Middleware in Middleware": {a.Middleware, a.Middleware},
		"Middleware in Require":    {a.Require(), a.Middleware},
		"Require in Middleware":    {a.Middleware, a.Require()},
		"Require in Require":       {a.Require(), a.Require(Accepts(SessionToken))},
	}
}

// Whoever sent the outer request is not who sends an inner one with other credentials,
// although its context is the same. With equal ones nothing is verified twice.
func TestInnerRequestSpeaksForItself(t *testing.T) {
	t.Parallel()
	admin, bob := mint(t, withClaim("sub", "user_admin")), mint(t, withClaim("sub", "user_bob"))
	bearer := withBearer(admin)
	cookies := signedInCookie(admin)
	lines := func(r *http.Request) { r.Header["Cookie"] = []string{"__client_uat=1", "__session=" + admin} }
	set := func(name string, values ...string) requestOption {
		return func(r *http.Request) { r.Header[name] = values }
	}
	remove := func(name string) requestOption { return func(r *http.Request) { r.Header.Del(name) } }
	for name, test := range map[string]struct {
		sender        string // of the outer request
		outer, change requestOption
		user          string // who sends the inner request
		verifications int
	}{
		"equal token":                    {"user_admin", bearer, withField("X", "y"), "user_admin", 1},
		"equal token, another method":    {"user_admin", bearer, withMethod(http.MethodPost), "user_admin", 1},
		"no token":                       {"user_admin", bearer, remove("Authorization"), "", 1},
		"empty token":                    {"user_admin", bearer, set("Authorization", ""), "", 1},
		"another user's token":           {"user_admin", bearer, set("Authorization", "Bearer "+bob), "user_bob", 2},
		"another spelling of the scheme": {"user_admin", bearer, set("Authorization", "bearer "+admin), "user_admin", 2},
		"garbage":                        {"user_admin", bearer, set("Authorization", "Bearer x"), "", 1},
		"the token twice":                {"user_admin", bearer, withField("Authorization", "Bearer "+admin), "", 1},
		"a cookie beside the token":      {"user_admin", bearer, withCookie("theme", "dark"), "user_admin", 2},
		"a user's cookie for the token": {"user_admin", bearer, func(r *http.Request) {
			r.Header.Del("Authorization")
			signedInCookie(bob)(r)
		}, "user_bob", 2},
		"a token added to nothing":      {"", withField("X", "y"), set("Authorization", "Bearer "+bob), "user_bob", 1},
		"equal cookies":                 {"user_admin", cookies, withField("X", "y"), "user_admin", 1},
		"no cookies":                    {"user_admin", cookies, remove("Cookie"), "", 1},
		"another user's cookies":        {"user_admin", cookies, set("Cookie", "__session="+bob+"; __client_uat=1"), "user_bob", 2},
		"a token beside cookies":        {"user_admin", cookies, withBearer(bob), "user_bob", 2},
		"garbage beside cookies":        {"user_admin", cookies, withBearer("x"), "", 1},
		"cookies in another order":      {"user_admin", cookies, set("Cookie", "__client_uat=1; __session="+admin), "user_admin", 2},
		"cookies in two lines":          {"user_admin", cookies, lines, "user_admin", 2},
		"equal lines":                   {"user_admin", lines, withField("X", "y"), "user_admin", 1},
		"lines in another order":        {"user_admin", lines, func(r *http.Request) { slices.Reverse(r.Header["Cookie"]) }, "user_admin", 2},
		"the last of two lines changed": {"user_admin", lines, func(r *http.Request) { r.Header["Cookie"][1] = "__session=" + bob }, "user_bob", 2},
		"one line of two":               {"user_admin", lines, set("Cookie", "__client_uat=1"), "", 1},
	} {
		for way, pass := range innerRequests {
			for nesting := range nestings(newTestAuthenticator(t)) {
				t.Run(name+", "+way+", "+nesting, func(t *testing.T) {
					t.Parallel()
					a := newTestAuthenticator(t)
					keys := &countingKeys{keySource: a.tokens.keys}
					a.tokens.keys = keys
					guards := nestings(a)[nesting]
					outer, inner, outerRan := "", "", false
					last := inspect(func(r *http.Request) { inner = FromContext(r.Context()).UserID })
					first := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						ctx := r.Context()
						pass(guards[1](last), test.change).ServeHTTP(w, r)
						outer, outerRan = FromContext(ctx).UserID, true
					})
					resp := serve(t, guards[0](first), newRequest(t, "/", test.outer))
					if test.sender == "" && strings.Contains(nesting, "in Require") {
						if outerRan || inner != "" {
							t.Error("Require let a guest pass")
						}
						return
					}
					if inner != test.user || keys.calls != test.verifications {
						t.Errorf("user %q sends the inner request, verified %d times in all; want %q, %d times", inner, keys.calls, test.user, test.verifications)
					}
					if outer != test.sender || !outerRan {
						t.Errorf("after that user %q sends the outer request, want %q", outer, test.sender)
					}
					ownResponse := way == "ReverseProxy" || way == "NewRequestWithContext"
					if reasons := resp.Header["X-Clerk-Auth-Reason"]; !ownResponse && (len(reasons) > 1 || (len(reasons) == 0) != (test.user != "")) {
						t.Errorf("the response has the reasons %q", reasons)
					}
				})
			}
		}
	}
}

// A second Authenticator judges by itself, and so does the first one inside of it.
func TestInnerRequestOfTwoAuthenticators(t *testing.T) {
	t.Parallel()
	lenient := newTestAuthenticator(t)
	strict := newTestAuthenticator(t, WithAuthorizedParties("https://b.example"))
	bob := mint(t, withClaim("sub", "user_bob"), withClaim("azp", "https://b.example"))
	for name, test := range map[string]struct {
		token               string
		first, second, last string
	}{
		"equal":   {"", testUser, "", testUser},
		"changed": {bob, testUser, "user_bob", "user_bob"},
	} {
		var users []string
		w := httptest.NewRecorder()
		see := func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				users = append(users, FromContext(r.Context()).UserID)
				if test.token != "" {
					r.Header.Set("Authorization", "Bearer "+test.token)
				}
				next.ServeHTTP(w, r)
			})
		}
		h := lenient.Middleware(see(strict.Middleware(see(lenient.Middleware(see(inspect(nil)))))))
		h.ServeHTTP(w, newRequest(t, "/", withBearer(mint(t))))
		if reason := w.Header()["X-Clerk-Auth-Reason"]; reason != nil {
			t.Errorf("%s: the last result is signed in, and the reason is %q", name, reason)
		}
		if want := []string{test.first, test.second, test.last}; !slices.Equal(users, want) {
			t.Errorf("%s: the handlers see %q, want %q", name, users, want)
		}
	}
}

// Cross-origin protection decides about each request that a cookie signs in, also about
// one with the context and the cookies of a request that it let pass. Nothing else is
// done twice.
func TestGateIsAskedAboutInnerRequests(t *testing.T) {
	t.Parallel()
	_, expired := expiredCookies(t)
	fresh := signedInCookies(t)
	page := []requestOption{asPageLoad}
	ownPost := []requestOption{withMethod(http.MethodPost), withField("Origin", "http://app.example.com")}
	site := func(value string) requestOption {
		return func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", value) }
	}
	origin := func(value string) requestOption { return func(r *http.Request) { r.Header.Set("Origin", value) } }
	foreign := func(opts ...requestOption) requestOption {
		return all(append(opts, site("cross-site"))...)
	}
	for name, test := range map[string]struct {
		outer   []requestOption
		change  requestOption
		refused bool
	}{
		"nothing":                          {page, withField("X", "y"), false},
		"GET of another origin":            {page, foreign(), false},
		"method, own origin":               {page, all(withMethod(http.MethodPost), site("same-origin")), false},
		"method, another origin":           {page, foreign(withMethod(http.MethodPost)), true},
		"safe method, another origin":      {page, foreign(withMethod(http.MethodHead)), false},
		"Upgrade, own origin":              {page, all(withField("Upgrade", "websocket"), site("same-origin")), false},
		"Upgrade, another origin":          {page, foreign(withField("Upgrade", "websocket")), true},
		"another Upgrade, another origin":  {page, foreign(withField("Upgrade", "h2c")), false},
		"POST, unchanged":                  {ownPost, withField("X", "y"), false},
		"POST, Sec-Fetch-Site":             {ownPost, site("same-site"), true},
		"POST, Sec-Fetch-Site, own origin": {ownPost, site("same-origin"), false},
		"POST, Origin":                     {ownPost, origin("https://evil.example"), true},
		"POST, Host":                       {ownPost, func(r *http.Request) { r.Host = "other.example.com" }, true},
	} {
		for way, pass := range innerRequests {
			for nesting := range nestings(newTestAuthenticator(t)) {
				for carrier, credentials := range map[string]requestOption{"fresh": fresh, "expired": expired, "bearer": withBearer(mint(t))} {
					t.Run(name+", "+way+", "+nesting+", "+carrier, func(t *testing.T) {
						t.Parallel()
						opts := append([]requestOption{credentials}, test.outer...)
						if newRequest(t, "/", opts...).Method == http.MethodPost && carrier == "expired" {
							return // A POST is never refreshed, so nobody is signed in.
						}
						b := newGateBackend(t)
						a := b.authenticator(t, WithCrossOriginProtection(http.NewCrossOriginProtection()))
						guards := nestings(a)[nesting]
						user, reason, ran := "", Reason(""), false
						last := inspect(func(r *http.Request) {
							caller := FromContext(r.Context())
							user, reason, ran = caller.UserID, caller.Reason(), true
						})
						resp := serve(t, guards[0](pass(guards[1](last), test.change)), newRequest(t, "/", opts...))
						refused := test.refused && carrier != "bearer"
						wantRan := !refused || strings.HasPrefix(nesting, "Middleware")
						if ran != wantRan || (user == "") != refused || ran && refused && reason != ReasonCrossOriginRequest {
							t.Errorf("the inner handler ran %t for user %q, reason %q; want it refused: %t", ran, user, reason, refused)
						}
						if refused && way != "NewRequestWithContext" && resp.Header.Get("X-Clerk-Auth-Reason") != string(ReasonCrossOriginRequest) {
							t.Errorf("header is %v", resp.Header)
						}
						wantCalls := map[string]int32{"expired": 1}[carrier]
						if calls := b.calls.Load(); calls != wantCalls {
							t.Errorf("%d refreshes, want %d", calls, wantCalls)
						}
					})
				}
			}
		}
	}
}

// A bypass pattern matches the path that was requested, and http.StripPrefix changes it.
func TestStrippedPrefixKeepsTheBypassOfCrossOriginProtection(t *testing.T) {
	t.Parallel()
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST /public/")
	a := newTestAuthenticator(t, WithCrossOriginProtection(protection))
	user := ""
	h := a.Middleware(http.StripPrefix("/public", a.Require()(inspect(func(r *http.Request) { user = FromContext(r.Context()).UserID }))))
	serve(t, h, newRequest(t, "/public/form", signedInCookies(t), withMethod(http.MethodPost), withField("Sec-Fetch-Site", "cross-site")))
	if user != testUser {
		t.Errorf("user %q passed, want %q", user, testUser)
	}
}

// Who was refused for the page that sent a request stays refused in it.
func TestInnerRequestDoesNotOpenTheGate(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithCrossOriginProtection(http.NewCrossOriginProtection()))
	var users []string
	see := func(r *http.Request) { users = append(users, FromContext(r.Context()).UserID) }
	h := a.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		see(r)
		r.Method = http.MethodGet
		a.Middleware(inspect(see)).ServeHTTP(w, r)
	}))
	serve(t, h, newRequest(t, "/", signedInCookies(t), withMethod(http.MethodPost), withField("Sec-Fetch-Site", "cross-site")))
	if want := []string{"", ""}; !slices.Equal(users, want) {
		t.Errorf("the handlers see %q, want nobody", users)
	}
}
