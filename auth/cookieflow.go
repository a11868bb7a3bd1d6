package auth

import (
	"net/http"

	clerk "github.com/backend-sdk/clerk-go"
)

// cookieRequest is what the cookie flow reads of one request.
type cookieRequest struct {
	*http.Request
	a          *Authenticator
	session    string
	devBrowser string
	refresh    string
	uat        int64 // when the client's sessions last changed, seconds; 0 for no session
	redirects  int64
	query      string
	synced     string
}

func (a *Authenticator) production() bool {
	return a.publishable.instanceType == clerk.Production
}

// authenticateCookies follows the rules by which Clerk's frontend keeps the
// cookies of a host in step with the browser's sessions. The first rule that
// applies decides; where one calls for a redirect, the request is signed out
// with that rule's reason.
func (a *Authenticator) authenticateCookies(r *http.Request, rec *record) {
	c := a.readCookieRequest(r)
	if reason := c.beforeToken(); reason != "" {
		rec.signedOut(reason, "")
		return
	}
	if !c.verify(rec) {
		return
	}
	switch {
	case a.crossOrigin != nil && a.crossOrigin.Check(r) != nil:
		rec.signedOut(ReasonCrossOriginRequest, "a page of another origin sent this request")
	case c.arrivesFromElsewhere():
		rec.signedOut(ReasonPrimaryDomainCrossOriginSync,
			"a page of another origin led here, so the session must be confirmed first")
	}
}

func (a *Authenticator) readCookieRequest(r *http.Request) *cookieRequest {
	jar := readCookies(r.Header, a.publishable.suffix)
	set := &jar.plain
	if a.useSuffixed(jar) {
		set = &jar.suffixed
	}
	c := &cookieRequest{
		Request: r, a: a,
		session:   set[cookieSession].value,
		refresh:   jar.suffixed[cookieRefresh].value,
		uat:       leadingInteger(set[cookieClientUAT].value),
		redirects: leadingInteger(jar.plain[cookieRedirectCount].value),
	}
	if r.URL != nil {
		c.query = r.URL.RawQuery
	}
	c.devBrowser, _ = queryValue(c.query, "__clerk_db_jwt")
	if c.devBrowser == "" {
		c.devBrowser = set[cookieDevBrowser].value
	}
	c.synced, _ = queryValue(c.query, "__clerk_synced")
	return c
}

// beforeToken decides what needs no look at the token; "" goes on.
func (c *cookieRequest) beforeToken() Reason {
	if reason := c.satelliteSync(); reason != "" {
		return reason
	}
	if !c.a.production() {
		if reason := c.devBrowserSync(); reason != "" {
			return reason
		}
	}
	switch {
	case c.uat == 0 && c.session == "":
		return ReasonSessionTokenAndUATMissing
	case c.uat == 0:
		return ReasonSessionTokenButNoClientUAT
	case c.session == "":
		return ReasonClientUATButNoSessionToken
	default:
		return ""
	}
}

// satelliteSync decides about page loads of a satellite, whose cookies are those
// of the primary domain and must be fetched from there.
func (c *cookieRequest) satelliteSync() Reason {
	document := c.Method == http.MethodGet && c.Header.Get("Sec-Fetch-Dest") == "document"
	if !c.a.satellite || !document || c.synced == "true" {
		return ""
	}
	hasCookies, needsSync := c.session != "" || c.uat != 0, c.synced == "false"
	switch {
	case !c.a.autoSync && !hasCookies && !needsSync:
		return ReasonSessionTokenAndUATMissing
	case !hasCookies || needsSync:
		return ReasonSatelliteNeedsSyncing
	default:
		return ""
	}
}

// devBrowserSync decides about development instances, where a token in URL and
// cookie stands in for the cookies that browsers do not share between hosts.
func (c *cookieRequest) devBrowserSync() Reason {
	if back, _ := queryValue(c.query, "__clerk_redirect_url"); !c.a.satellite && mayReturnTo(back) {
		return ReasonPrimaryRespondsToSyncing
	}
	if _, found := queryValue(c.query, "__clerk_db_jwt"); found {
		return ReasonDevBrowserSync
	}
	if c.devBrowser == "" {
		return ReasonDevBrowserMissing
	}
	return ""
}

// mayReturnTo keeps a primary application in development from being led anywhere
// but to a satellite on this machine.
func mayReturnTo(raw string) bool {
	if raw == "" {
		return false
	}
	o, err := parseOrigin(raw)
	return err == nil && o.isLoopback()
}

// verify reports whether the session cookie holds a valid token, and records
// what was found.
func (c *cookieRequest) verify(rec *record) bool {
	v := c.a.tokens
	u, err := parseToken(c.session, v.headers)
	switch {
	case err != nil:
	// No template token, not even where the header may carry one.
	case isMachineJWT(u) || nonSessionCategory(u.cat):
		rec.signedOut(ReasonTokenTypeMismatch, "")
		return false
	case u.claims.issuedAt.state == dateValid && u.iat < c.uat:
		rec.signedOut(ReasonSessionTokenIATBeforeClientUAT, "")
		return false
	default:
		var claims *Claims
		if claims, err = v.parsedSession(c.Context(), u); err == nil {
			rec.signedIn(c.session, claims)
			return true
		}
	}
	rec.fail(err, carrierCookie)
	renewable(c.Request, rec, c.refreshFailure())
	return false
}

// arrivesFromElsewhere reports whether a page of another site led the browser
// here, other than one of Clerk's own.
func (c *cookieRequest) arrivesFromElsewhere() bool {
	if c.a.satellite || c.Method != http.MethodGet || c.Header.Get("Sec-Fetch-Dest") != "document" || c.redirects != 0 {
		return false
	}
	own := c.a.proxies.requestOrigin(c.Request)
	referrer, crosses := crossOriginReferrer(c.Header.Get("Referer"), own)
	return crosses && !c.a.frontend.knows(referrer, own)
}
