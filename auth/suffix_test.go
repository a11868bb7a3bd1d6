package auth

import (
	"net/http"
	"testing"
)

// Each case is one row of the decision, with what makes the row before it not apply.
func TestSuffixedCookiesAreUsed(t *testing.T) {
	t.Parallel()
	now := testNow.Unix()
	issuedAt := func(seconds int64) string { return mint(t, withClaim("iat", seconds)) }
	expired := mint(t, withClaim("exp", now), withClaim("iat", now-60))
	foreign := mint(t, withClaim("iss", "https://clerk.other.example"))
	tests := map[string]struct {
		key                               string
		session, suffixed, uat, suffixUAT string
		want                              bool
	}{
		"session undecodable":                 {session: "not.a.token", suffixed: issuedAt(now), suffixUAT: "1"},
		"session without issuer":              {session: mint(t, withoutClaim("iss")), suffixed: issuedAt(now), suffixUAT: "1"},
		"session with an empty issuer":        {session: mint(t, withClaim("iss", "")), suffixed: issuedAt(now), suffixUAT: "1"},
		"session of another instance":         {session: foreign, want: true},
		"session whose issuer is no string":   {session: mint(t, withClaim("iss", 7)), want: true},
		"session of the issuer over http":     {session: mint(t, withClaim("iss", "http://clerk.example.com")), suffixUAT: "1", suffixed: issuedAt(now), want: true},
		"session of the issuer in capitals":   {session: mint(t, withClaim("iss", "HTTPS://clerk.example.com")), suffixUAT: "1", suffixed: issuedAt(now), want: true},
		"session newer, issuer in capitals":   {session: mint(t, withClaim("iss", "HtTp://clerk.example.com"), withClaim("iat", now)), suffixUAT: "1", suffixed: issuedAt(now - 1)},
		"session of the issuer with a slash":  {session: mint(t, withClaim("iss", testIssuer+"/")), want: true},
		"nothing at all":                      {},
		"nothing suffixed":                    {session: issuedAt(now), uat: "1"},
		"plain session is newer":              {session: issuedAt(now), suffixed: issuedAt(now - 1), uat: "1", suffixUAT: "1"},
		"plain session is newer, no uat":      {session: issuedAt(now), suffixed: issuedAt(now - 1)},
		"plain session, suffixed undecodable": {session: issuedAt(now), suffixed: "x", uat: "1", suffixUAT: "1"},
		"sessions of one age":                 {session: issuedAt(now), suffixed: issuedAt(now), uat: "1", suffixUAT: "1", want: true},
		"suffixed session is newer":           {session: issuedAt(now - 1), suffixed: issuedAt(now), uat: "1", suffixUAT: "1", want: true},
		"plain session is newer but over":     {session: issuedAt(now), suffixed: issuedAt(now - 1), uat: "0", suffixUAT: "1", want: true},
		"suffixed client has no session":      {suffixed: issuedAt(now), uat: "1", suffixUAT: "0"},
		"suffixed client has none, no uat":    {suffixed: issuedAt(now), suffixUAT: "0"},
		"neither client has a session":        {suffixed: issuedAt(now), uat: "0", suffixUAT: "0", want: true},
		"development, suffixed expired":       {key: devKey, suffixed: expired, uat: "0", suffixUAT: "1"},
		"development, suffixed valid":         {key: devKey, suffixed: issuedAt(now), uat: "0", suffixUAT: "1", want: true},
		"development, suffixed has no exp":    {key: devKey, suffixed: mint(t, withoutClaim("exp")), uat: "0", suffixUAT: "1", want: true},
		"production, suffixed expired":        {suffixed: expired, uat: "0", suffixUAT: "1", want: true},
		"suffixed session without its uat":    {suffixed: issuedAt(now), uat: "0"},
		"suffixed uat without its session":    {suffixUAT: "1", want: true},
		"both suffixed":                       {suffixed: issuedAt(now), suffixUAT: "1", want: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := test.key
			if key == "" {
				key = liveKey
			}
			a := newTestAuthenticator(t, WithPublishableKey(key))
			own := a.publishable.suffix
			r := newRequest(t, "/", withCookie("__session", test.session), withCookie("__session_"+own, test.suffixed),
				withCookie("__client_uat", test.uat), withCookie("__client_uat_"+own, test.suffixUAT))
			if got := a.useSuffixed(readCookies(r.Header, own)); got != test.want {
				t.Errorf("useSuffixed = %t, want %t", got, test.want)
			}
		})
	}
}

// The suffixed and the plain set are never mixed.
func TestCookieSetIsTakenAsAWhole(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	own := a.publishable.suffix
	valid := mint(t)
	tests := map[string]struct {
		cookies []requestOption
		status  Status
		reason  Reason
	}{
		"suffixed set": {
			cookies: []requestOption{withCookie("__session_"+own, valid), withCookie("__client_uat_"+own, "1")},
			status:  StatusSignedIn,
		},
		"suffixed session, plain uat": {
			cookies: []requestOption{withCookie("__session_"+own, valid), withCookie("__client_uat", "1")},
			status:  StatusSignedOut, reason: ReasonClientUATButNoSessionToken,
		},
		"suffixed uat, plain session": {
			cookies: []requestOption{withCookie("__session", mint(t, withClaim("iat", testNow.Unix()-5))), withCookie("__client_uat_"+own, "1")},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"suffix of another instance": {
			cookies: []requestOption{withCookie("__session_QvfNY2dr", valid), withCookie("__client_uat_QvfNY2dr", "1")},
			status:  StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, a, newRequest(t, "/", append(test.cookies, withMethod(http.MethodPost))...))
			if s.Status != test.status || s.Reason != test.reason {
				t.Errorf("state is %v, want %q, %q", s, test.status, test.reason)
			}
		})
	}
}
