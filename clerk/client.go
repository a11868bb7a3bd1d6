package clerk

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

const (
	defaultBaseURL = "https://api.clerk.com"
	defaultVersion = "v1"
)

// Client calls the Backend API with a secret key. Use New or FromEnv to make one.
// A Client never changes, is safe for concurrent use, and prints without its key in
// every format. A program usually makes one and keeps it.
type Client struct {
	// s is a function because fmt ignores the methods of a Client in an unexported
	// field and prints what its pointers lead to, but prints a function as an address.
	s func() *settings
}

// settings is what the options have set, and what New derives from it.
type settings struct {
	common  // what its calls have by default
	key     string
	base    url.URL // scheme and host
	path    prefix  // the base URL's path
	version string  // the path segment after that
	http    http.Client
	log     *slog.Logger
	hooks   []Hooks // with those that log
	rate    int     // calls that may start within per; 0 for no limit
	per     time.Duration
	limiter Limiter

	root          prefix // path and version
	wire          *wire.Client
	authorization []string
	userAgent     []string
}

// New returns a client that authenticates with secretKey, the secret key of an
// instance or a machine. It returns an error when the key or an option is invalid.
// It also returns one when the base URL has the scheme http, unless the key is a
// development key or the host is a loopback address.
func New(secretKey string, opts ...Option) (*Client, error) {
	return newClient("secret key", secretKey, opts)
}

// newClient is New; name is what errors call the key.
func newClient(name, secretKey string, opts []Option) (*Client, error) {
	if err := checkKey(secretKey); err != nil {
		return nil, fmt.Errorf("clerk: %s: %w", name, err)
	}
	s := &settings{key: secretKey, common: common{limits: wire.Limits{
		Attempt:    10 * time.Second,
		Call:       30 * time.Second,
		RetryAfter: 15 * time.Second,
		Retries:    2,
		Success:    32 << 20,
		Failure:    64 << 10,
	}}}
	defaults := []Option{WithBaseURL(defaultBaseURL), WithAPIVersion(defaultVersion)}
	for _, opt := range append(defaults, opts...) {
		if opt == nil {
			return nil, errors.New("clerk: option is nil")
		}
		if err := opt.configure(s); err != nil {
			return nil, err
		}
	}
	if err := s.allows(secretKey); err != nil {
		return nil, fmt.Errorf("clerk: %s: %w", name, err)
	}
	if s.log != nil {
		s.hooks = append([]Hooks{logHooks(s.log)}, s.hooks...)
	}
	s.root = s.path.join(s.version)
	s.wire = wire.NewClient(s.http, wire.Settings{Rate: s.rate, Per: s.per, Limiter: s.limiter})
	s.authorization = bearer(secretKey)
	s.userAgent = []string{userAgent()}
	return &Client{func() *settings { return s }}, nil
}

// FromEnv returns a client that authenticates with the secret key in
// CLERK_SECRET_KEY. It also reads CLERK_API_URL (https://api.clerk.com when unset)
// and CLERK_API_VERSION (the path segment, v1 when unset). Options take precedence
// over both. An error names the variable that is missing or malformed, and never
// contains the key.
func FromEnv(opts ...Option) (*Client, error) {
	key := os.Getenv("CLERK_SECRET_KEY")
	if key == "" {
		return nil, errors.New("clerk: CLERK_SECRET_KEY is not set")
	}
	var env []Option
	if v := os.Getenv("CLERK_API_URL"); v != "" {
		env = append(env, named("CLERK_API_URL", WithBaseURL(v)))
	}
	if v := os.Getenv("CLERK_API_VERSION"); v != "" {
		env = append(env, named("CLERK_API_VERSION", WithAPIVersion(v)))
	}
	return newClient("CLERK_SECRET_KEY", key, append(env, opts...))
}

// named adds the name of the variable to the errors of opt.
func named(variable string, opt Option) Option {
	return option(func(s *settings) error {
		if err := opt.configure(s); err != nil {
			return fmt.Errorf("clerk: %s: %s", variable, strings.TrimPrefix(err.Error(), "clerk: "))
		}
		return nil
	})
}

// InstanceType returns the type of the instance that the client's secret key
// belongs to. It is empty when the key does not show it, as with a machine's key.
func (c *Client) InstanceType() InstanceType {
	if c == nil || c.s == nil {
		return ""
	}
	return instanceType(c.s().key)
}

// CloseIdleConnections closes the connections that no call uses at the moment. The client
// stays usable. A transport of [WithTransport] or [WithHTTPClient] closes its own, if it
// has a method of that name.
func (c *Client) CloseIdleConnections() {
	if c != nil && c.s != nil {
		c.s().wire.CloseIdleConnections()
	}
}

// String returns a description of the client without its key.
func (c Client) String() string {
	if c.s == nil {
		return "clerk.Client()"
	}
	where := c.s().base.Scheme + "://" + c.s().base.Host + c.s().root.text
	if t := instanceType(c.s().key); t != "" {
		where += ", " + string(t)
	}
	return "clerk.Client(" + where + ")"
}

// GoString returns the same as String.
func (c Client) GoString() string { return c.String() }

// Format implements fmt.Formatter. It writes String for every verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue implements slog.LogValuer. It returns String.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
