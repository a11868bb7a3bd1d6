package auth

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRefusalsSayWhatIsWrong(t *testing.T) {
	t.Parallel()
	seconds := func(n int64) int64 { return testNow.Unix() + n }
	parties, audience := WithAuthorizedParties("https://app.example.com"), WithRequiredAudience("https://api.example.com")
	foreign := mint(t, withClaim("azp", "https://evil.example"))
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		message string
	}{
		"API key, accepted nowhere":    {request: []requestOption{withBearer("ak_1")}, message: "of type api_key, which only WithAcceptedTokens accepts"},
		"API key, others accepted":     {options: []Option{WithAcceptedTokens(SessionToken, M2MToken)}, request: []requestOption{withBearer("ak_1")}, message: "of type api_key, which only WithAcceptedTokens accepts"},
		"machine's JWT":                {request: []requestOption{withBearer(m2mJWT(t))}, message: "of type m2m_token, which only WithAcceptedTokens accepts"},
		"secret key":                   {request: []requestOption{withBearer("sk_test_1")}, message: "a key of the instance, and not a token"},
		"publishable key":              {request: []requestOption{withBearer(liveKey)}, message: "a key of the instance, and not a token"},
		"template token":               {request: []requestOption{withBearer(mint(t, withHeader("cat", categoryTemplate)))}, message: "WithTemplateTokens"},
		"template token in a cookie":   {options: []Option{WithTemplateTokens()}, request: []requestOption{signedInCookie(mint(t, withHeader("cat", categoryTemplate)))}, message: "only in the Authorization header"},
		"machine's JWT in a cookie":    {request: []requestOption{signedInCookie(m2mJWT(t))}, message: "a cookie may only have a session's"},
		"another scheme":               {request: []requestOption{withField("Authorization", "Token xyz")}, message: messageScheme},
		"nothing":                      {message: messageNothing},
		"nothing, in development":      {options: []Option{WithPublishableKey(devKey)}, message: messageNothing},
		"nothing, a page load":         {request: []requestOption{asPageLoad}},
		"nothing, for machines":        {options: []Option{WithAcceptedTokens(M2MToken)}, message: messageNoToken},
		"preflight":                    {request: []requestOption{withMethod(http.MethodOptions), withField("Access-Control-Request-Method", "PUT")}, message: messagePreflight},
		"expired":                      {request: []requestOption{withBearer(mint(t, withClaim("exp", seconds(-42))))}, message: "the token has expired: 42 s ago"},
		"not yet valid":                {request: []requestOption{withBearer(mint(t, withClaim("nbf", seconds(42))))}, message: "42 s too early, so a clock may be wrong"},
		"issued in the future":         {request: []requestOption{withBearer(mint(t, withClaim("iat", seconds(42))))}, message: "42 s ahead, so a clock may be wrong"},
		"party":                        {options: []Option{parties}, request: []requestOption{withBearer(foreign)}, message: "azp is not allowed"},
		"no party":                     {options: []Option{parties}, request: []requestOption{withBearer(mint(t, withoutClaim("azp")))}, message: "azp is missing"},
		"party, in development":        {options: []Option{parties, WithPublishableKey(devKey)}, request: []requestOption{withBearer(foreign)}, message: "azp is https://evil.example, and allowed is https://app.example.com"},
		"audience":                     {options: []Option{audience}, request: []requestOption{withBearer(mint(t, withClaim("aud", "https://evil.example")))}, message: "aud is not allowed"},
		"no audience":                  {options: []Option{audience}, request: []requestOption{withBearer(mint(t))}, message: "aud is missing"},
		"issuer":                       {options: []Option{WithIssuer("https://other.example")}, request: []requestOption{withBearer(mint(t))}, message: "iss is not allowed"},
		"forged, from a foreign party": {options: []Option{parties, WithPublishableKey(devKey)}, request: []requestOption{withBearer(mint(t, withClaim("azp", "https://evil.example"), signedBy(otherKey())))}, message: "the signature does not match"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newTestAuthenticator(t, test.options...)
			s := stateOf(t, a, newRequest(t, "/", test.request...))
			if !strings.Contains(s.Message, test.message) || test.message == "" && s.Message != "" {
				t.Errorf("message is %q, want %q in it", s.Message, test.message)
			}
			if strings.Contains(s.Message, "evil") && !strings.Contains(test.message, "evil") {
				t.Errorf("message %q shows a claim", s.Message)
			}
		})
	}
}

