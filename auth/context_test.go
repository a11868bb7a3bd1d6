package auth

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// An endpoint narrows what the middleware accepted.
func TestNarrowingByEndpoint(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	a := b.authenticator(t, everyType())
	some := b.authenticator(t, WithAcceptedTokens(SessionToken, M2MToken))
	session, key, m2m, refused := withBearer(mint(t)), withBearer("ak_1"), withBearer("mt_1"), withBearer(m2mJWT(t, withHeader("cat", "cl_X")))
	everything := Accepts(allTokenTypes[:]...)
	var none *AcceptedTypes
	tests := map[string]struct {
		authn   *Authenticator
		request requestOption
		narrow  []AuthOption
		in      bool
		kind    TokenType
		reason  Reason
	}{
		"any, session":                     {a, session, []AuthOption{everything}, true, SessionToken, ""},
		"any, API key":                     {a, key, []AuthOption{everything}, true, APIKey, ""},
		"any, refused":                     {a, refused, []AuthOption{everything}, false, M2MToken, ReasonTokenInvalid},
		"any, none of those accepted":      {some, key, []AuthOption{everything}, false, "", ReasonTokenTypeMismatch},
		"list, of it":                      {a, key, []AuthOption{Accepts(APIKey, SessionToken)}, true, APIKey, ""},
		"list, not of it":                  {a, m2m, []AuthOption{Accepts(APIKey, SessionToken)}, false, "", ReasonTokenTypeMismatch},
		"list, refused and not of it":      {a, refused, []AuthOption{Accepts(APIKey, OAuthToken)}, false, "", ReasonTokenInvalid},
		"one, that one":                    {a, m2m, []AuthOption{Accepts(M2MToken)}, true, M2MToken, ""},
		"one machine type, another":        {a, key, []AuthOption{Accepts(M2MToken)}, false, M2MToken, ReasonTokenTypeMismatch},
		"one machine type, session":        {a, session, []AuthOption{Accepts(OAuthToken)}, false, OAuthToken, ReasonTokenTypeMismatch},
		"sessions, machine":                {a, key, []AuthOption{Accepts(SessionToken)}, false, SessionToken, ReasonTokenTypeMismatch},
		"by default, machine":              {a, key, nil, false, SessionToken, ReasonTokenTypeMismatch},
		"by default, session":              {a, session, nil, true, SessionToken, ""},
		"one machine type, nobody":         {a, withField("X", ""), []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonSessionTokenAndUATMissing},
		"twice, what both name":            {a, key, []AuthOption{Accepts(APIKey, M2MToken), Accepts(APIKey, SessionToken)}, true, APIKey, ""},
		"twice, what one names":            {a, m2m, []AuthOption{Accepts(APIKey, M2MToken), Accepts(APIKey, SessionToken)}, false, APIKey, ReasonTokenTypeMismatch},
		"nothing":                          {a, session, []AuthOption{Accepts()}, false, "", ReasonTokenTypeMismatch},
		"zero":                             {a, session, []AuthOption{AcceptedTypes{}}, false, "", ReasonTokenTypeMismatch},
		"nil":                              {a, session, []AuthOption{none}, false, "", ReasonTokenTypeMismatch},
		"a type that does not exist":       {a, session, []AuthOption{Accepts("any")}, false, "", ReasonTokenTypeMismatch},
		"what the authenticator refuses":   {some, key, []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonTokenTypeMismatch},
		"pending where pending may":        {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(SessionToken, APIKey), AllowPending()}, true, SessionToken, ""},
		"pending where no session may":     {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(APIKey), AllowPending()}, false, APIKey, ReasonTokenTypeMismatch},
		"pending where no pending may":     {a, withBearer(mint(t, withClaim("sts", "pending"))), []AuthOption{Accepts(APIKey, SessionToken)}, false, SessionToken, ""},
		"undecided session, API keys only": {newBackend(t, outOfOrder).authenticator(t), session, []AuthOption{Accepts(APIKey)}, false, APIKey, ReasonJWKRemoteFailedToLoad},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", test.request)
			var got *Auth
			serve(t, test.authn.Middleware(inspect(func(r *http.Request) { got = FromContext(r.Context(), test.narrow...) })), r)
			for from, got := range map[string]*Auth{"context": got, "state": stateOf(t, test.authn, r).Auth(test.narrow...)} {
				if got.IsAuthenticated() != test.in || got.TokenType != test.kind || got.Reason() != test.reason || got.Err() != nil {
					t.Errorf("%s: %v of type %q, reason %q, err %v", from, got, got.TokenType, got.Reason(), got.Err())
				}
				token, err := got.GetToken(t.Context())
				if (err == nil) != test.in || (token != "") != test.in {
					t.Errorf("%s: GetToken returns %d bytes, %v", from, len(token), err)
				}
				if !test.in && (got.Claims() != nil || got.MachineClaims() != nil || got.UserID+got.ID+got.Subject+got.MachineID+got.ClientID+got.Name != "" || got.Scopes != nil) {
					t.Errorf("%s: it is signed out and has %+v", from, got)
				}
			}
		})
	}
	if err := FromContext(t.Context(), Accepts(APIKey)).Err(); err != ErrNoMiddleware {
		t.Errorf("without the middleware: %v", err)
	}
	if got := (*State)(nil).Auth(Accepts(M2MToken)); got.TokenType != M2MToken || got.IsAuthenticated() {
		t.Errorf("no state returns %v", got)
	}
}

