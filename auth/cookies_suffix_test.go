package auth

import (
	"net/http"
	"testing"
)

// The cases are in the order in which the rules are tried. Where two rules apply, the
// first one wins.
func TestSuffixedCookiesAreUsed(t *testing.T) {
	t.Parallel()
	now := testNow.Unix()
	issuedAt := func(seconds int64) string { return mint(t, withClaim("iat", seconds)) }
	expiring := func(seconds int64) string { return mint(t, withClaim("exp", seconds), withClaim("iat", now-60)) }
	foreign := mint(t, withClaim("iss", "https://clerk.other.example"))
	tests := map[string]struct {
		key                               string
		session, suffixed, uat, suffixUAT string
		want                              bool
	}{
		"plain session undecodable":                       {session: "not.a.token", suffixed: issuedAt(now), suffixUAT: "1"},
		"plain session without issuer":                    {session: mint(t, withoutClaim("iss")), suffixed: issuedAt(now), suffixUAT: "1"},
		"plain session with an empty issuer":              {session: mint(t, withClaim("iss", "")), suffixed: issuedAt(now), suffixUAT: "1"},
		"plain session of another instance":               {session: foreign, want: true},
		"plain session, issuer is not a string":           {session: mint(t, withClaim("iss", 7)), want: true},
		"plain session, issuer with a slash":              {session: mint(t, withClaim("iss", testIssuer+"/")), want: true},
		"issuer over http belongs":                        {session: mint(t, withClaim("iss", "http://clerk.example.com"))},
		"issuer in capitals belongs":                      {session: mint(t, withClaim("iss", "HtTp://clerk.example.com"))},
		"nothing suffixed":                                {session: issuedAt(now), uat: "1"},
		"nothing suffixed, plain signed out":              {session: issuedAt(now), uat: "0"},
		"nothing at all":                                  {},
		"plain session newer":                             {session: issuedAt(now), suffixed: issuedAt(now - 1), uat: "1", suffixUAT: "1"},
		"plain session newer, no uat":                     {session: issuedAt(now), suffixed: issuedAt(now - 1)},
		"plain session, suffixed undecodable":             {session: issuedAt(now), suffixed: "x", uat: "1", suffixUAT: "1"},
		"plain session, only a suffixed uat":              {session: issuedAt(now), uat: "1", suffixUAT: "1"},
		"sessions of one age":                             {session: issuedAt(now), suffixed: issuedAt(now), uat: "1", suffixUAT: "1", want: true},
		"suffixed session newer":                          {session: issuedAt(now - 1), suffixed: issuedAt(now), uat: "1", suffixUAT: "1", want: true},
		"plain newer, plain signed out":                   {session: issuedAt(now), suffixed: issuedAt(now - 1), uat: "0", suffixUAT: "1", want: true},
		"plain newer, both signed out":                    {session: issuedAt(now), suffixed: issuedAt(now - 1), uat: "0", suffixUAT: "0", want: true},
		"suffixed signed out, plain not":                  {suffixed: issuedAt(now), uat: "1", suffixUAT: "0"},
		"suffixed signed out, plain no uat":               {suffixed: issuedAt(now), suffixUAT: "0"},
		"both signed out":                                 {suffixed: issuedAt(now), uat: "0", suffixUAT: "0", want: true},
		"development, suffixed expired, plain signed out": {key: devKey, suffixed: expiring(now), uat: "0", suffixUAT: "1"},
		"development, suffixed not expired":               {key: devKey, suffixed: expiring(now + 1), uat: "0", suffixUAT: "1", want: true},
		"development, suffixed without expiry":            {key: devKey, suffixed: mint(t, withoutClaim("exp")), uat: "0", suffixUAT: "1", want: true},
		"development, suffixed undecodable":               {key: devKey, suffixed: "x", uat: "0", suffixUAT: "1", want: true},
		"development, suffixed expired, plain signed in":  {key: devKey, suffixed: expiring(now), uat: "1", suffixUAT: "1", want: true},
		"development, suffixed expired, both signed out":  {key: devKey, suffixed: expiring(now), uat: "0", suffixUAT: "0", want: true},
		"production, suffixed expired, plain signed out":  {suffixed: expiring(now), uat: "0", suffixUAT: "1", want: true},
		"suffixed session without its uat":                {suffixed: issuedAt(now), uat: "0"},
		"otherwise: suffixed session and uat":             {suffixed: issuedAt(now), suffixUAT: "1", want: true},
		"otherwise: suffixed uat without its session":     {suffixUAT: "1", want: true},
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
