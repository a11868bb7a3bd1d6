package auth

import (
	"context"
	"errors"
	"net/http"
	"testing"
)

// The options of an endpoint limit what the middleware accepted.
func TestAuthOptionsOfAnEndpoint(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	a := b.authenticator(t, everyType())
	some := b.authenticator(t, WithAcceptedTokens(SessionToken, M2MToken))
	session, key, m2m, refused := withBearer(mint(t)), withBearer("ak_1"), withBearer("mt_1"), withBearer(m2mJWT(t, withHeader("cat", "cl_X")))
	everything := Accepts(allTokenTypes[:]...)
	var nilTypes *AcceptedTypes
	tests := map[string]struct {
		authn   *Authenticator
		request requestOption
		opts    []AuthOption
		in      bool
		kind    TokenType
		reason  Reason
	}{
		"any, session":                        {a, session, []AuthOption{everything}, true, SessionToken, ""},
		"any, API key":                        {a, key, []AuthOption{everything}, true, APIKey, ""},
		"any, refused":                        {a, refused, []AuthOption{everything}, false, M2MToken, ReasonTokenInvalid},
		"any, type that is not accepted":      {some, key, []AuthOption{everything}, false, "", ReasonTokenTypeMismatch},
		"list, type in it":                    {a, key, []AuthOption{Accepts(APIKey, SessionToken)}, true, APIKey, ""},
		"list, type not in it":                {a, m2m, []AuthOption{Accepts(APIKey, SessionToken)}, false, "", ReasonTokenTypeMismatch},
		"list, refused and not in it":         {a, refused, []AuthOption{Accepts(APIKey, OAuthToken)}, false, "", ReasonTokenInvalid},
		"one type, that type":                 {a, m2m, []AuthOption{Accepts(M2MToken)}, true, M2MToken, ""},
		"one machine type, another type":      {a, key, []AuthOption{Accepts(M2MToken)}, false, M2MToken, ReasonTokenTypeMismatch},
		"one machine type, session":           {a, session, []AuthOption{Accepts(OAuthToken)}, false, OAuthToken, ReasonTokenTypeMismatch},
		"sessions, machine":                   {a, key, []AuthOption{Accepts(SessionToken)}, false, SessionToken, ReasonTokenTypeMismatch},
		"by default, machine":                 {a, key, nil, false, SessionToken, ReasonTokenTypeMismatch},
		"by default, session":                 {a, session, nil, true, SessionToken, ""},
		"one machine type, no token":          {a, withField("X", ""), []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonSessionTokenAndUATMissing},
		"twice, named by both":                {a, key, []AuthOption{Accepts(APIKey, M2MToken), Accepts(APIKey, SessionToken)}, true, APIKey, ""},
		"twice, named by one":                 {a, m2m, []AuthOption{Accepts(APIKey, M2MToken), Accepts(APIKey, SessionToken)}, false, APIKey, ReasonTokenTypeMismatch},
		"nothing":                             {a, session, []AuthOption{Accepts()}, false, "", ReasonTokenTypeMismatch},
		"zero":                                {a, session, []AuthOption{AcceptedTypes{}}, false, "", ReasonTokenTypeMismatch},
		"nil":                                 {a, session, []AuthOption{nilTypes}, false, "", ReasonTokenTypeMismatch},
		"a type that does not exist":          {a, session, []AuthOption{Accepts("any")}, false, "", ReasonTokenTypeMismatch},
		"type that the Authenticator refuses": {some, key, []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonTokenTypeMismatch},
		"pending, allowed":                    {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(SessionToken, APIKey), AllowPending()}, true, SessionToken, ""},
		"pending, sessions not accepted":      {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(APIKey), AllowPending()}, false, APIKey, ReasonTokenTypeMismatch},
		"pending, not allowed":                {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(APIKey, SessionToken)}, false, SessionToken, ""},
		"undecided session, API keys only":    {newBackend(t, badGateway).authenticator(t), session, []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonJWKRemoteFailedToLoad},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", test.request)
			var got *Auth
			serve(t, test.authn.Middleware(inspect(func(r *http.Request) { got = FromContext(r.Context(), test.opts...) })), r)
			for from, got := range map[string]*Auth{"context": got, "state": stateOf(t, test.authn, r).Auth(test.opts...)} {
				if got.IsAuthenticated() != test.in || got.TokenType != test.kind || got.Reason() != test.reason || got.Err() != nil {
					t.Errorf("%s: %v of type %q, reason %q, err %v", from, got, got.TokenType, got.Reason(), got.Err())
				}
				token, err := got.GetToken(t.Context())
				if (err == nil) != test.in || (token != "") != test.in {
					t.Errorf("%s: GetToken returns %d bytes, %v", from, len(token), err)
				}
				if !test.in && (got.Claims() != nil || got.MachineClaims() != nil || got.UserID+got.ID+got.Subject+got.MachineID+got.ClientID+got.Name != "" || got.Scopes != nil) {
					t.Errorf("%s: it is signed out and contains %+v", from, got)
				}
			}
		})
	}
	if err := FromContext(t.Context(), Accepts(APIKey)).Err(); err != ErrNoMiddleware {
		t.Errorf("without the middleware: %v", err)
	}
	if got := (*State)(nil).Auth(Accepts(M2MToken)); got.TokenType != M2MToken || got.IsAuthenticated() {
		t.Errorf("a nil State returns %v", got)
	}
}

func TestFromContextWithoutMiddleware(t *testing.T) {
	t.Parallel()
	for name, ctx := range map[string]context.Context{"plain": t.Context(), "nil": nil} {
		a := FromContext(ctx)
		if a.IsAuthenticated() || !errors.Is(a.Err(), ErrNoMiddleware) {
			t.Errorf("%s: %v, err %v", name, a, a.Err())
		}
		if _, err := a.GetToken(t.Context()); !errors.Is(err, ErrNoMiddleware) {
			t.Errorf("%s: GetToken %v", name, err)
		}
		if _, err := CurrentUser(ctx); !errors.Is(err, ErrNoMiddleware) {
			t.Errorf("%s: CurrentUser %v", name, err)
		}
	}
}
