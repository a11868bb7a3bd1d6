package auth

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// maxRedirects is how many handshakes may follow each other before a browser is
// taken for one that does not keep its cookies.
const maxRedirects = 3

// What keeps a response to one browser out of every cache: a redirect of a handshake
// says it in the words of Clerk's other SDKs, and any other response to shared caches
// in particular.
const (
	handshakeRedirect = "no-store"
	privateResponse   = "private, no-store"
)

// handshake sends a browser that loads a page to the frontend API, which sends it
// back with cookies that are up to date. Any other request is signed out for the
// same reason. The location is another place to send it to, or "".
func (c *cookieRequest) handshake(rec *record, reason Reason, message, location string) {
	rec.signedOut(reason, message)
	if !c.loadsPage() {
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

// loadsPage reports whether a browser asks for a page, which it would show
// wherever a redirect leads it.
func (c *cookieRequest) loadsPage() bool {
	if c.Method != http.MethodGet {
		return false
	}
	switch c.Header.Get("Sec-Fetch-Dest") {
	case "document", "iframe":
		return true
	case "":
		return strings.HasPrefix(c.Header.Get("Accept"), "text/html")
	default:
		return false
	}
}

// handshakeURL is where the frontend API brings the cookies up to date, and ""
// where the request does not tell to which URL the browser is to come back.
func (c *cookieRequest) handshakeURL(reason Reason) string {
	own, ok := c.a.proxies.RequestURL(c.Request)
	if !ok {
		return ""
	}
	query := weburl.Pairs{
		{Name: "redirect_url", Value: own.Without("__clerk_db_jwt", "__dev_session").String()},
		{Name: "__clerk_api_version", Value: clerk.APIVersion},
		{Name: "suffixed_cookies", Value: strconv.FormatBool(c.suffixed)},
		{Name: "__clerk_hs_reason", Value: string(reason)},
		{Name: "format", Value: "nonce"},
	}
	if c.presented != "" {
		query = query.Add("__session", c.presented)
	}
	if !c.a.production() && c.devBrowser != "" {
		query = query.Add("__clerk_db_jwt", c.devBrowser)
	}
	if target, found := c.a.organizations.target(own.Path); found {
		query = query.Add("organization_id", target.idOrSlug())
	}
	return c.a.frontend.handshake(own.Origin) + "?" + query.Encode()
}
