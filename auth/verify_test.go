package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"testing"
)

func TestUnsignedTokensAreRefused(t *testing.T) {
	t.Parallel()
	var tests []verdict
	for _, alg := range []any{"none", "None", "nOnE", "NONE", "", nil, 7, []string{"RS256"}, "rs256", "RS256 "} {
		tests = append(tests,
			verdict{"alg " + asJSON(t, alg) + ", signed", mint(t, withHeader("alg", alg)), ReasonTokenInvalidAlgorithm},
			verdict{"alg " + asJSON(t, alg) + ", empty signature", mint(t, withHeader("alg", alg), withSignature("")), ReasonTokenInvalidAlgorithm})
	}
	tests = append(tests,
		verdict{"no alg", mint(t, withoutHeader("alg")), ReasonTokenInvalidAlgorithm},
		verdict{"empty signature", mint(t, withSignature("")), ReasonTokenInvalidSignature},
		verdict{"one byte for signature", mint(t, withSignature("AA")), ReasonTokenInvalidSignature},
		verdict{"zeros for signature", mint(t, withSignature(segment(make([]byte, 256)))), ReasonTokenInvalidSignature},
		verdict{"long signature", mint(t, withSignature(segment(make([]byte, 4096)))), ReasonTokenInvalidSignature})
	checkVerdicts(t, testVerifier(), tests)
}

func TestPublicKeyIsNotASharedSecret(t *testing.T) {
	t.Parallel()
	public := &testKey().PublicKey
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	var tests []verdict
	for name, secret := range map[string][]byte{
		"PEM": []byte(publicPEM(t, public)), "DER": der, "modulus": public.N.Bytes(),
	} {
		for alg, want := range map[string]Reason{"HS256": ReasonTokenInvalidAlgorithm, "RS256": ReasonTokenInvalidSignature} {
			token := mint(t, withHeader("alg", alg), withSignature(""))
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(token[:len(token)-1]))
			tests = append(tests, verdict{alg + " with the " + name, token + segment(mac.Sum(nil)), want})
		}
	}
	checkVerdicts(t, testVerifier(), tests)
}

func TestKeysInTheHeaderAreIgnored(t *testing.T) {
	t.Parallel()
	forged := func(name string, v any) string { return mint(t, signedBy(otherKey()), withHeader(name, v)) }
	checkVerdicts(t, testVerifier(), []verdict{
		{"jwk of a forger", forged("jwk", jwk(testKeyID, &otherKey().PublicKey)), ReasonTokenInvalidSignature},
		{"jku of a forger", forged("jku", "https://evil.example/jwks"), ReasonTokenInvalidSignature},
		{"x5u of a forger", forged("x5u", "https://evil.example"), ReasonTokenInvalidSignature},
		{"x5c of a forger", forged("x5c", []string{"AA"}), ReasonTokenInvalidSignature},
		{"crit", mint(t, withHeader("crit", []string{"exp2"})), ReasonTokenInvalid},
		{"crit, empty", mint(t, withHeader("crit", []string{})), ReasonTokenInvalid},
		{"crit, null", mint(t, withHeader("crit", nil)), ReasonTokenInvalid},
		{"crit of b64", mint(t, withHeader("crit", []string{"b64"}), withHeader("b64", false)), ReasonTokenInvalid},
		{"b64 without crit", mint(t, withHeader("b64", false)), ""},
		{"zip", mint(t, withHeader("zip", "DEF")), ""},
		{"oiat", mint(t, withHeader("oiat", 7)), ""},
	})
}

func TestTypeOfTheTokenIsJWT(t *testing.T) {
	t.Parallel()
	tests := []verdict{{"missing", mint(t, withoutHeader("typ")), ""}, {"JWT", mint(t), ""}}
	for _, typ := range []any{"jwt", "", nil, 7, "JWT ", "JOSE", []string{"JWT"}} {
		tests = append(tests, verdict{asJSON(t, typ), mint(t, withHeader("typ", typ)), ReasonTokenInvalid})
	}
	checkVerdicts(t, testVerifier(), tests)
}

