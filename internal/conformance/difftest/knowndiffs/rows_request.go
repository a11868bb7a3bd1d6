package knowndiffs

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// requestRows are the differences in how a request is read.
var requestRows = []Row{
	{
		ID: "D16", Fact: "the Authorization scheme is case-insensitive, and the word Bearer alone is not a token",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			scheme, rest := authorization(c)
			return strings.EqualFold(scheme, "Bearer") && (scheme != "Bearer" || rest == "")
		},
		Rewrites: []string{"Header.Authorization"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			if _, rest := authorization(c); rest == "" {
				c.Del("Authorization")
			} else {
				c.Set("Authorization", "Bearer "+rest)
			}
			return nil
		},
	},
	{
		ID: "D58", Fact: "blanks around a forwarded value are not part of it",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return slices.ContainsFunc(forwardedFields, func(name string) bool { value, found := c.Get(name); return found && value != unpadded(value) })
		},
		Rewrites: []string{"Header.X-Forwarded-Host", "Header.X-Forwarded-Proto", "Header.CloudFront-Forwarded-Proto"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			for _, name := range forwardedFields {
				if value, found := c.Get(name); found {
					c.Set(name, unpadded(value))
				}
			}
			return nil
		},
	},
	{
		ID: "D13", Fact: "CloudFront-Forwarded-Proto is used where X-Forwarded-Proto is absent",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			_, proto := c.Get("X-Forwarded-Proto")
			_, cloudFront := c.Get("CloudFront-Forwarded-Proto")
			return cloudFront && !proto
		},
		Rewrites: []string{"Header.X-Forwarded-Proto"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			value, _ := c.Get("CloudFront-Forwarded-Proto")
			c.Set("X-Forwarded-Proto", value)
			return nil
		},
	},
	{
		ID: "D14", Fact: "forwarded headers are trusted from loopback, private and trusted peers only, and never with WithPublicOrigin",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.PublicOrigin != "" || isForwarded(c) && !trustsPeer(c)
		},
		Rewrites: []string{"Scheme", "Host", "Header.X-Forwarded-Host", "Header.X-Forwarded-Proto", "Header.CloudFront-Forwarded-Proto"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			dropForwarded(c)
			if public, err := url.Parse(c.Options.PublicOrigin); err == nil && public.Host != "" {
				c.Scheme, c.Host = public.Scheme, public.Host
			}
			return nil
		},
	},
	{
		ID: "D15", Fact: "the public URL is built from a validated scheme and host, which no path can change",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return isForwarded(c) && !isOrigin(forwarded(c)) || hasHostInPath(c)
		},
		Rewrites: []string{"Scheme", "Host", "Header.X-Forwarded-Host", "Header.X-Forwarded-Proto", "Header.CloudFront-Forwarded-Proto"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			if proto, host := forwarded(c); isOrigin(proto, host) {
				c.Scheme, c.Host = proto, host
			}
			c.Host = strings.TrimSuffix(strings.ToLower(c.Host), map[string]string{"http": ":80", "https": ":443"}[c.Scheme])
			dropForwarded(c)
			return nil
		},
	},
	{
		ID: "D19", Fact: "a primary domain in development redirects only to loopback hosts and to the origins of WithRedirectOrigins",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			_, query, _ := strings.Cut(c.Target, "?")
			values, _ := url.ParseQuery(query)
			back := values.Get(redirectURL)
			return c.Options.Development() && !c.Options.Satellite && back != "" && !mayReturn(c, back)
		},
		Rewrites: []string{"Target"},
		Rewrite:  func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) { return hideParameter(c, redirectURL) },
	},
	{
		ID: "D41", Fact: "with WithHandshakeCookiesOnly, the query cannot carry the result of a handshake in production",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.HandshakeCookiesOnly && !c.Options.Development() && strings.Contains(c.Target, "__clerk_handshake")
		},
		Rewrites: []string{"Target"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			return hideParameter(c, "__clerk_handshake")
		},
	},
	{
		ID: "D47", Fact: "numbers in cookies are whole and decimal, and characters after one are ignored",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			for _, name := range numberCookies(c) {
				if text, found := c.Cookies()[name]; found && text != whole(name, text) {
					return true
				}
			}
			return false
		},
		Rewrites: []string{"Header.Cookie"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			jar := c.Cookies()
			for _, name := range numberCookies(c) {
				if text, found := jar[name]; found {
					jar[name] = whole(name, text)
				}
			}
			c.SetCookies(jar)
			return nil
		},
	},
	{
		ID: "D20", Fact: "three or more handshakes in a row are a redirect loop",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			count := strings.TrimLeft(c.Cookies()[redirectCount], "0")
			return mayRedirect(c) && (len(count) > 1 || count > "3")
		},
		Rewrites: []string{"Header.Cookie"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			jar := c.Cookies()
			jar[redirectCount] = "3"
			c.SetCookies(jar)
			return nil
		},
	},
	{
		ID: "D43", Fact: "with WithCrossOriginProtection, unsafe requests and WebSockets from other origins are signed out before any call, unless they carry a bearer token",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return c.Options.CrossOriginProtection && readsCookies(c) && comesFromOtherOrigin(c)
		},
		Amends: everything,
		Amend: func(_ *generator.Case, o *peer.Outcome) {
			if o.Status != "signed-in" && o.Status != "pending" && !triedRefresh(o.Reason) {
				return
			}
			nobody := peer.Auth{TokenType: generator.Session, Has: strings.Repeat("0", len(o.Auth.Has))}
			endpoint := nobody
			endpoint.TokenType = o.EndpointAuth.TokenType
			*o = peer.Outcome{
				Status: "signed-out", Reason: "cross-origin-request", TokenType: generator.Session,
				AuthStatus: "signed-out", AuthReason: "cross-origin-request", AuthMessage: true,
				Auth: new(nobody), PendingAuth: new(nobody), EndpointAuth: new(endpoint),
			}
		},
	},
	{
		ID: "D33", Fact: "only a session token from a cookie is refreshed",
		Applies: func(_ *generator.Keys, c *generator.Case) bool {
			return headerToken(c) != "" && strings.Contains(strings.Join(cookieLines(c), ";"), "__refresh_")
		},
		Rewrites: []string{"Header.Cookie"},
		Rewrite: func(_ *generator.Keys, c *generator.Case) func(*peer.Outcome) {
			for i, f := range c.Header {
				if strings.EqualFold(f[0], "Cookie") {
					c.Header[i][1] = strings.ReplaceAll(f[1], "__refresh_", "__other_")
				}
			}
			return nil
		},
	},
}

