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
		{"missing", mint(t, withoutClaim("exp")), invalid},
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
			{name + " missing", mint(t, withoutClaim(name)), ""},
			{name + " zero", mint(t, withClaim(name, 0)), ""},
			{name + " negative and huge", mint(t, withClaim(name, json.RawMessage("-1e300"))), ""},
			{name + " huge", mint(t, withClaim(name, json.RawMessage("1e300"))), late},
			{name + " in milliseconds", mint(t, withClaim(name, testNow.UnixMilli())), late},
		}
		for _, odd := range []any{nil, "1900000000", false, []int{1}} {
			tests = append(tests, verdict{name + " " + asJSON(t, odd), mint(t, withClaim(name, odd)), ReasonTokenVerificationFailed})
		}
		infinite := mint(t, withClaim(name, json.RawMessage("1e400")))
		checkVerdicts(t, testVerifier(), append(tests, verdict{name + " infinite", infinite, ReasonTokenVerificationFailed}))
	}
	both := mint(t, withClaim("nbf", testNow.Unix()+60), withClaim("iat", testNow.Unix()+60))
	checkVerdicts(t, testVerifier(), []verdict{{"both late", both, ReasonTokenNotActiveYet}})
}

func TestClockSkewIsExact(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		skew   time.Duration
		claim  string
		offset int64 // seconds from now
		want   Reason
	}{
		{"iat in 2 s", 5 * time.Second, "iat", 2, ""},
		{"nbf in 4 s", 5 * time.Second, "nbf", 4, ""},
		{"iat in 5 s", 5 * time.Second, "iat", 5, ""},
		{"nbf in 5 s", 5 * time.Second, "nbf", 5, ""},
		{"iat in 6 s", 5 * time.Second, "iat", 6, ReasonTokenIATInTheFuture},
		{"nbf in 6 s", 5 * time.Second, "nbf", 6, ReasonTokenNotActiveYet},
		{"exp 4 s ago", 5 * time.Second, "exp", -4, ""},
		{"exp 5 s ago", 5 * time.Second, "exp", -5, ReasonTokenExpired},
		{"no skew, exp in 1 s", 0, "exp", 1, ""},
		{"no skew, exp now", 0, "exp", 0, ReasonTokenExpired},
		{"no skew, nbf now", 0, "nbf", 0, ""},
		{"no skew, nbf in 1 s", 0, "nbf", 1, ReasonTokenNotActiveYet},
		{"no skew, iat now", 0, "iat", 0, ""},
		{"no skew, iat in 1 s", 0, "iat", 1, ReasonTokenIATInTheFuture},
		{"skew of a day, exp just within", 24 * time.Hour, "exp", -86_399, ""},
		{"skew of a day, exp a day ago", 24 * time.Hour, "exp", -86_400, ReasonTokenExpired},
	}
	for _, tt := range tests {
		v := testVerifier()
		v.skew = tt.skew
		checkVerdicts(t, v, []verdict{{tt.name, mint(t, withClaim(tt.claim, testNow.Unix()+tt.offset)), tt.want}})
	}
	// The clock counts in milliseconds, the token in seconds.
	v := testVerifier()
	v.skew = 0
	token := mint(t, withClaim("exp", testNow.Unix()+1))
	for offset, want := range map[time.Duration]Reason{999 * time.Millisecond: "", time.Second: ReasonTokenExpired} {
		v.now = func() time.Time { return testNow.Add(offset) }
		checkVerdicts(t, v, []verdict{{"exp in 1 s, after " + offset.String(), token, want}})
	}
}