func TestIssuerIsComparedWhenConfigured(t *testing.T) {
	t.Parallel()
	issuers := []any{"https://clerk.evil.example", "http://evil/.clerk.accounts", testIssuer + "/",
		"https://CLERK.example.com", "http://clerk.example.com", "clerk.example.com", "", nil, 7, []string{testIssuer}}
	var bound, free []verdict
	for _, iss := range issuers {
		token := mint(t, withClaim("iss", iss))
		bound = append(bound, verdict{asJSON(t, iss), token, ReasonTokenVerificationFailed})
		free = append(free, verdict{"not configured, " + asJSON(t, iss), token, ""})
	}
	bound = append(bound, verdict{"missing", mint(t, withoutClaim("iss")), ReasonTokenVerificationFailed},
		verdict{"the issuer", mint(t), ""})
	v := testVerifier()
	// Without an issuer the binding of the key to its instance decides.
	checkVerdicts(t, v, free)
	v.issuer = testIssuer
	checkVerdicts(t, v, bound)
}

func TestAuthorizedPartyIsOneOfTheList(t *testing.T) {
	t.Parallel()
	var tests, free []verdict
	for _, azp := range []any{"", nil, []string{testParty}, 7, "https://APP.example.com", testParty + "/", "https://evil.example"} {
		token := mint(t, withClaim("azp", azp))
		tests = append(tests, verdict{asJSON(t, azp), token, ReasonTokenInvalidAuthorizedParties})
		free = append(free, verdict{"not configured, " + asJSON(t, azp), token, ""})
	}
	tests = append(tests,
		verdict{"missing", mint(t, withoutClaim("azp")), ReasonTokenInvalidAuthorizedParties},
		verdict{"the party", mint(t), ""})
	v := testVerifier()
	checkVerdicts(t, v, free)
	v.parties = []string{"", "https://other.example.com", testParty}
	checkVerdicts(t, v, tests)
}

func TestAudience(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		allowed      []string
		aud          any
		ok           bool
		okIfRequired bool // when an audience is required
	}{
		{"the one", []string{"a"}, "a", true, true},
		{"one of several", []string{"b", "a"}, "a", true, true},
		{"another", []string{"a"}, "b", false, false},
		{"another case", []string{"a"}, "A", false, false},
		{"empty", []string{"a"}, "", true, false},
		{"null", []string{"a"}, nil, true, false},
		{"list with it", []string{"a"}, []string{"x", "a"}, true, true},
		{"list without it", []string{"a"}, []string{"x", "y"}, false, false},
		{"empty list", []string{"a"}, []string{}, true, false},
		{"list of empty", []string{"a"}, []string{""}, true, false},
		{"list with empty", []string{"a"}, []string{"", "a"}, true, true},
		{"list with empty, without it", []string{"a"}, []string{"", "x"}, false, false},
		{"list with a number", []string{"a"}, []any{"x", 7}, true, false},
		{"list with it and a number", []string{"a"}, []any{"a", 7}, true, false},
		{"number", []string{"a"}, 7, true, false},
		{"object", []string{"a"}, map[string]any{"a": "a"}, true, false},
		{"nothing configured", nil, "b", true, false},
		{"empty configured", []string{""}, "b", true, false},
		{"empty twice", []string{""}, "", true, false},
	}
	for _, tt := range tests {
		token := mint(t, withClaim("aud", tt.aud))
		for _, required := range []bool{false, true} {
			v := testVerifier()
			v.audience, v.requireAudience = tt.allowed, required
			want, name := Reason(""), tt.name
			if required {
				name += ", required"
			}
			if (!required && !tt.ok) || (required && !tt.okIfRequired) {
				want = ReasonTokenVerificationFailed
			}
			checkVerdicts(t, v, []verdict{{name, token, want}})
		}
	}
	v := testVerifier()
	v.audience = []string{"a"}
	checkVerdicts(t, v, []verdict{{"no claim", mint(t), ""}})
	v.requireAudience = true
	checkVerdicts(t, v, []verdict{{"no claim, required", mint(t), ReasonTokenVerificationFailed}})
}