func outOfOrder(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }

// Scopes alone can be asked of a machine's token.
func TestHasOfMachines(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	sessionClaims := withClaims(map[string]any{
		"v": 1, "org_id": "org_1", "org_role": "org:admin", "org_permissions": []string{"org:a:b"}, "fea": "u:x", "pla": "u:y", "fva": []int{0, 0}, "scopes": "read", "scope": "read", "scp": []string{"read"},
	})
	sessionChecks := map[string]Check{
		"role": Role("org:admin"), "permission": Permission("org:a:b"), "feature": Feature("x"), "plan": Plan("y"),
		"reverification": Reverified(Lax), "own reverification": ReverifiedWithin(FirstFactor, 3600e9), "zero": {},
	}
	for _, token := range []string{"ak_1", m2mJWT(t, sessionClaims), oauthJWT(t, sessionClaims)} {
		got, err := a.AuthenticateToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		for name, check := range sessionChecks {
			if got.Has(check) || got.Has(Scope("read"), check) || got.Has(check, Scope("read")) {
				t.Errorf("%s: %s holds", got.TokenType, name)
			}
		}
		if !got.Has(Scope("read")) || got.Has(Scope("read"), Scope("delete")) || got.Has(Scope("")) || got.Has(Scope("rea")) || got.Has() {
			t.Errorf("%s: its scopes are %q", got.TokenType, got.Scopes)
		}
	}
	session, err := a.AuthenticateToken(t.Context(), mint(t, sessionClaims))
	if err != nil || session.Has(Scope("read")) || !session.Has(Role("admin")) {
		t.Errorf("a session has a scope, %v", err)
	}
	narrowed := FromContext(NewContext(t.Context(), session), Accepts(APIKey))
	if narrowed.Has(Role("admin")) || narrowed.Has(Scope("read")) {
		t.Error("a session has a role where none is accepted")
	}
}