// The text for a token that came without a request has nothing of the token either.
func TestTextsThatAreNotTokens(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	for token, want := range map[string]string{
		"":                     "the token is empty",
		"Bearer " + mint(t):    "the scheme Bearer is still in front",
		"bearer x":             "the scheme Bearer is still in front",
		"sk_live_secret":       "a key of the instance",
		"oat_secret":           "of type oauth_token",
		"something else":       "not three parts",
		"some.thing secret.do": "malformed header",
	} {
		_, err := a.AuthenticateToken(t.Context(), token)
		if _, verifyErr := a.VerifyToken(t.Context(), token); err == nil || verifyErr == nil || err.Error() != verifyErr.Error() {
			t.Fatalf("%q: errors are %v and %v", token, err, verifyErr)
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: error is %q, want %q in it", token, err, want)
		}
	}
}

// debugLog returns an option, and a function that returns the records as JSON objects.
func debugLog(level slog.Level) (Option, func(t *testing.T) []map[string]any) {
	var log recorded
	option := WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: level})))
	return option, func(t *testing.T) (list []map[string]any) {
		for _, line := range log.lines() {
			var record map[string]any
			if err := json.Unmarshal([]byte(line), &record); err != nil {
				t.Fatal(err)
			}
			delete(record, "time")
			list = append(list, record)
		}
		return list
	}
}

