package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/tokencache"
)

// caching returns a verifier with a cache, which accepts what mint makes.
func caching() *verifier {
	v := testVerifier()
	v.known.whole = tokencache.New[knownToken](tokencache.MinSize)
	return v
}

func (k *knownTokens) entries() int {
	n, _ := k.whole.Usage()
	return n
}

func wantEntries(t *testing.T, k *knownTokens, want int) {
	t.Helper()
	if got := k.entries(); got != want {
		t.Errorf("the cache has %d tokens, want %d", got, want)
	}
}

// remembered verifies a token, which must be in the cache afterwards.
func remembered(t *testing.T, v *verifier, token string) *Claims {
	t.Helper()
	claims, err := v.session(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if known, found := v.known.whole.Get(token); !found || known.claims != claims || known.key == nil {
		t.Fatalf("the token is not in the cache: %v", known)
	}
	return claims
}

func TestKnownTokenIsNotReadAgain(t *testing.T) {
	v, token := caching(), mint(t)
	first := remembered(t, v, token)
	if n := testing.AllocsPerRun(100, func() {
		if again, err := v.session(t.Context(), strings.Clone(token)); err != nil || again != first {
			t.Errorf("claims are %p (%v), want %p", again, err, first)
		}
	}); n > 1 {
		t.Errorf("a known token allocates %v times, without its copy %v", n, n-1)
	}
	wantEntries(t, v.known, 1)
}

func TestTimesAreCheckedOnEachUse(t *testing.T) {
	t.Parallel()
	now := testNow.Unix()
	for name, tt := range map[string]struct {
		token string
		after time.Duration
		want  Reason
	}{
		"just before exp and the skew": {mint(t), 65*time.Second - time.Millisecond, ""},
		"exp and the skew":             {mint(t), 65 * time.Second, ReasonTokenExpired},
		"long after exp":               {mint(t), 24 * time.Hour, ReasonTokenExpired},
		"the clock before nbf":         {mint(t, withClaim("nbf", now), withoutClaim("iat")), -6 * time.Second, ReasonTokenNotActiveYet},
		"the clock before iat":         {mint(t, withoutClaim("nbf")), -6 * time.Second, ReasonTokenIATInTheFuture},
		"the clock ten years back":     {mint(t, withoutClaim("nbf", "iat")), -11 * 365 * 24 * time.Hour, ReasonTokenVerificationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			v, clock := caching(), newClock()
			v.now = clock.now
			remembered(t, v, tt.token)
			clock.pass(tt.after)
			checkVerdicts(t, v, []verdict{{"moved", tt.token, tt.want}})
			clock.pass(-tt.after)
			checkVerdicts(t, v, []verdict{{"moved back", tt.token, ""}})
		})
	}
}

func TestOptionsAreCheckedOnEachUse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		token  string
		change func(*verifier)
		want   Reason
	}{
		"another party":         {mint(t), func(v *verifier) { v.parties = []string{"https://other.example"} }, ReasonTokenInvalidAuthorizedParties},
		"a party, none named":   {mint(t, withoutClaim("azp")), func(v *verifier) { v.parties = []string{testParty} }, ReasonTokenInvalidAuthorizedParties},
		"another audience":      {mint(t, withClaim("aud", "a")), func(v *verifier) { v.audience = []string{"b"} }, ReasonTokenVerificationFailed},
		"a required audience":   {mint(t), func(v *verifier) { v.audience, v.requireAudience = []string{"a"}, true }, ReasonTokenVerificationFailed},
		"another issuer":        {mint(t), func(v *verifier) { v.issuer = "https://clerk.other.example" }, ReasonTokenInvalidIssuer},
		"less skew":             {mint(t, withClaim("exp", testNow.Unix()-3)), func(v *verifier) { v.skew = 0 }, ReasonTokenExpired},
		"no templates any more": {mint(t, withHeader("cat", categoryTemplate)), func(v *verifier) { v.allowTemplates = false }, ReasonTokenTypeMismatch},
		"a key for RS512 alone": {mint(t), func(v *verifier) { v.keys = keyMap{testKeyID: {Public: &testKey().PublicKey, Algorithm: "RS512"}} }, ReasonTokenVerificationFailed},
		"another key":           {mint(t), func(v *verifier) { v.keys = keyMap{testKeyID: {Public: &otherKey().PublicKey}} }, ReasonTokenInvalidSignature},
		"no key":                {mint(t), func(v *verifier) { v.keys = keyMap{testKeyID: {}} }, ReasonTokenInvalidSignature},
		"no such key":           {mint(t), func(v *verifier) { v.keys = keyMap{} }, ReasonJWKKidMismatch},
		"an equal key":          {mint(t), func(v *verifier) { same := testKey().PublicKey; v.keys = keyMap{testKeyID: {Public: &same}} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := caching()
			v.allowTemplates = true
			remembered(t, v, tt.token)
			tt.change(v)
			checkVerdicts(t, v, []verdict{{"known", tt.token, tt.want}})
			unknown := *v
			unknown.known = nil
			checkVerdicts(t, &unknown, []verdict{{"unknown", tt.token, tt.want}})
		})
	}
}

