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

// Client holds a secret key and the way to the Backend API. It is made by New
// or FromEnv, never changes afterwards, is safe for concurrent use, and prints
// without its key in every format. Programs keep one for as long as they run.
type Client struct {
	// A function, because fmt follows fields and pointers in a struct that holds
	// a Client, past its methods, and prints only the address of a function.
	s func() *settings
}

type settings struct {
	key     string
	base    url.URL // scheme and host
	path    prefix  // the base URL's path
	version string  // the path segment after it
	http    http.Client
	log     *slog.Logger
	limits  wire.Limits

	root          prefix // path and version
	wire          *wire.Client
	authorization []string
	userAgent     []string
}

// New returns a client that authenticates with secretKey, which may be the
// secret key of an instance or of a machine. It fails when the key or an option
// cannot be used, and when a key that is not known to be a development key
// would travel over plain http to another computer.
func New(secretKey string, opts ...Option) (*Client, error) {
	return newClient("secret key", secretKey, opts)
}

func newClient(name, secretKey string, opts []Option) (*Client, error) {
	if err := checkKey(secretKey); err != nil {
		return nil, fmt.Errorf("clerk: %s: %w", name, err)
	}
	s := &settings{key: secretKey, limits: wire.Limits{
		Attempt:    10 * time.Second,
		Call:       30 * time.Second,
		RetryAfter: 15 * time.Second,
		Retries:    2,
		Success:    32 << 20,
		Failure:    64 << 10,
	}}
	c := &Client{func() *settings { return s }}
	defaults := []Option{WithBaseURL(defaultBaseURL), WithAPIVersion(defaultVersion)}
	for _, opt := range append(defaults, opts...) {
		if opt == nil {
			return nil, errors.New("clerk: nil option")
		}
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	if err := s.allows(secretKey); err != nil {
		return nil, fmt.Errorf("clerk: %s: %w", name, err)
	}
	s.root = s.path.join(s.version)
	s.wire = wire.NewClient(s.http, s.log)
	s.authorization = bearer(secretKey)
	s.userAgent = []string{userAgent()}
	return c, nil
}

// FromEnv returns a client for the secret key in CLERK_SECRET_KEY. It also
// reads CLERK_API_URL (https://api.clerk.com when unset) and CLERK_API_VERSION
// (the path segment, v1 when unset); options win over both. The error names the
// variable that is missing or malformed, never a key.
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

// named makes an option speak of the variable that it comes from.
func named(variable string, opt Option) Option {
	return func(c *Client) error {
		if err := opt(c); err != nil {
			return fmt.Errorf("clerk: %s: %s", variable, strings.TrimPrefix(err.Error(), "clerk: "))
		}
		return nil
	}
}

// InstanceType tells which instance the client's secret key belongs to. It is
// empty when the key does not tell, as a machine's does not.
func (c *Client) InstanceType() InstanceType {
	if c == nil || c.s == nil {
		return ""
	}
	return instanceType(c.s().key)
}

// String describes the client without its key.
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

// GoString is String.
func (c Client) GoString() string { return c.String() }

// Format prints String for every verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue is String.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }
