package auth

import (
	"fmt"
	"net/http"
	"testing"
)

func TestCookieFlowOfTheToken(t *testing.T) {
	t.Parallel()
	uat := func(text string) requestOption { return withCookie("__client_uat", text) }
	session := func(opts ...mintOption) requestOption { return signedInCookie(mint(t, opts...)) }
	mismatch := func(request ...requestOption) flowCase {
		return flowCase{
			request: append(request, asPageLoad), status: StatusSignedOut, reason: ReasonTokenTypeMismatch,
			message: "(reason=token-type-mismatch, token-carrier=cookie)",
		}
	}
	later := uat(fmt.Sprint(testNow.Unix() + 1))
	refused := func(reason Reason, request ...requestOption) flowCase {
		return flowCase{
			request: append(request, asPageLoad), status: StatusSignedOut, reason: reason,
			message: "(reason=" + string(reason) + ", token-carrier=cookie)",
		}
	}
	template := withHeader("cat", categoryTemplate)
	old := mint(t)
	accepted := mismatch(session(template))
	accepted.options = []Option{WithTemplateTokens()}
	party := refused(ReasonTokenInvalidAuthorizedParties, session())
	party.options = []Option{WithAuthorizedParties("https://other.example")}
	runFlow(t, map[string]flowCase{
		"undecodable":                         refused(ReasonTokenInvalid, signedInCookie("x.y")),
		"quoted":                              refused(ReasonTokenInvalid, signedInCookie(`"`+mint(t)+`"`)),
		"opaque token of a machine":           refused(ReasonTokenInvalid, signedInCookie("mt_1234")),
		"JWT of a machine":                    mismatch(session(withClaim("sub", "mch_1"))),
		"JWT of an OAuth application":         mismatch(session(withHeader("typ", "at+jwt"))),
		"template token":                      mismatch(session(template)),
		"template token, accepted in headers": accepted,
		"unknown category":                    mismatch(session(withHeader("cat", "cl_X"))),
		"template token, older than client":   mismatch(withCookie("__session", mint(t, template)), later),
		"JWT of a machine, older than client": mismatch(withCookie("__session", mint(t, withClaim("sub", "mch_1"))), later),
		"template token, forged":              mismatch(session(template, signedBy(otherKey()))),
		"older than the client": {
			request: []requestOption{withCookie("__session", old), later, asPageLoad},
			status:  StatusHandshake, reason: ReasonSessionTokenIATBeforeClientUAT,
			location: frontendURL(fapi, page, "false", ReasonSessionTokenIATBeforeClientUAT, "&__session="+old),
		},
		"older than the client, no page load": {
			request: []requestOption{withCookie("__session", old), later},
			status:  StatusSignedOut, reason: ReasonSessionTokenIATBeforeClientUAT,
		},
		"older than the client, forged": {
			request: []requestOption{withCookie("__session", mint(t, signedBy(otherKey()))), later},
			status:  StatusSignedOut, reason: ReasonSessionTokenIATBeforeClientUAT,
		},
		"as old as the client":           {request: []requestOption{withCookie("__session", old), uat(fmt.Sprint(testNow.Unix()))}, status: StatusSignedIn},
		"client from the far future":     {request: []requestOption{withCookie("__session", old), uat("99999999999999999999")}, status: StatusSignedOut, reason: ReasonSessionTokenIATBeforeClientUAT},
		"without iat":                    {request: []requestOption{withCookie("__session", mint(t, withoutClaim("iat"))), later, asPageLoad}, status: StatusSignedOut, reason: ReasonTokenVerificationFailed, message: "iat is missing"},
		"signature forged":               refused(ReasonTokenInvalidSignature, session(signedBy(otherKey()))),
		"party not authorized":           party,
		"no party named":                 {request: []requestOption{session(withoutClaim("azp")), asPageLoad}, status: StatusSignedIn},
		"pending":                        {request: []requestOption{session(withClaim("sts", "pending")), asPageLoad}, status: StatusPending},
		"signed in":                      {request: []requestOption{session(), asPageLoad}, status: StatusSignedIn},
		"signed in, cookie given twice":  {request: []requestOption{session(), withCookie("__session", "x")}, status: StatusSignedIn},
		"signed out, cookie given twice": refused(ReasonTokenInvalid, withCookie("__session", "x"), session()),
	})
}

func TestCookieFlowOfANavigationFromAnotherOrigin(t *testing.T) {
	t.Parallel()
	token := mint(t)
	signedIn := signedInCookie(token)
	from := func(referrer string) []requestOption {
		return []requestOption{signedIn, asPageLoad, withField("Referer", referrer)}
	}
	away := func(referrer string) flowCase {
		return flowCase{
			request: from(referrer), status: StatusHandshake, reason: ReasonPrimaryDomainCrossOriginSync, message: "another origin",
			location: frontendURL(fapi, page, "false", ReasonPrimaryDomainCrossOriginSync, "&__session="+token),
		}
	}
	stays := func(referrer string, opts ...requestOption) flowCase {
		return flowCase{request: append(from(referrer), opts...), status: StatusSignedIn}
	}
	satellite := stays("https://search.example/")
	satellite.options = satelliteOptions()
	satellite.request[0] = signedInCookies(t, withClaim("iss", "https://clerk.satellite.example"))
	public := stays("https://search.example/")
	public.options = []Option{WithPublicOrigin("https://search.example")}
	runFlow(t, map[string]flowCase{
		"another origin":                away("https://search.example/"),
		"another origin, app":           away("android-app://com.example/"),
		"another scheme":                away("https://app.example.com/"),
		"another account portal":        away("https://accounts.evil.example/"),
		"a satellite":                   satellite,
		"not GET":                       stays("https://search.example/", withMethod(http.MethodPost)),
		"no page load":                  stays("https://search.example/", func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "empty") }),
		"in a frame":                    stays("https://search.example/", func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "iframe") }),
		"own origin":                    stays("http://app.example.com/x"),
		"own origin, explicit port":     stays("http://APP.example.com:80/x"),
		"no referrer":                   {request: []requestOption{signedIn, asPageLoad}, status: StatusSignedIn},
		"referrer that is not a URL":    stays("search"),
		"referrer without a host":       stays("https://"),
		"frontend API":                  stays("https://clerk.example.com/v1/x"),
		"account portal":                stays("https://accounts.example.com/sign-in"),
		"redirected just now":           stays("https://search.example/", withCookie("__clerk_redirect_count", "1")),
		"referrer is the public origin": public,
	})
}

func TestCookieFlowOfARequestWithoutAURL(t *testing.T) {
	t.Parallel()
	r := newRequest(t, "/", signedInCookies(t))
	r.URL = nil
	if s := stateOf(t, newTestAuthenticator(t), r); s.Status != StatusSignedIn {
		t.Errorf("state is %v", s)
	}
}

// The reason for which a session token is refused decides whether a page load is
// redirected to get a better one.
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
