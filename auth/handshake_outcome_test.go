package auth

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func inQuery(name, value string) requestOption {
	return func(r *http.Request) {
		r.RequestURI, r.URL = "", &url.URL{Path: "/p", RawQuery: "a=~&" + name + "=" + url.QueryEscape(value) + "&__clerk_help=1&__clerk_db_jwt=d&__clerk_synced=true"}
	}
}

// withRedirect adds the fields that redirect a development browser to the page again.
func withRedirect(h http.Header, location string) http.Header {
	h = h.Clone()
	h["Location"], h["Cache-Control"] = []string{location}, []string{"no-store"}
	h["Access-Control-Allow-Origin"], h["Access-Control-Allow-Credentials"] = []string{"null"}, []string{"true"}
	return h
}

func TestHandshakeTokenIsResolved(t *testing.T) {
	t.Parallel()
	token := mint(t)
	directives := []any{"__client_uat=1; Path=/", "__session=old; Path=/", "__session_X=" + token + "; Path=/; Secure", "anything=else; HttpOnly"}
	cookies := http.Header{
		"Cache-Control": {"private, no-store"},
		"Set-Cookie":    {"__client_uat=1; Path=/", "__session=old; Path=/", "__session_X=" + token + "; Path=/; Secure", "anything=else; HttpOnly"},
	}
	handshake := mintHandshake(t, directives)
	dev := []Option{WithPublishableKey(devKey)}
	aged := mintHandshake(t, directives, withClaims(map[string]any{"exp": testNow.Unix() - 86400, "iat": testNow.Unix() + 86400, "nbf": "x"}))
	again := withRedirect(cookies, "http://app.example.com/p?a=%7E&__clerk_synced=true")
	fragment := func(r *http.Request) { r.RequestURI = "/p?__clerk_handshake=" + handshake + "&b=2#f" }
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		header  http.Header
	}{
		"production, cookie":           {nil, []requestOption{withCookie("__clerk_handshake", handshake)}, cookies},
		"production, query":            {nil, []requestOption{inQuery("__clerk_handshake", handshake)}, cookies},
		"production, page load":        {nil, []requestOption{withCookie("__clerk_handshake", handshake), asPageLoad}, cookies},
		"production, category ignored": {nil, []requestOption{withCookie("__clerk_handshake", mintHandshake(t, directives, withHeader("cat", categoryIgnore)))}, cookies},
		"production, no category":      {nil, []requestOption{withCookie("__clerk_handshake", mintHandshake(t, directives, withoutHeader("cat")))}, cookies},
		"production, times ignored":    {nil, []requestOption{withCookie("__clerk_handshake", aged)}, cookies},
		"query wins over cookie":       {dev, []requestOption{inQuery("__clerk_handshake", handshake), withCookie("__clerk_handshake", "x")}, again},
		"development, query":           {dev, []requestOption{inQuery("__clerk_handshake", handshake)}, again},
		"development, cookie":          {dev, []requestOption{withCookie("__clerk_handshake", handshake)}, withRedirect(cookies, page)},
		"development, fragment":        {dev, []requestOption{fragment}, withRedirect(cookies, page+"p?b=2#f")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, newTestAuthenticator(t, test.options...), newRequest(t, "/", test.request...))
			if s.Status != StatusSignedIn || s.Reason != "" {
				t.Fatalf("state is %v", s)
			}
			if diff := cmp.Diff(test.header, s.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if got, err := s.Auth().GetToken(t.Context()); err != nil || got != token {
				t.Errorf("GetToken returns another token than the new one, %v", err)
			}
		})
	}
}