func TestOnlyAcceptedTokensAreKept(t *testing.T) {
	t.Parallel()
	v := caching()
	v.parties, v.issuer = []string{testParty}, testIssuer
	good := mint(t)
	for name, token := range map[string]string{
		"expired":            mint(t, withClaim("exp", testNow.Unix()-10)),
		"not active yet":     mint(t, withClaim("nbf", testNow.Unix()+10)),
		"of another party":   mint(t, withClaim("azp", "https://other.example")),
		"of another issuer":  mint(t, withClaim("iss", "https://clerk.other.example")),
		"a machine's":        m2mJWT(t),
		"from a template":    mint(t, withHeader("cat", categoryTemplate)),
		"forged":             mint(t, signedBy(otherKey())),
		"with a wrong type":  mint(t, withHeader("typ", "x")),
		"with a wrong alg":   mint(t, withHeader("alg", "PS256")),
		"with a critical":    mint(t, withHeader("crit", []string{"x"})),
		"of an unknown key":  mint(t, withHeader("kid", "x")),
		"without a sub":      mint(t, withoutClaim("sub")),
		"no token":           "a.b.c",
		"without expiration": mint(t, withoutClaim("exp")),
	} {
		if _, err := v.session(t.Context(), token); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if v.known.entries() != 0 {
			t.Fatalf("%s: kept", name)
		}
	}
	// Accepted, but not kept: unsigned padding could be any length.
	long := mint(t, withClaim("long", strings.Repeat("x", 3000)))
	checkVerdicts(t, v, []verdict{{"padded", good + "==", ""}, {"padded more", good + "====", ""}, {"over 4 KB", long, ""}})
	wantEntries(t, v.known, 0)
	remembered(t, v, good)
}

// Neither a changed token nor one that borrows a known signature is taken for the known one.
func TestChangedTokensAreNotKnown(t *testing.T) {
	t.Parallel()
	v, token := caching(), mint(t)
	remembered(t, v, token)
	for i := range token {
		replacement := "A"
		if token[i] == 'A' {
			replacement = "B"
		}
		if _, err := v.session(t.Context(), token[:i]+replacement+token[i+1:]); err == nil {
			t.Errorf("accepted with another character at %d", i)
		}
	}
	payload := strings.Split(mint(t, withClaim("sub", "user_evil")), ".")[1]
	parts := strings.Split(token, ".")
	checkVerdicts(t, v, []verdict{
		{"another payload under the signature", parts[0] + "." + payload + "." + parts[2], ReasonTokenInvalidSignature},
		{"signature of another key", mint(t, signedBy(otherKey())), ReasonTokenInvalidSignature},
		{"without a signature", parts[0] + "." + parts[1] + ".", ReasonTokenInvalidSignature},
	})
	wantEntries(t, v.known, 1)
}

