package auth

import (
	"testing"
	"time"
)

func TestMachineJWTs(t *testing.T) {
	t.Parallel()
	machine := []mintOption{withClaim("sub", "mch_1"), withoutClaim("azp"), withHeader("cat", categoryM2M)}
	minted := func(opts ...mintOption) string { return mint(t, append(machine, opts...)...) }
	tests := []verdict{
		{"a machine's", minted(), ""},
		{"opted out", minted(withHeader("cat", categoryIgnore)), ""},
		{"no category", minted(withoutHeader("cat")), ""},
		{"no type", minted(withoutHeader("typ")), ""},
		{"a session's", minted(withHeader("cat", categorySession)), ReasonTokenInvalid},
		{"a template's", minted(withHeader("cat", categoryTemplate)), ReasonTokenInvalid},
		{"an OAuth type", minted(withHeader("typ", "at+jwt")), ReasonTokenInvalid},
		{"malformed", "x", ReasonTokenInvalid},
		{"forged", minted(signedBy(otherKey())), ReasonTokenInvalidSignature},
		{"expired", minted(withClaim("exp", testNow.Unix()-60)), ReasonTokenExpired},
		{"no subject", minted(withoutClaim("sub")), ReasonTokenVerificationFailed},
		{"another audience", minted(withClaim("aud", "b")), ReasonTokenVerificationFailed},
		{"the audience", minted(withClaim("aud", "m")), ""},
	}
	v := testVerifier()
	// What is configured for sessions does not concern machines.
	v.parties, v.audience, v.requireAudience, v.issuer = []string{testParty}, []string{"s"}, true, "https://other"
	v.machineAudience = []string{"m"}
	for _, tt := range tests {
		if _, err := v.m2m(t.Context(), tt.token); reasonOf(t, err) != tt.want {
			t.Errorf("%s: error is %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestOAuthJWTs(t *testing.T) {
	t.Parallel()
	minted := func(typ any, opts ...mintOption) string {
		return mint(t, append([]mintOption{withHeader("typ", typ), withoutHeader("cat"), withoutClaim("azp")}, opts...)...)
	}
	v := testVerifier()
	v.parties = []string{testParty}
	for _, tt := range []verdict{
		{"short name", minted("at+jwt"), ""},
		{"long name", minted("application/at+jwt"), ""},
		{"a session", mint(t), ReasonTokenInvalid},
		{"no type", mint(t, withoutHeader("typ")), ReasonTokenInvalid},
		{"upper case", minted("AT+JWT"), ReasonTokenInvalid},
		{"forged", minted("at+jwt", signedBy(otherKey())), ReasonTokenInvalidSignature},
		{"late", minted("at+jwt", withClaim("nbf", testNow.Unix()+60)), ReasonTokenNotActiveYet},
		{"malformed", "..", ReasonTokenInvalid},
	} {
		if _, err := v.oauth(t.Context(), tt.token); reasonOf(t, err) != tt.want {
			t.Errorf("%s: error is %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestHandshakeTokens(t *testing.T) {
	t.Parallel()
	minted := func(opts ...mintOption) string {
		return mint(t, append([]mintOption{withRawPayload(`{"handshake":["__session=x; Path=/"],"exp":1}`)}, opts...)...)
	}
	v := testVerifier()
	v.parties = []string{testParty}
	for _, tt := range []verdict{
		{"without times, subject and party", minted(), ""},
		{"a template's", minted(withHeader("cat", categoryTemplate)), ReasonTokenInvalid},
		{"a machine's", minted(withHeader("cat", categoryM2M)), ReasonTokenInvalid},
		{"an unknown class", minted(withHeader("cat", "x")), ReasonTokenInvalid},
		{"an odd type", minted(withHeader("typ", "x")), ReasonTokenInvalid},
		{"no algorithm", minted(withHeader("alg", "none")), ReasonTokenInvalidAlgorithm},
		{"forged", minted(signedBy(otherKey())), ReasonTokenInvalidSignature},
		{"malformed", "a.b.c", ReasonTokenInvalid},
	} {
		claims, err := v.handshake(t.Context(), tt.token)
		if reasonOf(t, err) != tt.want {
			t.Errorf("%s: error is %v, want %q", tt.name, err, tt.want)
		}
		var payload struct {
			Handshake []string `json:"handshake"`
		}
		if err == nil && (claims.Decode(&payload) != nil || len(payload.Handshake) != 1) {
			t.Errorf("%s: payload is %s", tt.name, claims.Raw())
		}
	}
	v.keys, v.now = nil, func() time.Time { return testNow }
	if _, err := v.handshake(t.Context(), minted()); reasonOf(t, err) != ReasonJWKFailedToResolve {
		t.Errorf("error is %v, want %s", err, ReasonJWKFailedToResolve)
	}
}
