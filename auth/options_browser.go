package auth

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// browserConfig configures the browser side of an [Authenticator]: the instance whose
// cookies are read, and the URLs that browsers see.
type browserConfig struct {
	publishable publishableKey

	domain    string
	proxyURL  weburl.URL // zero without one, as are the next two
	signIn    weburl.URL
	signUp    weburl.URL
	satellite bool
	autoSync  bool // of a satellite

	proxies              weburl.Proxies
	redirectOrigins      []weburl.Origin // of satellites in development, in addition to this machine's
	organizations        organizationPatterns
	crossOrigin          *http.CrossOriginProtection // nil: none
	handshakeCookiesOnly bool
	sameOriginSessions   bool
	signInRedirect       bool
}

// WithDomain sets the domain of a satellite application. In production its
// frontend API is then clerk.<domain>.
func WithDomain(domain string) Option {
	return func(c *config) error {
		o, err := weburl.NewOrigin("https", domain)
		if err != nil {
			return fmt.Errorf("domain %q is not a host", withoutUser(domain))
		}
		c.domain = o.Host
		return nil
	}
}

// WithSatellite says whether this service belongs to a satellite domain, whose users
// sign in on the primary domain. A satellite needs [WithDomain] or [WithProxyURL], and
// in development [WithSignInURL].
func WithSatellite(satellite bool) Option {
	return func(c *config) error {
		c.satellite = satellite
		return nil
	}
}

// WithSatelliteAutoSync makes a satellite ask its primary domain about every page load
// without cookies, instead of treating it as a guest's.
func WithSatelliteAutoSync(sync bool) Option {
	return func(c *config) error {
		c.autoSync = sync
		return nil
	}
}

// WithProxyURL sets where the frontend API is proxied: an absolute http or https
// URL, or a path on the host that the request was sent to, such as /__clerk.
func WithProxyURL(proxy string) Option {
	return func(c *config) error {
		u, err := weburl.ParsePage(proxy)
		if err != nil || u.Query != "" || u.Fragment != "" {
			return fmt.Errorf("proxy URL %q is neither absolute nor a path, or has a query", withoutUser(proxy))
		}
		c.proxyURL = u
		return nil
	}
}

// WithSignInURL sets where users sign in: an absolute URL, or a path on the host that
// the request was sent to. The default is the instance's account portal. Satellites
// need an absolute URL.
func WithSignInURL(signIn string) Option {
	return func(c *config) error {
		u, err := weburl.ParsePage(signIn)
		if err != nil {
			return fmt.Errorf("sign-in URL %q is neither absolute nor a path", withoutUser(signIn))
		}
		c.signIn = u
		return nil
	}
}

// WithSignUpURL sets where users sign up, in the form of [WithSignInURL].
func WithSignUpURL(signUp string) Option {
	return func(c *config) error {
		u, err := weburl.ParsePage(signUp)
		if err != nil {
			return fmt.Errorf("sign-up URL %q is neither absolute nor a path", withoutUser(signUp))
		}
		c.signUp = u
		return nil
	}
}

// WithSignInRedirect makes [Authenticator.Require] lead page loads of callers who are not
// signed in, or whose session is pending, to the page of
// [Authenticator.RedirectToSignIn], where the endpoint takes session tokens. Scripts,
// callers with a token of another type, and those whom signing in would not help, get the
// refusal.
func WithSignInRedirect() Option {
	return func(c *config) error {
		c.signInRedirect = true
		return nil
	}
}

// WithRedirectOrigins names origins, such as https://shop.example.com, of
// satellites in development to which this primary application responds when they ask
// who the browser is. Those on this machine always get a response.
func WithRedirectOrigins(origins ...string) Option {
	return func(c *config) error {
		allowed := make([]weburl.Origin, 0, len(origins))
		for _, raw := range origins {
			o, err := weburl.ParseOrigin(raw)
			if err != nil {
				return fmt.Errorf("redirect origin %q is not a scheme and a host", withoutUser(raw))
			}
			allowed = append(allowed, o)
		}
		c.redirectOrigins = allowed
		return nil
	}
}