func TestPendingSessionStaysPending(t *testing.T) {
	t.Parallel()
	a, token := newTestAuthenticator(t), mint(t, withClaim("sts", sessionPending))
	remembered(t, a.tokens, token)
	for range 2 {
		if _, err := a.VerifyToken(t.Context(), token); !errors.Is(err, ErrPending) {
			t.Errorf("error is %v, want %v", err, ErrPending)
		}
		if got := stateOf(t, a, newRequest(t, "/", withBearer(token))); got.Status != StatusPending || got.Auth().IsAuthenticated() {
			t.Errorf("state is %v", got)
		}
	}
}

// A token of header and cookie is one token, but for those that only the header may carry.
func TestCarriersShareWhatIsKnown(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithTemplateTokens(), everyTypeButKeys())
	session, template := mint(t), mint(t, withHeader("cat", categoryTemplate))
	m2m, oauth := m2mJWT(t), oauthJWT(t)
	for range 2 {
		for name, tt := range map[string]struct {
			credentials requestOption
			want        Status
			reason      Reason
		}{
			"session in the header":  {withBearer(session), StatusSignedIn, ""},
			"session in a cookie":    {signedInCookie(session), StatusSignedIn, ""},
			"template in the header": {withBearer(template), StatusSignedIn, ""},
			"template in a cookie":   {signedInCookie(template), StatusSignedOut, ReasonTokenTypeMismatch},
			"M2M in the header":      {withBearer(m2m), StatusSignedIn, ""},
			"M2M in a cookie":        {signedInCookie(m2m), StatusSignedOut, ReasonTokenTypeMismatch},
			"OAuth in the header":    {withBearer(oauth), StatusSignedIn, ""},
			"OAuth in a cookie":      {signedInCookie(oauth), StatusSignedOut, ReasonTokenTypeMismatch},
		} {
			if got := stateOf(t, a, newRequest(t, "/", tt.credentials)); got.Status != tt.want || got.Reason != tt.reason {
				t.Errorf("%s: state is %v, want %s %s", name, got, tt.want, tt.reason)
			}
		}
		wantEntries(t, a.tokens.known, 4)
	}
	for _, token := range []string{m2m, oauth, template} {
		if claims, err := a.tokens.cookieSession(t.Context(), token, false); reasonOf(t, err) != ReasonTokenTypeMismatch {
			t.Errorf("as a session of a cookie: %v, %v", claims, err)
		}
	}
}

func everyTypeButKeys() Option { return WithAcceptedTokens(SessionToken, M2MToken, OAuthToken) }

func TestMachineAudienceIsCheckedOnEachUse(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"M2M": m2mJWT(t, withClaim("aud", "a")), "OAuth": oauthJWT(t, withClaim("aud", "a"))} {
		a := newTestAuthenticator(t, everyTypeButKeys(), WithMachineAudience("a"))
		for range 2 {
			if _, err := a.AuthenticateToken(t.Context(), token, anyType); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			wantEntries(t, a.tokens.known, 1)
		}
		a.machines.tokens.audience = []string{"b"}
		if _, err := a.AuthenticateToken(t.Context(), token, anyType); reasonOf(t, err) != ReasonTokenVerificationFailed {
			t.Errorf("%s for another audience: %v", name, err)
		}
	}
}

func TestAuthenticatorsShareNothing(t *testing.T) {
	t.Parallel()
	strict := newTestAuthenticator(t, WithAuthorizedParties("https://other.example"))
	foreign := newTestAuthenticator(t)
	foreign.tokens.keys = localKey{public: &otherKey().PublicKey}
	a, token := newTestAuthenticator(t), mint(t)
	remembered(t, a.tokens, token)
	for _, tt := range []struct {
		a    *Authenticator
		want Reason
	}{{a, ""}, {strict, ReasonTokenInvalidAuthorizedParties}, {foreign, ReasonTokenInvalidSignature}} {
		if _, err := tt.a.VerifyToken(t.Context(), token); reasonOf(t, err) != tt.want {
			t.Errorf("error is %v, want %q", err, tt.want)
		}
	}
	wantEntries(t, strict.tokens.known, 0)
	wantEntries(t, foreign.tokens.known, 0)
}