// A token that is not a handshake token of the instance sets no cookie.
func TestInvalidHandshakeTokenSetsNoCookie(t *testing.T) {
	t.Parallel()
	set := []any{"__session=" + mint(t) + "; Path=/", "evil=1"}
	const foreign, other = "signed by another instance", "a handshake token was refused"
	for name, test := range map[string]struct{ token, want string }{
		"garbage":            {"x", other},
		"forged":             {mintHandshake(t, set, signedBy(otherKey())), foreign},
		"no signature":       {mintHandshake(t, set, withSignature("")), foreign},
		"another alg":        {mintHandshake(t, set, withHeader("alg", "none"), withSignature("")), other},
		"template":           {mintHandshake(t, set, withHeader("cat", categoryTemplate)), other},
		"machine":            {mintHandshake(t, set, withHeader("cat", categoryM2M)), other},
		"machine by subject": {mintHandshake(t, set, withClaim("sub", "mch_1")), other},
		"unknown category":   {mintHandshake(t, set, withHeader("cat", "cl_X")), other},
		"another typ":        {mintHandshake(t, set, withHeader("typ", "at+jwt")), other},
		"member twice":       {mintHandshake(t, nil, withRawPayload(`{"handshake":[],"handshake":["evil=1"]}`)), other},
		"beyond the limit":   {mintHandshake(t, []any{strings.Repeat("x", maxTokenLength)}), other},
	} {
		for carrier, credentials := range map[string]requestOption{"cookie": withCookie("__clerk_handshake", test.token), "query": inQuery("__clerk_handshake", test.token)} {
			r := newRequest(t, "/", credentials)
			t.Run("production, "+name+" in the "+carrier, func(t *testing.T) {
				s := stateOf(t, newTestAuthenticator(t), r)
				if s.Status != StatusSignedOut || s.Reason != ReasonSessionTokenAndUATMissing || len(s.Header) != 3 || s.Message != messageNothing || s.Err() != nil {
					t.Errorf("state is %v with %v, err %v", s, s.Header, s.Err())
				}
			})
			t.Run("development, "+name+" in the "+carrier, func(t *testing.T) {
				dev := newTestAuthenticator(t, WithPublishableKey(devKey))
				if s, err := dev.Authenticate(r); s != nil || !errors.Is(err, ErrConfiguration) {
					t.Errorf("state is %v, %v", s, err)
				}
				_, resp := callThrough(t, dev.Middleware, r)
				if body := bodyOf(t, resp); resp.StatusCode != http.StatusInternalServerError || resp.Header["Set-Cookie"] != nil || !strings.Contains(body, test.want) {
					t.Errorf("the response is %d with %v, %q", resp.StatusCode, resp.Header, body)
				}
			})
		}
	}
}

// A handshake token names no user and does not expire. The session token in it is
// verified like any other.
func TestHandshakeWithoutAValidSession(t *testing.T) {
	t.Parallel()
	session := func(opts ...mintOption) []any { return []any{"__session=" + mint(t, opts...) + "; Path=/"} }
	hour := testNow.Unix() - 3600
	for name, test := range map[string]struct {
		directives []any
		live, dev  Reason
		devStatus  Status
	}{
		"no directives":                  {nil, ReasonSessionTokenMissing, ReasonSessionTokenMissing, StatusSignedOut},
		"no strings":                     {[]any{1, nil, map[string]any{}}, ReasonSessionTokenMissing, ReasonSessionTokenMissing, StatusSignedOut},
		"session removed":                {[]any{"__session=; Max-Age=0", "__client_uat=0"}, ReasonSessionTokenMissing, ReasonSessionTokenMissing, StatusSignedOut},
		"last session cookie removed":    {append(session(), "__session_x=; Max-Age=0"), ReasonSessionTokenMissing, ReasonSessionTokenMissing, StatusSignedOut},
		"session expired an hour ago":    {session(withClaim("exp", hour), withClaim("iat", hour-60), withClaim("nbf", hour-60)), ReasonSessionTokenAndUATMissing, "", StatusSignedIn},
		"session not active for an hour": {session(withClaim("nbf", testNow.Unix()+3600)), ReasonSessionTokenAndUATMissing, "", StatusSignedIn},
		"session issued in an hour":      {session(withClaim("iat", testNow.Unix()+3600)), ReasonSessionTokenAndUATMissing, "", StatusSignedIn},
		"session expired two days ago":   {session(withClaim("exp", testNow.Unix()-2*86400)), ReasonSessionTokenAndUATMissing, ReasonDevBrowserMissing, StatusSignedOut},
		"session forged":                 {session(signedBy(otherKey())), ReasonSessionTokenAndUATMissing, ReasonDevBrowserMissing, StatusSignedOut},
		"session of a template":          {session(withHeader("cat", categoryTemplate)), ReasonSessionTokenAndUATMissing, ReasonDevBrowserMissing, StatusSignedOut},
		"session not decodable":          {[]any{"__session=x"}, ReasonSessionTokenAndUATMissing, ReasonDevBrowserMissing, StatusSignedOut},
		"session pending":                {session(withClaim("sts", "pending")), "", "", StatusPending},
	} {
		r := newRequest(t, "/", withCookie("__clerk_handshake", mintHandshake(t, test.directives)))
		resolved := test.dev != ReasonDevBrowserMissing
		t.Run("production, "+name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, newTestAuthenticator(t, WithTemplateTokens()), r)
			if s.Reason != test.live || s.Header.Get("Location") != "" || s.Auth().IsAuthenticated() || s.Err() != nil {
				t.Errorf("state is %v with %v, want %q", s, s.Header, test.live)
			}
			checkCookiesOf(t, s, test.directives, test.live != ReasonSessionTokenAndUATMissing)
		})
		t.Run("development, "+name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, newTestAuthenticator(t, WithTemplateTokens(), WithPublishableKey(devKey)), r)
			if s.Reason != test.dev || s.Status != test.devStatus || resolved != (s.Header.Get("Location") == page) || s.Err() != nil {
				t.Errorf("state is %v with %v, want %q, %q", s, s.Header, test.devStatus, test.dev)
			}
			checkCookiesOf(t, s, test.directives, resolved)
		})
	}
}

