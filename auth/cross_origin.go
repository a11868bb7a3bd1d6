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
		if c.a.crossOrigin != nil && c.a.crossOrigin.Check(c.protectedRequest()) != nil {
			c.gate = gateShut
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
	}
	rec.header = header
	return true
}

func (c *cookieRequest) refuseCrossOrigin(rec *record) {
	rec.signedOut(ReasonCrossOriginRequest, "a page of another origin sent this request")
	rec.header = nil
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