func TestRequireOfMachines(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	session, key, nobody := withBearer(mint(t)), withBearer("ak_1"), withField("X", "")
	var none *AcceptedTypes
	for name, test := range map[string]struct {
		reqs    []Requirement
		request requestOption
		want    int
	}{
		"nothing asked, API key":         {nil, key, http.StatusUnauthorized},
		"API keys, API key":              {[]Requirement{Accepts(APIKey)}, key, http.StatusOK},
		"API keys, session":              {[]Requirement{Accepts(APIKey)}, session, http.StatusUnauthorized},
		"API keys, nobody":               {[]Requirement{Accepts(APIKey)}, nobody, http.StatusUnauthorized},
		"either, session":                {[]Requirement{Accepts(APIKey, SessionToken)}, session, http.StatusOK},
		"either, API key":                {[]Requirement{Accepts(APIKey, SessionToken)}, key, http.StatusOK},
		"either, M2M token":              {[]Requirement{Accepts(APIKey, SessionToken)}, withBearer("mt_1"), http.StatusUnauthorized},
		"scope":                          {[]Requirement{Accepts(APIKey), Scope("read")}, key, http.StatusOK},
		"scope before what is accepted":  {[]Requirement{Scope("read"), Accepts(APIKey)}, key, http.StatusOK},
		"scope that is missing":          {[]Requirement{Accepts(APIKey), Scope("delete")}, key, http.StatusForbidden},
		"scope of a session":             {[]Requirement{Accepts(APIKey, SessionToken), Scope("read")}, session, http.StatusForbidden},
		"role of an API key":             {[]Requirement{Accepts(APIKey), Role("org:admin")}, key, http.StatusForbidden},
		"reverification of an API key":   {[]Requirement{Accepts(APIKey), Reverified(Lax)}, key, http.StatusForbidden},
		"nothing accepted":               {[]Requirement{Accepts()}, key, http.StatusUnauthorized},
		"zero":                           {[]Requirement{AcceptedTypes{}}, session, http.StatusUnauthorized},
		"nil pointer":                    {[]Requirement{none}, session, http.StatusUnauthorized},
		"nil beside what is accepted":    {[]Requirement{Accepts(APIKey), nil}, key, http.StatusForbidden},
		"accepted twice, in common":      {[]Requirement{Accepts(APIKey, M2MToken), Accepts(APIKey)}, key, http.StatusOK},
		"accepted twice, nothing common": {[]Requirement{Accepts(SessionToken), Accepts(APIKey)}, key, http.StatusUnauthorized},
		"pointer to what is accepted":    {[]Requirement{new(Accepts(APIKey))}, key, http.StatusOK},
		"API key that is a JWT":          {[]Requirement{Accepts(M2MToken)}, withBearer(m2mJWT(t, signedBy(otherKey()))), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := false
			resp := serve(t, a.Require(test.reqs...)(inspect(func(*http.Request) { called = true })), newRequest(t, "/", test.request))
			if resp.StatusCode != test.want || called != (test.want == http.StatusOK) {
				t.Fatalf("status %d, want %d; next was called: %v", resp.StatusCode, test.want, called)
			}
			if !called {
				checkDenial(t, resp, "")
			}
		})
	}
}

// What an Auth shows of itself never holds the token.
func TestMachineAuthShowsNoToken(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType(), WithMachineSecretKey("ak_machine"))
	got, err := a.AuthenticateToken(t.Context(), "ak_secret")
	if err != nil {
		t.Fatal(err)
	}
	const want = `auth.Auth(type="api_key", id="ak_id", subject="user_1")`
	for _, shown := range []string{got.String(), fmt.Sprintf("%+v", got), fmt.Sprintf("%#v", *got)} {
		if shown != want {
			t.Errorf("it shows %s", shown)
		}
	}
	if shown := got.LogValue().String(); shown != "[signed_in=true type=api_key id=ak_id subject=user_1]" {
		t.Errorf("the log shows %s", shown)
	}
	if shown := fmt.Sprintf("%+v %v", a, NewContext(t.Context(), got)); strings.Contains(shown, "ak_secret") || strings.Contains(shown, "ak_machine") {
		t.Errorf("it shows %s", shown)
	}
	got.Scopes[0], got.MachineClaims()[0] = "delete", 'x'
	if again := FromContext(NewContext(t.Context(), got), Accepts(APIKey)); again.Scopes[0] != "read" || again.MachineClaims()[0] != '{' || got.Has(Scope("delete")) {
		t.Error("writing to the fields changed what the methods return")
	}
}
