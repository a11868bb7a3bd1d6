package auth

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// authenticateCookies follows the rules by which Clerk's frontend keeps the cookies of
// a host in step with the browser's sessions. The first rule that applies decides. The
// error is one of configuration.
func (a *Authenticator) authenticateCookies(r *http.Request, rec *record) error {
	c := a.readCookieRequest(r)
	decided, err := c.finishHandshake(rec)
	if err != nil || decided || c.beforeToken(rec) {
		return err
	}
	c.verifySession(rec)
	return nil
}

// beforeToken decides the cases that do not depend on the token, and reports whether it did.
func (c *cookieRequest) beforeToken(rec *record) (decided bool) {
	if c.syncSatellite(rec) || !c.a.production() && c.syncDevBrowser(rec) {
		return true
	}
	switch {
	case c.uat == 0 && c.sessionToken == "":
		rec.signedOut(ReasonSessionTokenAndUATMissing, "")
	case c.uat == 0:
		c.redirectToHandshake(rec, ReasonSessionTokenButNoClientUAT, "", "")
	case c.sessionToken == "":
		c.redirectToHandshake(rec, ReasonClientUATButNoSessionToken, "", "")
	default:
		return false
	}
	return true
}

// syncSatellite decides about page loads of a satellite, whose cookies belong to the
// primary domain and must be fetched from there.
func (c *cookieRequest) syncSatellite(rec *record) (decided bool) {
	document := c.Method == http.MethodGet && c.Header.Get("Sec-Fetch-Dest") == "document"
	synced := c.parameters[parameterSynced].Value
	if !c.a.satellite || !document || synced == "true" {
		return false
	}
	hasCookies, needsSync := c.sessionToken != "" || c.uat != 0, synced == "false"
	switch {
	case !c.a.autoSync && !hasCookies && !needsSync:
		rec.signedOut(ReasonSessionTokenAndUATMissing, "")
	case !hasCookies || needsSync:
		c.redirectToHandshake(rec, ReasonSatelliteNeedsSyncing, "", c.primaryURL())
	default:
		return false
	}
	return true
}

// primaryURL returns where a satellite in development is synced. No cookie of the
// frontend API spans the domains there, so the primary application itself is used.
func (c *cookieRequest) primaryURL() string {
	own, ok := c.a.proxies.RequestURL(c.Request)
	if c.a.production() || !ok {
		return ""
	}
	signIn := c.a.signIn
	return signIn.WithAdded("__clerk_redirect_url", own.String()).String()
}

// syncDevBrowser decides about development instances, where a token in URL and cookie
// replaces the cookies that browsers do not share between hosts.
func (c *cookieRequest) syncDevBrowser(rec *record) (decided bool) {
	if satellite, asked := c.askingSatellite(); asked {
		c.redirectToHandshake(rec, ReasonPrimaryRespondsToSyncing, "", satellite)
		return true
	}
	if c.parameters[parameterDevBrowser].Found {
		c.redirectToHandshake(rec, ReasonDevBrowserSync, "", "")
		return true
	}
	if c.devBrowser == "" {
		c.redirectToHandshake(rec, ReasonDevBrowserMissing, "", "")
		return true
	}
	return false
}

// askingSatellite returns where a satellite wants its response, including that
// response. Only this machine and allowed origins get one, because it says who the
// browser is.
func (c *cookieRequest) askingSatellite() (location string, asked bool) {
	raw := c.parameters[parameterRedirectURL].Value
	if raw == "" || c.a.satellite {
		return "", false
	}
	u, err := weburl.Parse(raw)
	if err != nil || !c.a.mayReturnTo(u.Origin) {
		return "", false
	}
	if c.devBrowser != "" {
		u = u.WithAdded("__clerk_db_jwt", c.devBrowser)
	}
	return u.WithSet("__clerk_synced", "true").String(), true
}

func (a *Authenticator) mayReturnTo(o weburl.Origin) bool {
	return o.IsLoopback() || slices.Contains(a.redirectOrigins, o)
}

