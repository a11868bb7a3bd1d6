package auth

import (
	"net/http"
	"strings"
)

// gate is the verdict on whether cookies may identify the sender of a request. Browsers
// add them by themselves, even if a page of another origin causes the request. The
// verdict is reached once per request.
type gate uint8

const (
	gateUnasked gate = iota
	gateOpen
	gateShut
)

// mayUseCookies returns whether the gate is open. It is called before any call to Clerk
// on behalf of the browser, and again by recordCaller.
func (c *cookieRequest) mayUseCookies() bool {
	if c.gate == gateUnasked {
		c.gate = gateOpen
		if c.a.crossOrigin != nil {
			r := c.protectedRequest()
			c.asked = new(askedAbout(r))
			if c.a.crossOrigin.Check(r) != nil {
				c.gate = gateShut
			}
		}
	}
	return c.gate == gateOpen
}

// recordCaller records what a cookie says about the caller: the session of claims, or
// with nil claims that nobody is signed in. It reports whether the gate is open;
// otherwise it refuses the request. No other function of the cookie flow signs a caller
// in, and no other passes on cookies that Clerk wants set.
func (c *cookieRequest) recordCaller(rec *record, token string, claims *Claims, header *http.Header) bool {
	if !c.mayUseCookies() {
		c.refuseCrossOrigin(rec)
		return false
	}
	if claims == nil {
		rec.signedOut(ReasonSessionTokenMissing, "")
	} else {
		rec.reason, rec.message = "", ""
		rec.signedIn(token, claims)
		rec.byCookie, rec.asked = true, c.asked
	}
	rec.header = header
	return true
}

func (c *cookieRequest) refuseCrossOrigin(rec *record) {
	rec.signedOut(ReasonCrossOriginRequest, "a page of another origin sent this request")
	rec.header = nil
}

// question is what cross-origin protection is asked about. The path is left out, which
// counts only where a bypass pattern matches it: http.StripPrefix changes no verdict.
type question struct{ method, host, origin, site string }

func askedAbout(r *http.Request) question {
	return question{r.Method, r.Host, r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")}
}

// stillPasses reports whether the caller whom rec describes may also send r, which has
// the same credentials. For a caller whom a cookie signed in, the protection is asked
// again if the question is another one.
func (a *Authenticator) stillPasses(rec *record, r *http.Request) bool {
	if rec.asked == nil {
		return true
	}
	c := &cookieRequest{Request: r, a: a}
	return *rec.asked == askedAbout(c.protectedRequest()) || c.mayUseCookies()
}

// refuseInner records that a caller who passed may not send r, too.
func (a *Authenticator) refuseInner(r *http.Request, rec *record) {
	c := &cookieRequest{Request: r, a: a}
	rec.tokenType = SessionToken
	c.refuseCrossOrigin(rec)
	a.reportRefusal(r, rec)
}

// protectedRequest returns the request as cross-origin protection sees it. The
// protection compares the page's host with the host that the browser requested, which a
// proxy may have replaced. It lets every GET pass, because browsers do not let a page
// read the response of another origin. Over a WebSocket the page could read and write,
// so opening one counts as a POST.
func (c *cookieRequest) protectedRequest() *http.Request {
	r := c.WithContext(c.Context())
	if own := c.a.proxies.RequestOrigin(c.Request); own.Host != "" {
		r.Host = own.Host
	}
	if opensWebSocket(c.Header) {
		r.Method = http.MethodPost
	}
	return r
}

// opensWebSocket looks for websocket in the protocols of all Upgrade lines.
func opensWebSocket(h http.Header) bool {
	for _, line := range h["Upgrade"] {
		for protocol := range strings.SplitSeq(line, ",") {
			name, _, _ := strings.Cut(strings.Trim(protocol, " \t"), "/")
			if strings.EqualFold(name, "websocket") {
				return true
			}
		}
	}
	return false
}
