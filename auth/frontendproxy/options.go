package frontendproxy

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/publishable"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// Option sets one property of a [Handler]. If two options set the same property, the last
// one counts.
type Option func(*config) error

type config struct {
	secretKey string
	proxyURL  weburl.URL // without a slash at its end; without an origin for a path
	target    *url.URL   // without a slash at its end
	proxies   weburl.Proxies
	clientIP  string // canonical, or ""
	bodyLimit int64
	logger    *slog.Logger
}

const defaultBodyLimit = 32 << 20

// WithTarget sends requests to another frontend API than Clerk's: an https URL, or an http
// URL of this machine.
func WithTarget(target string) Option {
	return func(c *config) (err error) {
		c.target, err = parseTarget(target)
		return err
	}
}

// WithClientIP names the header, such as Cf-Connecting-Ip, in which a CDN sends the address
// of the client. It counts if the request comes from a trusted peer and the header holds one
// address. Otherwise the client is the rightmost address of X-Forwarded-For that is not
// trusted. The CDN must remove what clients put into the header.
func WithClientIP(header string) Option {
	return func(c *config) error {
		if !isFieldName(header) {
			return fmt.Errorf("WithClientIP: %q is not the name of a header field", header)
		}
		c.clientIP = http.CanonicalHeaderKey(header)
		return nil
	}
}

// WithBodyLimit limits the body of a request, which is 32 MiB otherwise.
func WithBodyLimit(bytes int64) Option {
	return func(c *config) error {
		if bytes <= 0 {
			return fmt.Errorf("WithBodyLimit: %d is not a positive number of bytes", bytes)
		}
		c.bodyLimit = bytes
		return nil
	}
}

// WithPublicOrigin fixes scheme and host of a proxy URL that is a path, such as
// https://app.example.com, whatever a request or another proxy says. An absolute proxy URL
// has its own.
func WithPublicOrigin(origin string) Option {
	return func(c *config) (err error) {
		if c.proxies.Public, err = weburl.ParseOrigin(origin); err != nil {
			return fmt.Errorf("WithPublicOrigin: not a scheme and a host: %w", err)
		}
		return nil
	}
}

// WithTrustedProxies names addresses or ranges, such as 203.0.113.7 and 198.51.100.0/24,
// whose forwarding headers determine the public origin and the address of the client.
// Loopback and private addresses are always trusted.
func WithTrustedProxies(prefixes ...string) Option {
	return func(c *config) (err error) {
		if c.proxies.Trusted, err = weburl.ParseTrusted(prefixes); err != nil {
			return fmt.Errorf("WithTrustedProxies: %w", err)
		}
		return nil
	}
}

// WithLogger logs a warning at the beginning of each outage of the frontend API, and an
// info record at its end. Records show nothing of a request. Without it nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// FromEnv is [New] with keys, URL and options from the environment; opts take precedence.
// An empty variable counts as unset, lists are comma-separated, and an error names the
// variable. The variables:
//
//	CLERK_SECRET_KEY
//	CLERK_PUBLISHABLE_KEY
//	CLERK_PROXY_URL
//	CLERK_FAPI_URL         WithTarget
//	CLERK_PROXY_CLIENT_IP  WithClientIP
//	CLERK_PUBLIC_ORIGIN    WithPublicOrigin
//	CLERK_TRUSTED_PROXIES  WithTrustedProxies   a list
func FromEnv(opts ...Option) (*Handler, error) {
	var all []Option
	for _, v := range []struct {
		name   string
		option func(string) Option
	}{
		{"CLERK_FAPI_URL", WithTarget},
		{"CLERK_PROXY_CLIENT_IP", WithClientIP},
		{"CLERK_PUBLIC_ORIGIN", WithPublicOrigin},
		{"CLERK_TRUSTED_PROXIES", func(list string) Option {
			return WithTrustedProxies(strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })...)
		}},
	} {
		if value := strings.TrimSpace(os.Getenv(v.name)); value != "" {
			all = append(all, named(v.name, v.option(value)))
		}
	}
	variable := func(name string) string { return strings.TrimSpace(os.Getenv(name)) }
	return newHandler(variable("CLERK_SECRET_KEY"), variable("CLERK_PUBLISHABLE_KEY"), variable("CLERK_PROXY_URL"),
		names{"CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_PROXY_URL"}, append(all, opts...))
}

// named adds the name of the variable to the errors of opt.
func named(variable string, opt Option) Option {
	return func(c *config) error {
		if err := opt(c); err != nil {
			return fmt.Errorf("%s: %w", variable, err)
		}
		return nil
	}
}

// names are what errors call the three values that every proxy has.
type names struct{ secretKey, publishableKey, proxyURL string }

// newConfig checks the keys, the URL and the options.
func newConfig(secretKey, publishableKey, proxyURL string, as names, opts []Option) (*config, error) {
	c := &config{secretKey: secretKey, bodyLimit: defaultBodyLimit}
	client, err := clerk.New(secretKey)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", as.secretKey, strings.TrimPrefix(err.Error(), "clerk: secret key: "))
	}
	key, err := publishable.Parse(publishableKey)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", as.publishableKey, err)
	}
	switch own := client.InstanceType(); {
	case own == clerk.Development:
		return nil, fmt.Errorf("%s: development instances have no proxy, and this is a key of one", as.secretKey)
	case key.InstanceType == clerk.Development, isDevelopmentHost(key.FrontendAPI):
		return nil, fmt.Errorf("%s: development instances have no proxy, and this is a key of one", as.publishableKey)
	case own != key.InstanceType:
		return nil, fmt.Errorf("%s: not a secret key of a production instance, which start with sk_live_", as.secretKey)
	}
	if c.proxyURL, err = parseProxyURL(proxyURL); err != nil {
		return nil, fmt.Errorf("%s: %w", as.proxyURL, err)
	}
	c.target = targetOf(key)
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("an option is nil")
		}
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	if c.proxyURL.Origin != (weburl.Origin{}) {
		c.proxies.Public = c.proxyURL.Origin
	}
	if isPlainHTTP(c.proxies.Public) {
		return nil, fmt.Errorf("%s sends sessions over plain http: use https", c.proxies.Public)
	}
	return c, nil
}

func parseProxyURL(raw string) (weburl.URL, error) {
	u, err := weburl.ParsePage(raw)
	if err != nil || u.Query != "" || u.Fragment != "" {
		return weburl.URL{}, errors.New("neither an absolute URL nor a path such as /__clerk, or with a query")
	}
	if u.Path = strings.TrimRight(u.Path, "/"); u.Path == "" {
		return weburl.URL{}, errors.New("has no path: the proxy would take the whole domain")
	}
	return u, nil
}

// isPlainHTTP reports whether requests to o can be read on their way.
func isPlainHTTP(o weburl.Origin) bool { return o.Scheme == "http" && !o.IsLoopback() }

// isFieldName reports whether name is a token of RFC 9110.
func isFieldName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
