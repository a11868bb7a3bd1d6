package auth

import (
	"encoding/json"
	"testing"
	"time"
)

func TestExpiryMustBeAFiniteNumber(t *testing.T) {
	t.Parallel()
	now := testNow.Unix()
	invalid := ReasonTokenVerificationFailed
	tests := []verdict{
		{"none", mint(t, withoutClaim("exp")), invalid},
		{"a string", mint(t, withClaim("exp", "1900000000")), invalid},
		{"null", mint(t, withClaim("exp", nil)), invalid},
		{"a list", mint(t, withClaim("exp", []int64{now + 60})), invalid},
		{"true", mint(t, withClaim("exp", true)), invalid},
		{"infinite", mint(t, withClaim("exp", json.RawMessage("1e400"))), invalid},
		{"huge", mint(t, withClaim("exp", json.RawMessage("1e300"))), invalid},
		{"milliseconds", mint(t, withClaim("exp", testNow.UnixMilli())), invalid},
		{"over ten years ahead", mint(t, withClaim("exp", now+315_360_001)), invalid},
		{"ten years ahead", mint(t, withClaim("exp", now+315_360_000)), ""},
		{"zero", mint(t, withClaim("exp", 0)), ReasonTokenExpired},
		{"negative", mint(t, withClaim("exp", -now)), ReasonTokenExpired},
		{"negative and infinite", mint(t, withClaim("exp", json.RawMessage("-1e400"))), invalid},
		{"negative and huge", mint(t, withClaim("exp", json.RawMessage("-1e300"))), ReasonTokenExpired},
		{"a fraction", mint(t, withClaim("exp", float64(now)+60.5)), ""},
		{"an exponent", mint(t, withClaim("exp", json.RawMessage("1.9e9"))), ""},
		{"a fraction that counts as past", mint(t, withClaim("exp", float64(now)-5+0.9)), ReasonTokenExpired},
	}
	checkVerdicts(t, testVerifier(), tests)
}

func TestOtherTimesAreNumbersOrAbsent(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]Reason{"nbf": ReasonTokenNotActiveYet, "iat": ReasonTokenIATInTheFuture} {
		tests := []verdict{
			{"none", mint(t, withoutClaim(name)), ""},
			{"zero", mint(t, withClaim(name, 0)), ""},
			{"negative and huge", mint(t, withClaim(name, json.RawMessage("-1e300"))), ""},
			{"huge", mint(t, withClaim(name, json.RawMessage("1e300"))), late},
			{"milliseconds", mint(t, withClaim(name, testNow.UnixMilli())), late},
		}
		for _, odd := range []any{nil, "1900000000", false, []int{1}, json.RawMessage("1e400")} {
			tests = append(tests, verdict{"odd", mint(t, withClaim(name, odd)), ReasonTokenVerificationFailed})
		}
		checkVerdicts(t, testVerifier(), tests)
	}
	both := mint(t, withClaim("nbf", testNow.Unix()+60), withClaim("iat", testNow.Unix()+60))
	checkVerdicts(t, testVerifier(), []verdict{{"both late", both, ReasonTokenNotActiveYet}})
}

func TestClockSkewIsExact(t *testing.T) {
	t.Parallel()
	at := func(name string, offset int64) string { return mint(t, withClaim(name, testNow.Unix()+offset)) }
	tests := []struct {
		skew  time.Duration
		claim string
		ok    int64 // the last offset in seconds that passes
		bad   int64
		want  Reason
	}{
		{5 * time.Second, "exp", -4, -5, ReasonTokenExpired},
		{5 * time.Second, "nbf", 5, 6, ReasonTokenNotActiveYet},
		{5 * time.Second, "iat", 5, 6, ReasonTokenIATInTheFuture},
		{0, "exp", 1, 0, ReasonTokenExpired},
		{0, "nbf", 0, 1, ReasonTokenNotActiveYet},
		{0, "iat", 0, 1, ReasonTokenIATInTheFuture},
		{24 * time.Hour, "exp", -86_399, -86_400, ReasonTokenExpired},
	}
	for _, tt := range tests {
		v := testVerifier()
		v.skew = tt.skew
		checkVerdicts(t, v, []verdict{
			{tt.claim + " within " + tt.skew.String(), at(tt.claim, tt.ok), ""},
			{tt.claim + " beyond " + tt.skew.String(), at(tt.claim, tt.bad), tt.want},
		})
	}
	// The clock counts in milliseconds, the token in seconds.
	v := testVerifier()
	v.skew = 0
	token := at("exp", 1)
	for offset, want := range map[time.Duration]Reason{999 * time.Millisecond: "", time.Second: ReasonTokenExpired} {
		v.now = func() time.Time { return testNow.Add(offset) }
		checkVerdicts(t, v, []verdict{{"at " + offset.String(), token, want}})
	}
}