func TestCategoryOfTheTokenIsSession(t *testing.T) {
	t.Parallel()
	template := mint(t, withHeader("cat", categoryTemplate))
	tests := []verdict{
		{"template", template, ReasonTokenTypeMismatch},
		{"M2M", mint(t, withHeader("cat", categoryM2M)), ReasonTokenTypeMismatch},
	}
	for _, cat := range []any{"cl_future", "", nil, 7, []string{categorySession}} {
		tests = append(tests, verdict{"unknown, " + asJSON(t, cat), mint(t, withHeader("cat", cat)), ReasonTokenTypeMismatch})
	}
	tests = append(tests,
		verdict{"ignore, of an instance that opted out", mint(t, withHeader("cat", categoryIgnore)), ""},
		verdict{"absent", mint(t, withoutHeader("cat")), ""},
		verdict{"session", mint(t, withHeader("cat", categorySession)), ""})
	v := testVerifier()
	checkVerdicts(t, v, tests)
	v.allowTemplates = true
	tests[0] = verdict{"template", template, ""}
	t.Run("templates accepted", func(t *testing.T) { checkVerdicts(t, v, tests) })
}

func TestMachineTokensAreNotSessions(t *testing.T) {
	t.Parallel()
	tests := []verdict{
		{"sub missing", mint(t, withoutClaim("sub")), ReasonTokenVerificationFailed},
		{"sub of a machine", mint(t, withClaim("sub", "mch_1")), ReasonTokenTypeMismatch},
		{"sub of a machine, M2M category", mint(t, withClaim("sub", "mch_1"), withHeader("cat", categoryM2M)), ReasonTokenTypeMismatch},
		{"sub of a user in an M2M token", mint(t, withHeader("cat", categoryM2M)), ReasonTokenTypeMismatch},
		{"typ at+jwt", mint(t, withHeader("typ", "at+jwt")), ReasonTokenTypeMismatch},
		{"typ application/at+jwt", mint(t, withHeader("typ", "application/at+jwt")), ReasonTokenTypeMismatch},
	}
	for _, sub := range []any{"", nil, 7, []string{"mch_1"}, map[string]any{}} {
		tests = append(tests, verdict{"sub " + asJSON(t, sub), mint(t, withClaim("sub", sub)), ReasonTokenVerificationFailed})
	}
	v := testVerifier()
	v.allowTemplates = true
	checkVerdicts(t, testVerifier(), tests)
	t.Run("templates accepted", func(t *testing.T) { checkVerdicts(t, v, tests) })
}

