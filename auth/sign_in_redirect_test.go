package auth

import (
	"net/http"
	"strings"
	"testing"
)

// Page loads of those whom signing in helps are led to the sign-in page; everybody else
// gets the refusal.
func TestPagesLeadToSignIn(t *testing.T) {
	t.Parallel()
	const signIn = "https://accounts.example.com/sign-in?redirect_url=http%3A%2F%2Fapp.example.com%2Fp%3Fq"
	const tasks = "https://accounts.example.com/sign-in/tasks?redirect_url=http%3A%2F%2Fapp.example.com%2Fp%3Fq"
	down := newBackend(t, badGateway)
	html := withField("Accept", "text/html,*/*")
	script := all(withField("Sec-Fetch-Dest", "empty"), withField("Accept", "text/html"))
	pending := mint(t, withClaim("sts", "pending"))
	foreign := mint(t, withClaim("azp", "https://b.example"))
	uat := func(value string) requestOption { return withCookie("__client_uat", value) }
	for name, test := range map[string]struct {
		options  []Option
		reqs     []Requirement
		request  []requestOption
		status   int
		location string
	}{
		"page":                              {nil, nil, []requestOption{asPageLoad}, 307, signIn},
		"page of an old browser":            {nil, nil, []requestOption{html}, 307, signIn},
		"frame":                             {nil, nil, []requestOption{withField("Sec-Fetch-Dest", "iframe")}, 307, signIn},
		"pending session":                   {nil, nil, []requestOption{asPageLoad, signedInCookie(pending)}, 307, tasks},
		"bad token in the cookie":           {nil, nil, []requestOption{asPageLoad, withCookie("__session", "x"), uat("1")}, 307, signIn},
		"own page":                          {[]Option{WithSignInURL("/in")}, nil, []requestOption{asPageLoad}, 307, "http://app.example.com/in?redirect_url=http%3A%2F%2Fapp.example.com%2Fp%3Fq"},
		"sessions among others":             {[]Option{everyTypeButKeys()}, []Requirement{Accepts(SessionToken, M2MToken)}, []requestOption{asPageLoad}, 307, signIn},
		"a branch for sessions":             {[]Option{everyTypeButKeys()}, []Requirement{AnyOf(Role("x"), AllOf(Accepts(M2MToken), Scope("y")))}, []requestOption{asPageLoad}, 307, signIn},
		"script":                            {nil, nil, []requestOption{script}, 401, ""},
		"no browser":                        {nil, nil, nil, 401, ""},
		"form":                              {nil, nil, []requestOption{asPageLoad, withMethod(http.MethodPost)}, 401, ""},
		"HEAD":                              {nil, nil, []requestOption{asPageLoad, withMethod(http.MethodHead)}, 401, ""},
		"signed in, without the role":       {nil, []Requirement{Role("org:admin")}, []requestOption{asPageLoad, signedInCookies(t)}, 403, ""},
		"signed in, not verified lately":    {nil, []Requirement{ReverifiedWithin(FirstFactor, 1)}, []requestOption{asPageLoad, signedInCookies(t)}, 403, ""},
		"another organization in the path":  {[]Option{WithOrganizationPatterns("/:slug")}, []Requirement{OrganizationOfPath()}, []requestOption{asPageLoad, signedInCookies(t), withCookie("__clerk_redirect_count", "3")}, 403, ""},
		"machine's token":                   {[]Option{everyTypeButKeys()}, []Requirement{Accepts(SessionToken, M2MToken)}, []requestOption{asPageLoad, withBearer(m2mJWT(t, signedBy(otherKey())))}, 401, ""},
		"machine's token, for sessions":     {[]Option{everyTypeButKeys()}, nil, []requestOption{asPageLoad, withBearer(m2mJWT(t))}, 401, ""},
		"endpoint for machines":             {[]Option{everyTypeButKeys()}, []Requirement{Accepts(M2MToken)}, []requestOption{asPageLoad}, 401, ""},
		"session for another service":       {[]Option{WithAuthorizedParties(testParty)}, nil, []requestOption{asPageLoad, signedInCookie(foreign)}, 401, ""},
		"session without the audience":      {[]Option{WithRequiredAudience("a")}, nil, []requestOption{asPageLoad, signedInCookies(t)}, 401, ""},
		"browser that keeps coming back":    {nil, nil, []requestOption{asPageLoad, uat("1"), withCookie("__clerk_redirect_count", "3")}, 401, ""},
		"cookies that need a refresh first": {nil, nil, []requestOption{asPageLoad, uat("1")}, 307, "https://clerk.example.com/v1/client/handshake"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := false
			respond := WithRefusal(func(http.ResponseWriter, *http.Request, *Refusal) { asked = true })
			a := newTestAuthenticator(t, append(test.options, WithSignInRedirect(), respond)...)
			resp := serve(t, a.Require(test.reqs...)(inspect(nil)), newRequest(t, "/p?q", test.request...))
			location := resp.Header.Get("Location")
			if resp.StatusCode != test.status || location != test.location && !strings.HasPrefix(location, test.location+"?redirect_url=") {
				t.Errorf("status %d, location %q, want %d, %q", resp.StatusCode, location, test.status, test.location)
			}
			if asked != (test.status == 401 || test.status == 403) {
				t.Errorf("the function for refusals was asked: %t", asked)
			}
			if location != "" && !strings.Contains(resp.Header.Get("Cache-Control"), "no-store") {
				t.Errorf("Cache-Control is %q", resp.Header.Get("Cache-Control"))
			}
		})
	}
	outage := down.authenticator(t, WithSignInRedirect())
	if resp := serve(t, outage.Require()(inspect(nil)), newRequest(t, "/", asPageLoad, signedInCookies(t))); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("in an outage the status is %d, want 503", resp.StatusCode)
	}
	if resp := serve(t, newTestAuthenticator(t).Require()(inspect(nil)), newRequest(t, "/", asPageLoad)); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without the option the status is %d, want 401", resp.StatusCode)
	}
}

func TestSignInRedirectNeedsCookies(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]Option{
		"no cookies":    {WithoutCookies(), WithSignInRedirect()},
		"machines only": {WithAcceptedTokens(M2MToken), WithSignInRedirect()},
	} {
		if _, err := New(nil, append(options, WithJWTKey(testPEM(t)))...); err == nil || !strings.Contains(err.Error(), "WithSignInRedirect") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}