// WithHandshakeCookiesOnly says whether the outcome of a handshake in production is
// taken from cookies alone. Otherwise the query may also carry it, and somebody whose
// link a user follows can sign that user in as somebody else. The frontend API of a
// production instance sends cookies.
func WithHandshakeCookiesOnly(only bool) Option {
	return func(c *config) error {
		c.handshakeCookiesOnly = only
		return nil
	}
}

// WithSameOriginSessions says whether a session cookie's token may name no authorized
// party, although [WithAuthorizedParties] is used, if the request comes from a page of
// the service's own origin: the browser says so in Sec-Fetch-Site, and one that does not
// is refused. Clerk makes such tokens for some page loads. A token that names another
// party is refused all the same, and so is one without a party in the Authorization
// header.
func WithSameOriginSessions(allow bool) Option {
	return func(c *config) error {
		c.sameOriginSessions = allow
		return nil
	}
}

// WithTrustedProxies names addresses or ranges, such as 203.0.113.7 and
// 198.51.100.0/24, whose X-Forwarded-Host and X-Forwarded-Proto headers (or
// CloudFront-Forwarded-Proto instead of the latter) determine the public URL of a
// request. Loopback and private addresses are always trusted.
func WithTrustedProxies(addresses ...string) Option {
	return func(c *config) error {
		prefixes, err := weburl.ParseTrusted(addresses)
		if err != nil {
			return err
		}
		c.proxies.Trusted = prefixes
		return nil
	}
}

// WithPublicOrigin fixes scheme and host of the public URL, such as
// https://app.example.com, whatever a request or a proxy says.
func WithPublicOrigin(public string) Option {
	return func(c *config) error {
		o, err := weburl.ParseOrigin(public)
		if err != nil {
			return fmt.Errorf("public origin %q is not a scheme and a host", withoutUser(public))
		}
		c.proxies.Public = o
		return nil
	}
}

// WithCrossOriginProtection makes protection check every request whose caller is
// identified by a cookie, before Clerk is called on its behalf. A request that it
// refuses is signed out with [ReasonCrossOriginRequest] and sets no cookie. The
// protection sees the host of the public URL. It sees a request that opens a WebSocket
// as a POST, which is also the method for its bypass patterns. Its deny handler is not
// used. Tokens in the Authorization header are not affected, since browsers do not add
// those by themselves.
func WithCrossOriginProtection(protection *http.CrossOriginProtection) Option {
	return func(c *config) error {
		if protection == nil {
			return errors.New("cross-origin protection is nil")
		}
		c.crossOrigin = protection
		return nil
	}
}

// withoutUser returns a refused URL for an error, without the user, which may include a
// password.
func withoutUser(raw string) string {
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		return "…" + raw[i:]
	}
	return raw
}

// WithOrganizationPatterns says which paths belong to an organization, as in
// /orgs/:slug or /orgs/:id/(.*). If a path names another organization than the
// session's active one, a page load is redirected to Clerk to activate it. The
// parameter id holds the organization's ID, and slug its slug; the first pattern that
// matches counts.
//
// A pattern is matched against the whole path as it was sent, including escapes,
// without regard to case; an extra slash at the end is ignored. :name matches one
// segment, (…) is an expression, as in (.*) or :page(\d+), {…} groups, and a following
// ?, * or + makes these optional or repeated.
func WithOrganizationPatterns(patterns ...string) Option {
	return func(c *config) (err error) {
		if c.organizations.organizations, err = compilePatterns(patterns); err != nil {
			return err
		}
		return checkOrganizationPatterns(patterns)
	}
}

// WithPersonalAccountPatterns says which paths belong to the user's personal account,
// in the form of [WithOrganizationPatterns], which take precedence. A page load of such
// a path while an organization is active is redirected to Clerk to deactivate it.
func WithPersonalAccountPatterns(patterns ...string) Option {
	return func(c *config) (err error) {
		if c.organizations.personal, err = compilePatterns(patterns); err != nil {
			return err
		}
		return checkPatterns(patterns)
	}
}