// checkCookiesOf checks that the strings among directives are set, or else that no cookie is.
func checkCookiesOf(t *testing.T, s *State, directives []any, set bool) {
	t.Helper()
	var want []string
	for _, directive := range directives {
		if text, ok := directive.(string); ok && set {
			want = append(want, text)
		}
	}
	if got := s.Header["Set-Cookie"]; !slices.Equal(got, want) {
		t.Errorf("cookies are %q, want %q", got, want)
	}
}

// A handshake claim that is not a list sets no cookies.
func TestHandshakeClaimThatIsNotAList(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]mintOption{
		"text": withClaim("handshake", "__session=x"), "null": withClaim("handshake", nil), "object": withClaim("handshake", map[string]any{"0": "a=1"}),
		"missing": withoutClaim("handshake"),
	} {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", withCookie("__clerk_handshake", mintHandshake(t, nil, opt))))
			if s.Reason != ReasonSessionTokenMissing || s.Header["Set-Cookie"] != nil {
				t.Errorf("state is %v with %v", s, s.Header)
			}
		})
	}
}

func TestDirectiveWithAControlCharacterIsDropped(t *testing.T) {
	t.Parallel()
	token := mint(t)
	handshake := mintHandshake(t, []any{
		"a=1\r\nSet-Cookie: evil=1", "b=\x00", "c=\x7f", "__session=" + token + "; Path=/", "__session_x=y\n", "d=\u0085", "e=\t", "f=ok",
	})
	s := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", withCookie("__clerk_handshake", handshake)))
	want := []string{"__session=" + token + "; Path=/", "f=ok"}
	if diff := cmp.Diff(want, s.Header["Set-Cookie"]); diff != "" || s.Status != StatusSignedIn {
		t.Errorf("state is %v, cookies (-want +got):\n%s", s, diff)
	}
}

// Without keys, a handshake neither signs the browser out nor redirects it again.
func TestHandshakeWithoutKeysIsUndecided(t *testing.T) {
	t.Parallel()
	down := newBackend(t, badGateway)
	s := stateOf(t, down.authenticator(t), newRequest(t, "/", asPageLoad, withCookie("__clerk_handshake", mintHandshake(t, nil))))
	if s.Status != StatusSignedOut || !errors.Is(s.Err(), ErrKeysUnavailable) || s.Header.Get("Location") != "" {
		t.Errorf("state is %v, err %v, header %v", s, s.Err(), s.Header)
	}
}