// unpadded returns the first of the values of a header, without the blanks around it.
func unpadded(value string) string {
	first, _, _ := strings.Cut(value, ",")
	return strings.Trim(first, " \t")
}

const (
	redirectURL   = "__clerk_redirect_url"
	redirectCount = "__clerk_redirect_count"
)

func authorization(c *generator.Case) (scheme, rest string) {
	value, _ := c.Get("Authorization")
	scheme, rest, _ = strings.Cut(strings.Trim(value, " \t"), " ")
	rest, _, _ = strings.Cut(rest, " ")
	return scheme, rest
}

func cookieLines(c *generator.Case) (lines []string) {
	for _, f := range c.Header {
		if strings.EqualFold(f[0], "Cookie") {
			lines = append(lines, f[1])
		}
	}
	return lines
}

// mayReturn reports whether the browser may be redirected back to a satellite at
// that address.
func mayReturn(c *generator.Case, back string) bool {
	u, err := url.Parse(back)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return isLoopback(u.Hostname()) || slices.Contains(c.Options.RedirectOrigins, u.Scheme+"://"+u.Host)
}

func isLoopback(name string) bool {
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || strings.HasPrefix(name, "127.") || name == "::1"
}

// hideParameter renames a query parameter to a name without meaning. The function
// that it returns restores the name in an outcome.
func hideParameter(c *generator.Case, name string) func(*peer.Outcome) {
	hidden := strings.Replace(name, "clerk", "kcelc", 1)
	c.Target = strings.ReplaceAll(c.Target, name, hidden)
	return func(o *peer.Outcome) { o.Location = strings.ReplaceAll(o.Location, hidden, name) }
}

// numberCookies returns the names of the cookies that hold numbers.
func numberCookies(c *generator.Case) []string {
	return []string{redirectCount, "__client_uat", "__client_uat" + generator.Suffix(c.Options.PublishableKey)}
}

var wholeNumber = regexp.MustCompile(`^\+?([0-9]+)`)

// whole writes the number that a cookie begins with in a form that both sides read
// the same way. The result is never a single 0, which means that nobody is signed in.
func whole(name, text string) string {
	digits := wholeNumber.FindStringSubmatch(text)
	switch {
	case digits != nil && digits[0] == text:
		return text
	case digits != nil:
		return "0" + digits[1]
	case name == redirectCount && text != "":
		return "00"
	default:
		return text
	}
}

// hasHostInPath reports whether a path would change the host of the URL that it is
// resolved against.
func hasHostInPath(c *generator.Case) bool {
	return strings.HasPrefix(strings.ReplaceAll(c.Target, `\`, "/"), "//")
}