// What is not known to be good about a session denies, after everything else: an expired
// token is first of all expired.
func TestUnknownStateOfASessionDenies(t *testing.T) {
	t.Parallel()
	v, templates := testVerifier(), testVerifier()
	templates.allowTemplates = true
	for status, want := range map[string]string{`"pending"`: "pending", `"active"`: "active", `""`: ""} {
		claims, err := v.session(t.Context(), mint(t, withClaim("sts", json.RawMessage(status))))
		if err != nil {
			t.Fatal(err)
		}
		if got := claims.Status(); got != want {
			t.Errorf("sts %v: status is %q, want %q", status, got, want)
		}
	}
	past := withClaim("exp", testNow.Unix()-60)
	tests := []verdict{{"no sts", mint(t, withoutClaim("sts")), ""}, {"no iat, in a header", mint(t, withoutClaim("iat")), ""}}
	for _, sts := range []any{"revoked", "ended", "PENDING", "active ", nil, 7, true, []string{"pending"}, map[string]any{}} {
		tests = append(tests, verdict{"sts " + asJSON(t, sts), mint(t, withClaim("sts", sts)), ReasonTokenVerificationFailed},
			verdict{"expired, sts " + asJSON(t, sts), mint(t, withClaim("sts", sts), past), ReasonTokenExpired})
	}
	checkVerdicts(t, v, tests)
	checkVerdicts(t, templates, tests)
	var homeless []verdict
	for _, sid := range []any{"", nil, 7, []string{testSession}} {
		homeless = append(homeless, verdict{"sid " + asJSON(t, sid), mint(t, withClaim("sid", sid)), ReasonTokenTypeMismatch},
			verdict{"expired, sid " + asJSON(t, sid), mint(t, withClaim("sid", sid), past), ReasonTokenExpired})
	}
	checkVerdicts(t, v, append(homeless, verdict{"no sid", mint(t, withoutClaim("sid")), ReasonTokenTypeMismatch}))
	checkVerdicts(t, templates, []verdict{{"no sid, templates accepted", mint(t, withoutClaim("sid")), ""}})

	// A cookie must say when its session token was issued, and be a session's.
	for _, v := range []*verifier{v, templates} {
		for name, test := range map[string]struct {
			token []mintOption
			want  Reason
		}{
			"good":                 {nil, ""},
			"no iat":               {[]mintOption{withoutClaim("iat")}, ReasonTokenVerificationFailed},
			"no iat, expired":      {[]mintOption{withoutClaim("iat"), past}, ReasonTokenExpired},
			"no sid":               {[]mintOption{withoutClaim("sid")}, ReasonTokenTypeMismatch},
			"revoked":              {[]mintOption{withClaim("sts", "revoked")}, ReasonTokenVerificationFailed},
			"template":             {[]mintOption{withHeader("cat", categoryTemplate)}, ReasonTokenTypeMismatch},
			"template without sid": {[]mintOption{withHeader("cat", categoryTemplate), withoutClaim("sid")}, ReasonTokenTypeMismatch},
		} {
			_, err := v.cookieSession(t.Context(), mint(t, test.token...), false)
			if got := reasonOf(t, err); got != test.want {
				t.Errorf("cookie, %s: %v, want %q", name, err, test.want)
			}
		}
	}
}

func TestOrderOfTheChecks(t *testing.T) {
	t.Parallel()
	v := testVerifier()
	v.parties, v.audience = []string{testParty}, []string{"a"}
	// Everything is wrong at first. Each step corrects one thing.
	steps := []struct {
		right mintOption
		want  Reason
	}{
		{withRawPayload(""), ReasonTokenInvalid},
		{func(m *minting) { m.rawPayload = nil }, ReasonTokenTypeMismatch},
		{withHeader("cat", categorySession), ReasonTokenInvalid},
		{withHeader("typ", "JWT"), ReasonTokenInvalidAlgorithm},
		{withHeader("alg", "RS512"), ReasonJWKKidMismatch},
		{withHeader("kid", testKeyID), ReasonTokenVerificationFailed},
		{withHeader("alg", "RS256"), ReasonTokenInvalidSignature},
		{signedBy(testKey()), ReasonTokenVerificationFailed},
		{withClaim("sub", testUser), ReasonTokenVerificationFailed},
		{withClaim("aud", "a"), ReasonTokenInvalidAuthorizedParties},
		{withClaim("azp", testParty), ReasonTokenVerificationFailed},
		{withClaim("exp", testNow.Unix()-60), ReasonTokenExpired},
		{withClaim("exp", testNow.Unix()+60), ReasonTokenVerificationFailed},
		{withClaim("nbf", testNow.Unix()+60), ReasonTokenNotActiveYet},
		{withoutClaim("nbf"), ReasonTokenVerificationFailed},
		{withClaim("iat", testNow.Unix()+60), ReasonTokenIATInTheFuture},
		{withoutClaim("iat"), ""},
	}
	opts := []mintOption{
		withHeader("cat", "cl_other"), withHeader("typ", "x"), withHeader("alg", "HS256"), withHeader("kid", "x"),
		signedBy(otherKey()), withClaims(map[string]any{"sub": 7, "aud": "b", "azp": 7, "exp": "x", "nbf": "x", "iat": "x"}),
	}
	for i, step := range steps {
		opts = append(opts, step.right)
		if _, err := v.session(t.Context(), mint(t, opts...)); reasonOf(t, err) != step.want {
			t.Errorf("step %d: error is %v, want %q", i, err, step.want)
		}
	}
}