func TestHandshakeCookiesOnly(t *testing.T) {
	t.Parallel()
	only := WithHandshakeCookiesOnly(true)
	cookie := "__session=" + mint(t)
	handshake := mintHandshake(t, []any{cookie})
	ignored := func(name, value string) flowCase {
		return flowCase{options: []Option{only}, request: []requestOption{inQuery(name, value)}, status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing}
	}
	resolved := http.Header{"Cache-Control": {"private, no-store"}, "Set-Cookie": {cookie}}
	redirected := withRedirect(resolved, "http://app.example.com/p?a=%7E&__clerk_synced=true")
	runFlow(t, map[string]flowCase{
		"production, query":  ignored("__clerk_handshake", handshake),
		"production, nonce":  ignored("__clerk_handshake_nonce", "n"),
		"production, cookie": {options: []Option{only}, request: []requestOption{withCookie("__clerk_handshake", handshake)}, status: StatusSignedIn, header: resolved},
		"development, query": {options: []Option{only, WithPublishableKey(devKey)}, request: []requestOption{inQuery("__clerk_handshake", handshake)}, status: StatusSignedIn, header: redirected},
	})
}

// A handshake is ignored where a header token decides, and in a preflight request.
func TestHandshakeIsIgnored(t *testing.T) {
	t.Parallel()
	handshake := withCookie("__clerk_handshake", mintHandshake(t, []any{"__session=" + mint(t, withClaim("sub", "user_other"))}))
	for name, r := range map[string]*http.Request{
		"bearer":    newRequest(t, "/", handshake, withBearer(mint(t))),
		"preflight": newRequest(t, "/", handshake, withMethod(http.MethodOptions)),
	} {
		if s := stateOf(t, newTestAuthenticator(t), r); s.Header["Set-Cookie"] != nil || s.Auth().UserID == "user_other" {
			t.Errorf("%s: state is %v with %v", name, s, s.Header)
		}
	}
}

// An outcome that signs a browser out is valid for a day and must have an iat. The
// age of one with a session is that of its session token.
func TestSignOutOutcomesExpire(t *testing.T) {
	t.Parallel()
	at := func(seconds int64) mintOption { return withClaim("iat", testNow.Unix()+seconds) }
	session := []any{"__session=" + mint(t, withClaim("sub", outcomeUser))}
	for name, test := range map[string]struct {
		directives []any
		issued     mintOption
		adopted    bool
	}{
		"just now":                     {nil, at(0), true},
		"a day ago":                    {nil, at(-86400), true},
		"more than a day ago":          {nil, at(-86401), false},
		"in a day":                     {nil, at(86400), true},
		"in more than a day":           {nil, at(86401), false},
		"300 days ago":                 {nil, at(-300 * 86400), false},
		"without iat":                  {nil, withoutClaim("iat"), false},
		"iat that is not a number":     {nil, withClaim("iat", "now"), false},
		"in the year 30000000":         {nil, withClaim("iat", 1e300), false},
		"with a session, 300 days ago": {session, at(-300 * 86400), true},
		"with a session, without iat":  {session, withoutClaim("iat"), true},
	} {
		for instance, key := range map[string]string{"production": liveKey, "development": devKey} {
			t.Run(instance+", "+name, func(t *testing.T) {
				t.Parallel()
				log := new(recorded)
				a := newTestAuthenticator(t, WithPublishableKey(key), WithLogger(slog.New(slog.NewTextHandler(log, nil))))
				signedIn := []requestOption{signedInCookies(t), devBrowser, asPageLoad}
				r := newRequest(t, "/", append(signedIn, withCookie("__clerk_handshake", mintHandshake(t, test.directives, test.issued)))...)
				want := testUser
				switch {
				case test.adopted && test.directives != nil:
					want = outcomeUser
				case test.adopted:
					want = ""
				}
				for range 2 {
					if s := stateOf(t, a, r); s.Auth().UserID != want || s.Err() != nil {
						t.Errorf("%v for user %q, want %q; err %v", s, s.Auth().UserID, want, s.Err())
					}
				}
				warned := 0
				if !test.adopted {
					warned = 1
				}
				if got := len(log.lines()); got != warned {
					t.Errorf("%d warnings, want %d: %q", got, warned, log.lines())
				}
			})
		}
	}
}
