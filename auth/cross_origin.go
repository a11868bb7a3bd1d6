package auth

import (
	"net/http"
	"strings"
)

// The gate decides whether cookies may speak for a request at all. A browser adds
// them by itself, also where a page of another origin makes it send the request.
// It is asked once per request, and its verdict is kept.
type gate uint8

const (
	gateUnasked gate = iota
	gateOpen
	gateShut
)

// mayUseCookies reports the verdict of the gate. It is asked before Clerk is called
// on behalf of the browser, and again by admit.
func (c *cookieRequest) mayUseCookies() bool {
	if c.gate == gateUnasked {
		c.gate = gateOpen
		if c.a.crossOrigin != nil && c.a.crossOrigin.Check(c.protectedRequest()) != nil {
			c.gate = gateShut
		}
	}
	return c.gate == gateOpen
}

// admit records what a cookie says about the caller: the session of claims, or
// with nil claims that nobody is signed in. It reports whether the gate let it. No
// other function of the cookie flow signs a caller in, and none but admit passes on
// cookies that Clerk wants set.
func (c *cookieRequest) admit(rec *record, token string, claims *Claims, header *http.Header) bool {
	if !c.mayUseCookies() {
		c.refuseCrossOrigin(rec)
		return false
	}
	if claims == nil {
		rec.signedOut(ReasonSessionTokenMissing, "")
	} else {
		rec.reason, rec.message = "", ""
		rec.signedIn(token, claims)
	}
	rec.header = header
	return true
}

func (c *cookieRequest) refuseCrossOrigin(rec *record) {
	rec.signedOut(ReasonCrossOriginRequest, "a page of another origin sent this request")
	rec.header = nil
}

// protectedRequest is the request as cross-origin protection sees it. The protection
// compares the page's host with the host that the browser asked for, which a proxy
// may have replaced. It lets every GET pass, because browsers do not let a page read
// the response of another origin; but over a WebSocket the page could read, and
// write too, so opening one counts as a POST.
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

// opensWebSocket looks for websocket among the protocols of every Upgrade line.
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
