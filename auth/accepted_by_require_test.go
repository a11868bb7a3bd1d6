package auth

import (
	"net/http"
	"testing"
)

// nested returns a handler inside of guards, the outermost first.
func nested(last http.Handler, guards ...func(http.Handler) http.Handler) http.Handler {
	for i := len(guards) - 1; i >= 0; i-- {
		last = guards[i](last)
	}
	return last
}

// What Require accepted is what FromContext returns behind it. The innermost counts.
func TestRequireSaysWhoCountsBehindIt(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	a, other := b.authenticator(t, everyType()), b.authenticator(t, everyType())
	session, key := withBearer(mint(t)), withBearer("ak_1")
	guards := func(list ...func(http.Handler) http.Handler) []func(http.Handler) http.Handler { return list }
	sessions, keys, either := a.Require(), a.Require(Accepts(APIKey)), a.Require(Accepts(SessionToken, APIKey))
	m2mToo := a.Require(Accepts(SessionToken, APIKey, M2MToken))
	strangers := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stranger := stateOf(t, other, newRequest(t, "/", session))
			next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), stranger.Auth())))
		})
	}
	for name, test := range map[string]struct {
		guards  []func(http.Handler) http.Handler
		request requestOption
		opts    []AuthOption
		want    TokenType // "" if nobody is authenticated in the handler
	}{
		"sessions":                             {guards(sessions), session, nil, SessionToken},
		"keys":                                 {guards(keys), key, nil, APIKey},
		"either, session":                      {guards(either), session, nil, SessionToken},
		"either, key":                          {guards(either), key, nil, APIKey},
		"either, key, pending allowed":         {guards(either), key, []AuthOption{AllowPending()}, APIKey},
		"either, key, narrowed to it":          {guards(either), key, []AuthOption{Accepts(APIKey)}, APIKey},
		"either, key, narrowed away":           {guards(either), key, []AuthOption{Accepts(SessionToken)}, ""},
		"either, session, narrowed away":       {guards(either), session, []AuthOption{Accepts(APIKey)}, ""},
		"either, key, narrowed to more":        {guards(either), key, []AuthOption{anyType}, APIKey},
		"sessions, not widened":                {guards(sessions), session, []AuthOption{Accepts(APIKey)}, ""},
		"Middleware, key":                      {guards(a.Middleware), key, nil, ""},
		"Middleware, key, accepted":            {guards(a.Middleware), key, []AuthOption{Accepts(APIKey)}, APIKey},
		"Require in Middleware":                {guards(a.Middleware, either), key, nil, APIKey},
		"Middleware in Require":                {guards(either, a.Middleware), key, nil, APIKey},
		"Middleware in Require, narrowed away": {guards(either, a.Middleware), key, []AuthOption{Accepts(M2MToken, SessionToken)}, ""},
		"narrower in wider, key":               {guards(m2mToo, keys), key, nil, APIKey},
		"wider in narrower, key":               {guards(keys, m2mToo), key, nil, APIKey},
		"sessions in wider, session":           {guards(either, sessions), session, nil, SessionToken},
		"sessions in wider, key accepted":      {guards(either, sessions, a.Middleware), session, []AuthOption{Accepts(SessionToken, APIKey)}, SessionToken},
		"wider in sessions, session":           {guards(sessions, either), session, nil, SessionToken},
		"three, key":                           {guards(m2mToo, either, keys), key, nil, APIKey},
		"another Authenticator inside":         {guards(either, other.Middleware), key, nil, ""},
		"another Authenticator's Require":      {guards(sessions, other.Require(Accepts(SessionToken, APIKey))), session, nil, SessionToken},
		"another Authenticator outside":        {guards(other.Require(Accepts(APIKey)), a.Middleware), key, nil, ""},
		"both Authenticators' Requires":        {guards(other.Require(Accepts(APIKey)), keys), key, nil, APIKey},
		"an Auth put below Require":            {guards(keys, strangers), key, nil, SessionToken},
		"Require below a foreign Auth":         {guards(keys, strangers, keys), key, nil, APIKey},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got *Auth
			h := nested(inspect(func(r *http.Request) { got = FromContext(r.Context(), test.opts...) }), test.guards...)
			resp := serve(t, h, newRequest(t, "/", test.request))
			if got == nil {
				t.Fatalf("the handler did not run: %d", resp.StatusCode)
			}
			if got.IsAuthenticated() != (test.want != "") || test.want != "" && got.TokenType != test.want {
				t.Errorf("the handler gets %v of type %q, want %q", got, got.TokenType, test.want)
			}
			if test.want == "" && (got.Reason() != ReasonTokenTypeMismatch || got.Err() != nil) {
				t.Errorf("the reason is %q, err %v", got.Reason(), got.Err())
			}
		})
	}
	for name, guards := range map[string][]func(http.Handler) http.Handler{
		"sessions in wider":  {either, sessions},
		"sessions in keys":   {keys, sessions},
		"M2M in wider":       {m2mToo, a.Require(Accepts(M2MToken))},
		"wider, in sessions": {sessions, either},
	} {
		h := nested(inspect(func(*http.Request) { t.Errorf("%s: the handler ran", name) }), guards...)
		if resp := serve(t, h, newRequest(t, "/", key)); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: status %d, want 401", name, resp.StatusCode)
		}
	}
}

// A pending session does not pass Require, so AllowPending cannot let it in behind one.
func TestNoPendingSessionBehindRequire(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	pending := withBearer(mint(t, withClaim("sts", "pending")))
	for _, guard := range []func(http.Handler) http.Handler{a.Require(), a.Require(Accepts(SessionToken, APIKey))} {
		for _, h := range []http.Handler{guard(inspect(nil)), a.Middleware(guard(inspect(nil))), guard(a.Middleware(inspect(nil)))} {
			if resp := serve(t, h, newRequest(t, "/", pending)); resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("status %d, want 401", resp.StatusCode)
			}
		}
	}
	if got, _ := callThrough(t, a.Middleware, newRequest(t, "/", pending), AllowPending()); !got.IsAuthenticated() {
		t.Errorf("behind Middleware alone: %v", got)
	}
}