// verifySession decides by the token of the session cookie.
func (c *cookieRequest) verifySession(rec *record) {
	v := c.a.tokens
	u, err := parseToken(c.sessionToken, v.known)
	switch {
	case err != nil:
	// Template tokens are not sessions here, even if the header may carry them.
	case isMachineJWT(u) || nonSessionCategory(u.cat):
		rec.fail(refuseFor(ReasonTokenTypeMismatch, notFromCookie(u)), carrierCookie)
		return
	case u.claims.issuedAt.state == dateValid && u.iat < c.uat:
		c.redirectToHandshake(rec, ReasonSessionTokenIATBeforeClientUAT, "", "")
		return
	default:
		var claims *Claims
		if claims, err = v.parsedSession(c.Context(), u, source{cookie: true, partyless: c.mayNameNoParty()}); err == nil {
			if c.recordCaller(rec, c.sessionToken, claims, nil) {
				c.confirmSession(rec)
			}
			return
		}
	}
	rec.fail(err, carrierCookie)
	c.a.warnOfRefusal(c.Context(), rec.refused, false)
	c.renew(rec, u.claims)
}

// mayNameNoParty reports whether a token of the session cookie may leave out its
// authorized party, because a page of this very origin sent it. A browser that does not
// say so is not believed.
func (c *cookieRequest) mayNameNoParty() bool {
	sites := c.Header["Sec-Fetch-Site"]
	return c.a.sameOriginSessions && len(sites) == 1 && (sites[0] == "same-origin" || sites[0] == "none")
}

// confirmSession checks whether a valid session is the one that the browser should
// have.
func (c *cookieRequest) confirmSession(rec *record) {
	if rec.claims.authorizedParty == "" {
		c.a.warnings.once(c.Context(), partyMissing)
	}
	if c.crossOriginNavigation() {
		c.redirectToHandshake(rec, ReasonPrimaryDomainCrossOriginSync,
			"a page of another origin led here, so the session must be confirmed first", "")
		return
	}
	c.syncOrganization(rec)
}

// crossOriginNavigation reports whether a page of another site, and not one of Clerk's
// own, led the browser here.
func (c *cookieRequest) crossOriginNavigation() bool {
	if c.a.satellite || c.Method != http.MethodGet || c.Header.Get("Sec-Fetch-Dest") != "document" || c.redirects != 0 {
		return false
	}
	own := c.a.proxies.RequestOrigin(c.Request)
	referrer, crosses := crossOriginReferrer(c.Header.Get("Referer"), own)
	return crosses && !c.a.frontend.knows(referrer, own)
}

// crossOriginReferrer parses a Referer header and reports whether that page has another
// origin than the request. A referrer that does not parse, or is longer than those of
// browsers, is ignored; one that is neither http nor https has an origin of its own.
func crossOriginReferrer(header string, own weburl.Origin) (referrer *url.URL, crosses bool) {
	if len(header) > weburl.MaxTarget {
		return nil, false
	}
	referrer, err := url.Parse(header)
	if header == "" || err != nil || referrer.Scheme == "" {
		return nil, false
	}
	switch strings.ToLower(referrer.Scheme) {
	case "http", "https":
		if referrer.Host == "" {
			return nil, false
		}
		o, err := weburl.NewOrigin(referrer.Scheme, referrer.Host)
		return referrer, err != nil || o != own
	default:
		return referrer, true
	}
}

// syncOrganization redirects a page load to Clerk if its path names another
// organization than the session does. Any other request, and a session that Clerk could
// not change, stays as it is.
func (c *cookieRequest) syncOrganization(rec *record) {
	if rec.pending() || !c.a.organizations.any() || !loadsPage(c.Request) {
		return
	}
	own, ok := c.a.proxies.RequestURL(c.Request)
	if !ok {
		return
	}
	target, found := c.a.organizations.target(own.Path)
	if !found || target.activeIn(rec.claims) {
		return
	}
	if c.redirects >= maxRedirects {
		c.a.warnings.once(c.Context(), organizationLoop)
		return
	}
	c.redirectToHandshake(rec, ReasonActiveOrganizationMismatch, "", "")
}