func TestRefusalsAreLoggedForDebugging(t *testing.T) {
	t.Parallel()
	expired := []mintOption{withClaim("exp", testNow.Unix()-42), withClaim("nbf", testNow.Unix()-100)}
	verified := map[string]any{"azp": testParty, "iss": testIssuer, "user": testUser, "session": testSession, "exp_in_seconds": -42.0, "nbf_in_seconds": -100.0}
	for name, test := range map[string]struct {
		request  []requestOption
		want     map[string]any
		verified bool
	}{
		"a guest":                   {nil, map[string]any{"reason": "session-token-and-uat-missing", "token_type": "session_token", "carrier": ""}, false},
		"garbage":                   {[]requestOption{withBearer("secret")}, map[string]any{"reason": "token-invalid", "token_type": "session_token", "carrier": "header"}, false},
		"forged":                    {[]requestOption{withBearer(mint(t, append(expired, signedBy(otherKey()))...))}, map[string]any{"reason": "token-invalid-signature", "token_type": "session_token", "carrier": "header"}, false},
		"expired":                   {[]requestOption{withBearer(mint(t, expired...))}, map[string]any{"reason": "session-token-expired-refresh-non-eligible-no-refresh-cookie", "token_type": "session_token", "carrier": "header"}, true},
		"expired in a cookie":       {[]requestOption{signedInCookie(mint(t, expired...))}, map[string]any{"reason": "session-token-expired-refresh-non-eligible-no-refresh-cookie", "token_type": "session_token", "carrier": "cookie"}, true},
		"expired, and a page loads": {[]requestOption{signedInCookie(mint(t, expired...)), asPageLoad}, map[string]any{"reason": "session-token-expired-refresh-non-eligible-no-refresh-cookie", "token_type": "session_token", "carrier": "cookie"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			option, records := debugLog(slog.LevelDebug)
			stateOf(t, newTestAuthenticator(t, option, WithPublicOrigin("https://app.example.com")), newRequest(t, "/", test.request...))
			got := records(t)
			want := map[string]any{"level": "DEBUG", "msg": "auth: refused"}
			maps.Copy(want, test.want)
			if test.verified {
				maps.Copy(want, verified)
			}
			if len(got) != 1 {
				t.Fatalf("%d records: %v", len(got), got)
			}
			if diff := cmp.Diff(want, got[0]); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}

// Whoever is signed in causes no record, at no level.
func TestGoodRequestsAreNotLogged(t *testing.T) {
	t.Parallel()
	option, records := debugLog(slog.LevelDebug)
	a := newTestAuthenticator(t, option)
	for _, credentials := range []requestOption{withBearer(mint(t)), signedInCookies(t)} {
		serve(t, a.Require()(inspect(nil)), newRequest(t, "/", credentials))
	}
	if got := records(t); len(got) != 0 {
		t.Errorf("the log has %v", got)
	}
}

// A verified token that is refused for what an operator may have wrong causes one
// warning with the facts, and the redirect loop that may follow causes none.
func TestWarningsNameTheCause(t *testing.T) {
	t.Parallel()
	loop := []requestOption{asPageLoad, withCookie("__clerk_redirect_count", "3")}
	for name, test := range map[string]struct {
		options []Option
		token   []mintOption
		want    map[string]any
	}{
		"party": {[]Option{WithAuthorizedParties("https://app.example.com")}, []mintOption{withClaim("azp", "https://evil.example")},
			map[string]any{"azp": "https://evil.example", "allowed": []any{"https://app.example.com"}}},
		"party with a line break": {[]Option{WithAuthorizedParties("https://app.example.com")}, []mintOption{withClaim("azp", "x\nlevel=ERROR")},
			map[string]any{"azp": `"x\nlevel=ERROR"`, "allowed": []any{"https://app.example.com"}}},
		"long party": {[]Option{WithAuthorizedParties("https://app.example.com")}, []mintOption{withClaim("azp", strings.Repeat("x", 5000))},
			map[string]any{"azp": strings.Repeat("x", maxShown) + "…", "allowed": []any{"https://app.example.com"}}},
		"no party": {[]Option{WithAuthorizedParties("https://app.example.com")}, []mintOption{withoutClaim("azp")},
			map[string]any{"allowed": []any{"https://app.example.com"}}},
		"audience": {[]Option{WithAudience("a", "b")}, []mintOption{withClaim("aud", []string{"c", "d"})},
			map[string]any{"aud": "c, d", "allowed": []any{"a", "b"}}},
		"issuer": {[]Option{WithIssuer("https://other.example")}, nil,
			map[string]any{"iss": testIssuer, "allowed": []any{"https://other.example"}}},
		"clock, nbf": {nil, []mintOption{withClaim("nbf", testNow.Unix()+3600)}, map[string]any{"clock": "behind", "seconds": 3600.0}},
		"clock, iat": {nil, []mintOption{withClaim("iat", testNow.Unix()+60)}, map[string]any{"clock": "behind", "seconds": 60.0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			option, records := debugLog(slog.LevelInfo)
			a := newTestAuthenticator(t, append(test.options, option, WithPublicOrigin("https://app.example.com"))...)
			token := mint(t, test.token...)
			for range 2 {
				stateOf(t, a, newRequest(t, "/", append(loop, signedInCookie(token))...))
				stateOf(t, a, newRequest(t, "/", append(loop, withCookie("__client_uat", "1"))...))
			}
			got := records(t)
			if len(got) != 1 || got[0]["level"] != "WARN" {
				t.Fatalf("records are %v, want one warning", got)
			}
			delete(got[0], "level")
			delete(got[0], "msg")
			if diff := cmp.Diff(test.want, got[0]); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
		})
	}
}

// A session token that Clerk made a moment ago cannot have expired, unless the clock of
// this machine is ahead.
func TestFreshTokenThatHasExpiredTellsOfAClock(t *testing.T) {
	t.Parallel()
	late := mintHandshake(t, []any{"__session=" + mint(t, withClaim("exp", testNow.Unix()-90))})
	for name, key := range map[string]string{"production": liveKey, "development": devKey} {
		option, records := debugLog(slog.LevelInfo)
		a := newTestAuthenticator(t, option, WithPublishableKey(key))
		stateOf(t, a, newRequest(t, "/", withCookie("__clerk_handshake", late)))
		got := records(t)
		if len(got) != 1 || got[0]["clock"] != "ahead" || got[0]["seconds"] != 90.0 {
			t.Errorf("%s: records are %v", name, got)
		}
	}
}
