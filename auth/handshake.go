package auth

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// maxRedirects is how many handshakes may follow each other before a browser counts as
// one that does not keep its cookies.
const maxRedirects = 3

// What keeps a response to one browser out of every cache: a handshake redirect has the
// value of Clerk's other SDKs, any other response one that also addresses shared
// caches.
const (
	handshakeRedirect = "no-store"
	privateResponse   = "private, no-store"
)

// redirectToHandshake redirects a page load to the frontend API, which sends the
// browser back with current cookies. Any other request is signed out for the same
// reason. The location replaces the frontend API's unless it is "".
func (c *cookieRequest) redirectToHandshake(rec *record, reason Reason, message, location string) {
	rec.signedOut(reason, message)
	if !loadsPage(c.Request) {
		return
	}
	if location == "" {
		location = c.handshakeURL(reason)
	}
	if location == "" {
		return
	}
	if c.redirects >= maxRedirects {
		c.a.warnings.once(c.Context(), redirectLoop)
		return
	}
	rec.handshake = true
	rec.header = &http.Header{
		"Location":      {location},
		"Cache-Control": {handshakeRedirect},
		"Set-Cookie":    {"__clerk_redirect_count=" + strconv.FormatInt(c.redirects+1, 10) + "; SameSite=Lax; HttpOnly; Max-Age=2"},
	}
}

// loadsPage reports whether a browser requests a page, which it would show wherever a
// redirect leads.
func loadsPage(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "document", "iframe":
		return true
	case "":
		return strings.HasPrefix(r.Header.Get("Accept"), "text/html")
	default:
		return false
	}
}

// notReturned are the parameters that the URL to which a browser returns leaves out. An
// outcome in it would come back in front of the one that the browser is sent for.
var notReturned = []string{"__clerk_db_jwt", "__dev_session", "__clerk_handshake", "__clerk_handshake_nonce", "__clerk_help"}

// handshakeURL returns where the frontend API updates the cookies, or "" if the request
// does not say to which URL the browser should return.
func (c *cookieRequest) handshakeURL(reason Reason) string {
	own, ok := c.a.proxies.RequestURL(c.Request)
	if !ok {
		return ""
	}
	c.a.warnOfOrigin(c.Context(), own.Origin)
	query := weburl.Pairs{
		{Name: "redirect_url", Value: own.Without(notReturned...).String()},
		{Name: "__clerk_api_version", Value: clerk.APIVersion},
		{Name: "suffixed_cookies", Value: strconv.FormatBool(c.suffixed)},
		{Name: "__clerk_hs_reason", Value: string(reason)},
		{Name: "format", Value: "nonce"},
	}
	if c.presented != "" && !(c.a.production() && c.a.frontend.host == "" && isPlainHTTP(own.Origin)) {
		query = query.Add("__session", c.presented)
	}
	if !c.a.production() && c.devBrowser != "" {
		query = query.Add("__clerk_db_jwt", c.devBrowser)
	}
	if target, found := c.a.organizations.target(own.Path); found {
		query = query.Add("organization_id", target.idOrSlug())
	}
	return c.a.frontend.handshakeEndpoint(own.Origin) + "?" + query.Encode()
}
