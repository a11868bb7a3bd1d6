package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// Why the token of a session is refused decides whether the browser that loads a page
// can get a better one.
func TestRefusedSessionToken(t *testing.T) {
	t.Parallel()
	const expired = "session-token-expired-refresh-non-eligible-no-refresh-cookie"
	future := testNow.Unix() + 60
	for name, test := range map[string]struct {
		token  []mintOption
		status Status
		reason Reason
	}{
		"token-expired":                    {[]mintOption{withClaim("exp", testNow.Unix()-10), withClaim("iat", testNow.Unix()-70)}, StatusHandshake, expired},
		"token-not-active-yet":             {[]mintOption{withClaim("nbf", future), withClaim("iat", future)}, StatusHandshake, ReasonSessionTokenNBF},
		"token-iat-in-the-future":          {[]mintOption{withClaim("iat", future)}, StatusHandshake, ReasonSessionTokenIATInTheFuture},
		"token-invalid":                    {[]mintOption{withHeader("typ", "jwt")}, StatusSignedOut, ReasonTokenInvalid},
		"token-invalid-algorithm":          {[]mintOption{withHeader("alg", "PS256")}, StatusSignedOut, ReasonTokenInvalidAlgorithm},
		"token-invalid-authorized-parties": {[]mintOption{withoutClaim("azp")}, StatusSignedOut, ReasonTokenInvalidAuthorizedParties},
		"token-invalid-signature":          {[]mintOption{signedBy(otherKey())}, StatusSignedOut, ReasonTokenInvalidSignature},
		"token-verification-failed":        {[]mintOption{withoutClaim("exp")}, StatusSignedOut, ReasonTokenVerificationFailed},
	} {
		token := mint(t, test.token...)
		for carrier, credentials := range map[string]requestOption{"cookie": signedInCookie(token), "header": withBearer(token)} {
			c := flowCase{
				options: []Option{WithAuthorizedParties(testParty)}, request: []requestOption{credentials, asPageLoad},
				status: test.status, reason: test.reason, message: "(reason=" + name + ", token-carrier=" + carrier + ")",
			}
			if test.status == StatusHandshake {
				c.location = frontendURL(fapi, page, "false", test.reason, "&__session="+token)
			}
			script := c
			script.request, script.status = []requestOption{credentials}, StatusSignedOut
			runFlow(t, map[string]flowCase{name + " in a " + carrier: c, name + " in a " + carrier + ", no page load": script})
		}
	}
}

// brokenKeys is a key source that fails without a verdict on the token.
type brokenKeys struct{ err error }

func (b brokenKeys) key(context.Context, string) (verificationKey, error) {
	return verificationKey{}, b.err
}

// Trouble with the keys has a reason of its own.
func TestSessionTokenWithoutAKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keys    keySource
		reason  Reason
		message string
		err     bool
	}{
		"no verification error":     {brokenKeys{errors.New("x")}, ReasonUnexpectedError, "", true},
		"cancelled":                 {brokenKeys{context.Canceled}, ReasonUnexpectedError, "", true},
		"jwk-kid-mismatch":          {keyMap{}, ReasonJWKKidMismatch, "(reason=jwk-kid-mismatch, token-carrier=", false},
		"jwk-remote-failed-to-load": {brokenKeys{ErrKeysUnavailable}, ReasonJWKRemoteFailedToLoad, "", true},
		"secret-key-invalid":        {brokenKeys{ErrSecretKey}, ReasonSecretKeyInvalid, "", true},
	} {
		a := newTestAuthenticator(t)
		a.tokens.keys = test.keys
		for carrier, credentials := range map[string]requestOption{"cookie": signedInCookies(t), "header": withBearer(mint(t))} {
			t.Run(name+" in a "+carrier, func(t *testing.T) {
				s := stateOf(t, a, newRequest(t, "/", credentials, asPageLoad))
				if s.Status != StatusSignedOut || s.Reason != test.reason || (s.Err() != nil) != test.err {
					t.Errorf("state is %v, err %v, want %q", s, s.Err(), test.reason)
				}
				if !strings.Contains(s.Message, test.message) || (s.Message == "") != (test.message == "") {
					t.Errorf("message is %q", s.Message)
				}
				if got := s.Header; got.Get("Location") != "" || got.Get("X-Clerk-Auth-Reason") != string(test.reason) || got.Get("X-Clerk-Auth-Message") != s.Message {
					t.Errorf("header is %v", got)
				}
			})
		}
	}
}

// Only an expired token of the cookie is refreshed, only by a GET, and only with the
// refresh cookie of this instance.
func TestRefreshIsNotForEveryRequest(t *testing.T) {
	t.Parallel()
	a, asked := refreshing(t, func(http.ResponseWriter, *http.Request) {})
	token, credentials := expiredCookies(t)
	_, forged := expiredCookies(t, signedBy(otherKey()))
	_, early := expiredCookies(t, withClaim("exp", testNow.Unix()+120), withClaim("iat", testNow.Unix()+60))
	_, inactive := expiredCookies(t, withClaim("exp", testNow.Unix()+120), withClaim("nbf", testNow.Unix()+60))
	refresh := withCookie("__refresh_"+cookieSuffix(liveKey), "r1")
	const notGet, noCookie = "session-token-expired-refresh-non-eligible-non-get", "session-token-expired-refresh-non-eligible-no-refresh-cookie"
	for name, test := range map[string]struct {
		request []requestOption
		want    Reason
	}{
		"POST":                               {[]requestOption{credentials, withMethod(http.MethodPost)}, notGet},
		"HEAD":                               {[]requestOption{credentials, withMethod(http.MethodHead)}, notGet},
		"POST without a refresh cookie":      {[]requestOption{signedInCookie(token), withMethod(http.MethodPost)}, notGet},
		"no refresh cookie":                  {[]requestOption{signedInCookie(token)}, noCookie},
		"refresh cookie empty":               {[]requestOption{signedInCookie(token), withCookie("__refresh_"+cookieSuffix(liveKey), "")}, noCookie},
		"refresh cookie without suffix":      {[]requestOption{signedInCookie(token), withCookie("__refresh", "r")}, noCookie},
		"refresh cookie of another instance": {[]requestOption{signedInCookie(token), withCookie("__refresh_x", "r")}, noCookie},
		"token of the header":                {[]requestOption{credentials, withBearer(token)}, noCookie},
		"token of the header, no session":    {[]requestOption{refresh, withBearer(token)}, noCookie},
		"token of the header, POST":          {[]requestOption{withBearer(token), withMethod(http.MethodPost)}, notGet},
		"no session token":                   {[]requestOption{refresh, withCookie("__client_uat", "1")}, ReasonClientUATButNoSessionToken},
		"session token undecodable":          {[]requestOption{refresh, signedInCookie("x.y.z")}, ReasonTokenInvalid},
		"session token forged":               {[]requestOption{forged}, ReasonTokenInvalidSignature},
		"session token not active yet":       {[]requestOption{inactive}, ReasonSessionTokenNBF},
		"session token from the future":      {[]requestOption{early}, ReasonSessionTokenIATInTheFuture},
	} {
		t.Run(name, func(t *testing.T) {
			if s := stateOf(t, a, newRequest(t, "/", test.request...)); s.Status != StatusSignedOut || s.Reason != test.want {
				t.Errorf("state is %v, want %q", s, test.want)
			}
			if got := asked.Load(); got != 0 {
				t.Errorf("Clerk was asked %d times", got)
			}
		})
	}
}
