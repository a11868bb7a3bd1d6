package auth

import (
	"net/http"
	"testing"
)

// The accepted types and the credentials of a request decide how it is authenticated.
func TestDispatchByAcceptedTypes(t *testing.T) {
	t.Parallel()
	cookies := signedInCookies(t, withClaim("sub", "user_cookie"))
	session, nothing := withBearer(mint(t)), withField("X", "")
	key := withBearer("ak_1")
	list := func(types ...TokenType) []TokenType { return types }
	tests := map[string]struct {
		accepts []TokenType
		request []requestOption
		status  Status
		kind    TokenType
		reason  Reason
	}{
		"list without the header's type":           {list(SessionToken, M2MToken), []requestOption{key}, StatusSignedOut, "", ReasonTokenTypeMismatch},
		"list without sessions, no header":         {list(APIKey, M2MToken), []requestOption{nothing}, StatusSignedOut, "", ReasonTokenTypeMismatch},
		"list without sessions, cookies":           {list(APIKey, M2MToken), []requestOption{cookies}, StatusSignedOut, "", ReasonTokenTypeMismatch},
		"list without sessions, session in header": {list(APIKey, M2MToken), []requestOption{session}, StatusSignedOut, "", ReasonTokenTypeMismatch},
		"list, session in header":                  {list(APIKey, SessionToken), []requestOption{session}, StatusSignedIn, SessionToken, ""},
		"list, API key in header":                  {list(APIKey, SessionToken), []requestOption{key}, StatusSignedIn, APIKey, ""},
		"list, API key before cookies":             {list(APIKey, SessionToken), []requestOption{key, cookies}, StatusSignedIn, APIKey, ""},
		"list, no header, cookies":                 {list(APIKey, SessionToken), []requestOption{cookies}, StatusSignedIn, SessionToken, ""},
		"list, nothing":                            {list(APIKey, SessionToken), []requestOption{nothing}, StatusSignedOut, SessionToken, ReasonSessionTokenAndUATMissing},
		"every type, M2M JWT":                      {allTokenTypes[:], []requestOption{withBearer(m2mJWT(t))}, StatusSignedIn, M2MToken, ""},
		"every type, nonsense":                     {allTokenTypes[:], []requestOption{withBearer("x")}, StatusSignedOut, SessionToken, ReasonTokenInvalid},
		"sessions, session in header":              {list(SessionToken), []requestOption{session}, StatusSignedIn, SessionToken, ""},
		"sessions, API key in header":              {list(SessionToken), []requestOption{key}, StatusSignedOut, SessionToken, ReasonTokenInvalid},
		"prefix before what looks like a JWT":      {list(OAuthToken, APIKey), []requestOption{withBearer("oat_a.b.c")}, StatusSignedOut, M2MToken, ReasonTokenInvalid},
		"one machine type, its token":              {list(APIKey), []requestOption{key}, StatusSignedIn, APIKey, ""},
		"one machine type, session in header":      {list(APIKey), []requestOption{session}, StatusSignedOut, APIKey, ReasonTokenTypeMismatch},
		"one machine type, another type's token":   {list(APIKey), []requestOption{withBearer("mt_1")}, StatusSignedOut, APIKey, ReasonTokenTypeMismatch},
		"one machine type, undecodable JWT":        {list(M2MToken), []requestOption{withBearer("e30.bm8.e30")}, StatusSignedOut, M2MToken, ReasonTokenTypeMismatch},
		"one machine type, nothing":                {list(OAuthToken), []requestOption{nothing}, StatusSignedOut, OAuthToken, ReasonNoTokenInHeader},
		"one machine type, cookies":                {list(M2MToken), []requestOption{cookies}, StatusSignedOut, M2MToken, ReasonNoTokenInHeader},
		"one machine type, token in a cookie":      {list(M2MToken), []requestOption{withCookie("__session", "mt_1")}, StatusSignedOut, M2MToken, ReasonNoTokenInHeader},
		"list, machine token in a cookie":          {list(M2MToken, SessionToken), []requestOption{signedInCookie("mt_1")}, StatusSignedOut, SessionToken, ReasonTokenInvalid},
		"list, machine JWT in a cookie":            {list(M2MToken, SessionToken), []requestOption{signedInCookie(m2mJWT(t))}, StatusSignedOut, SessionToken, ReasonTokenTypeMismatch},
		"several headers":                          {list(APIKey), []requestOption{key, key}, StatusSignedOut, APIKey, ReasonTokenInvalid},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, "")
			s := stateOf(t, b.authenticator(t, WithAcceptedTokens(test.accepts...)), newRequest(t, "/", test.request...))
			if s.Status != test.status || s.TokenType != test.kind || s.Reason != test.reason || s.Err() != nil {
				t.Errorf("state is %v of type %q, err %v; want %q, %q, %q", s, s.TokenType, s.Err(), test.status, test.kind, test.reason)
			}
			if s.Reason == ReasonTokenTypeMismatch && s.Message == "" || s.Header.Get("X-Clerk-Auth-Reason") != string(s.Reason) {
				t.Errorf("message is %q, header %v", s.Message, s.Header)
			}
			if calls := b.verifyCalls(); test.kind != APIKey && len(calls) != 0 || s.Reason == ReasonTokenTypeMismatch && len(calls) != 0 {
				t.Errorf("Clerk received %v", calls)
			}
		})
	}
}

