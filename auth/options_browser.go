package auth

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

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

// WithSatellite says whether this service belongs to a satellite domain, whose
// users sign in on the primary domain. A satellite needs [WithDomain] or
// [WithProxyURL], and in development [WithSignInURL].
func WithSatellite(satellite bool) Option {
	return func(c *config) error {
		c.satellite = satellite
		return nil
	}
}

// WithSatelliteAutoSync makes a satellite ask its primary domain about every
// page load that brings no cookies, instead of taking it for a guest's.
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

// WithSignInURL sets where users sign in: an absolute URL, or a path on the host
// that the request was sent to. Without it that is the instance's account portal.
// Satellites want an absolute URL.
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

// WithSignUpURL sets where users sign up, as [WithSignInURL] does where they sign in.
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

// WithRedirectOrigins names origins, such as https://shop.example.com, of
// satellites in development that this primary application answers when they ask
// who the browser is. Those on this machine are answered anyway.
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
// taken from cookies alone. Otherwise the query may carry it too, and then someone
// who makes a user follow a link can sign that user in as somebody else. The
// frontend API of a production instance sends cookies.
func WithHandshakeCookiesOnly(only bool) Option {
	return func(c *config) error {
		c.handshakeCookiesOnly = only
		return nil
	}
}

// WithTrustedProxies names addresses or ranges, such as 203.0.113.7 and
// 198.51.100.0/24, whose X-Forwarded-Host and X-Forwarded-Proto headers, or
// CloudFront-Forwarded-Proto in place of the latter, tell the public URL of a
// request. Loopback and private addresses are trusted anyway.
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

// WithCrossOriginProtection lets protection check every request whose caller is
// known by a cookie, before Clerk is asked anything about it: a request that it
// refuses is signed out with [ReasonCrossOriginRequest] and sets no cookie. The
// protection sees the host of the public URL, and a request that opens a WebSocket
// as a POST, which is also the method that its bypass patterns must name for one.
// Its deny handler is not used. Tokens in the Authorization header are not affected,
// since no browser adds those by itself.
func WithCrossOriginProtection(protection *http.CrossOriginProtection) Option {
	return func(c *config) error {
		if protection == nil {
			return errors.New("cross-origin protection is nil")
		}
		c.crossOrigin = protection
		return nil
	}
}

// withoutUser is a refused URL as an error repeats it: the user may have a
// password.
func withoutUser(raw string) string {
	if i := strings.LastIndexByte(raw, '@'); i >= 0 {
		return "…" + raw[i:]
	}
	return raw
}

// WithOrganizationPatterns says which paths belong to an organization, as in
// /orgs/:slug or /orgs/:id/(.*). Where the one that the path names is not the
// session's active one, a page load is sent to Clerk to activate it. The parameter
// id holds an organization's id and slug its slug; the first pattern that matches
// counts.
//
// A pattern is compared with the whole path as it was sent, escapes included,
// whatever its case, with one slash more or less at the end. :name stands for one
// segment, (…) for an expression, as in (.*) or :page(\d+), {…} holds things
// together, and ?, * and + behind these make them optional or let them repeat.
func WithOrganizationPatterns(patterns ...string) Option {
	return func(c *config) (err error) {
		c.organizations.organizations, err = compilePatterns(patterns)
		return err
	}
}

// WithPersonalAccountPatterns says which paths belong to the user's personal
// account, in the form of [WithOrganizationPatterns], which goes first. A page load
// of such a path while an organization is active is sent to Clerk to leave it.
func WithPersonalAccountPatterns(patterns ...string) Option {
	return func(c *config) (err error) {
		c.organizations.personal, err = compilePatterns(patterns)
		return err
	}
}