// The accepted types decide whether a header token is verified as a session's, as a machine's, or by its form.
func TestHeaderTokenByAcceptedTypes(t *testing.T) {
	t.Parallel()
	template := mint(t, withHeader("cat", categoryTemplate))
	expired := mint(t, withClaim("exp", testNow.Unix()-60))
	both := []TokenType{SessionToken, M2MToken}
	tests := map[string]struct {
		accepts []TokenType
		opts    []Option
		token   string
		kind    TokenType
		reason  Reason
	}{
		"session: JWT of a machine":                  {accepts: []TokenType{SessionToken}, token: m2mJWT(t), kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"session: non-session category":              {accepts: []TokenType{SessionToken}, token: template, kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"session: good":                              {accepts: []TokenType{SessionToken}, token: mint(t), kind: SessionToken},
		"session: expired":                           {accepts: []TokenType{SessionToken}, token: expired, kind: SessionToken, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"machine: session token":                     {accepts: []TokenType{M2MToken}, token: mint(t), kind: M2MToken, reason: ReasonTokenTypeMismatch},
		"machine: token of another type":             {accepts: []TokenType{M2MToken}, token: oauthJWT(t), kind: M2MToken, reason: ReasonTokenTypeMismatch},
		"machine: good":                              {accepts: []TokenType{M2MToken}, token: m2mJWT(t), kind: M2MToken},
		"machine: refused":                           {accepts: []TokenType{M2MToken}, token: m2mJWT(t, signedBy(otherKey())), kind: M2MToken, reason: ReasonTokenVerificationFailed},
		"mixed: good machine token":                  {accepts: both, token: m2mJWT(t), kind: M2MToken},
		"mixed: machine token of another type":       {accepts: both, token: oauthJWT(t), reason: ReasonTokenTypeMismatch},
		"mixed: refused machine token":               {accepts: both, token: m2mJWT(t, withHeader("cat", "cl_X")), kind: M2MToken, reason: ReasonTokenInvalid},
		"mixed: good session":                        {accepts: both, token: mint(t), kind: SessionToken},
		"mixed: expired session":                     {accepts: both, token: expired, kind: SessionToken, reason: "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"mixed: template token":                      {accepts: both, token: template, kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"mixed: template token, accepted":            {accepts: both, opts: []Option{WithTemplateTokens()}, token: template, kind: SessionToken},
		"mixed: session token with the M2M category": {accepts: both, token: mint(t, withHeader("cat", categoryM2M)), kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"mixed: unknown category":                    {accepts: both, token: mint(t, withHeader("cat", "cl_X")), kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"mixed: category ignored":                    {accepts: both, token: mint(t, withHeader("cat", categoryIgnore)), kind: SessionToken},
		"mixed: no category":                         {accepts: both, token: mint(t, withoutHeader("cat")), kind: SessionToken},
		"mixed: subject is not a string":             {accepts: both, token: mint(t, withClaim("sub", 7)), kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"mixed: no subject":                          {accepts: both, token: mint(t, withoutClaim("sub")), kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"mixed: M2M JWT with the subject of a user":  {accepts: both, token: m2mJWT(t, withClaim("sub", "user_1")), kind: SessionToken, reason: ReasonTokenTypeMismatch},
		"mixed: OAuth type, M2M accepted":            {accepts: both, token: oauthJWT(t), reason: ReasonTokenTypeMismatch},
		"mixed: nested and doubled members":          {accepts: both, token: mint(t, withRawPayload(`{"sub":"user_1","sub":"mch_1"}`)), kind: SessionToken, reason: ReasonTokenInvalid},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := append(test.opts, WithAcceptedTokens(test.accepts...))
			a := newTestAuthenticator(t, opts...)
			s := stateOf(t, a, newRequest(t, "/", withBearer(test.token)))
			if s.TokenType != test.kind || s.Reason != test.reason || (s.Status == StatusSignedIn) != (test.reason == "") {
				t.Errorf("state is %v of type %q, want %q, %q", s, s.TokenType, test.kind, test.reason)
			}
			got, err := a.AuthenticateToken(t.Context(), test.token, anyType)
			if (err == nil) != (test.reason == "") || (got == nil) != (err != nil) || got != nil && (got.TokenType != test.kind || !got.IsAuthenticated()) {
				t.Errorf("AuthenticateToken returns %v, %v", got, err)
			}
			claims, err := a.VerifyToken(t.Context(), test.token)
			if session := test.reason == "" && test.kind == SessionToken; session != (err == nil) || session != (claims != nil) {
				t.Errorf("VerifyToken returns %v, %v", claims, err)
			}
		})
	}
}
