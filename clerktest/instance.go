// Package clerktest has two doubles of Clerk's Backend API, for tests and for trying
// things out without an account.
//
// [Handlers] has one function field per operation: a test sets those that it needs.
// [Instance] is an emulated instance of Clerk in memory, with keys, users, sessions and
// tokens: [New] starts one for a test, and the command clerktest/cmd/emulator starts
// one for a developer.
//
// The emulated instance signs real tokens with a real key, so nothing has to be
// switched off in the code under test. It checks every request against the description
// of the API and refuses what Clerk would refuse. An operation that it does not emulate
// responds with 501. Rules that depend on the settings of an instance, such as which
// identifiers a user must have, are not enforced. [Instance.Frontend] is the frontend
// API, as far as browsers need it to sign in and to return to a service that uses
// package auth.
package clerktest

import (
	"crypto/rsa"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Instance is an emulated Clerk instance. It is safe for concurrent use.
type Instance struct {
	t        testing.TB // nil outside of tests
	helper   func()     // t.Helper, so that a failure is reported at the line of the test
	now      func() time.Time
	handlers Handlers

	// These fields never change.
	id, secretKey, publishableKey, frontendAPI string
	key                                        *rsa.PrivateKey
	production, handshakeTokens                bool

	mu       sync.Mutex
	server   *http.Server
	url      string
	faults   []Fault
	requests []Request

	// A stored user, session or template never changes: it is replaced, so that a
	// response can be written while the next request is served.
	users     table[api.User]
	sessions  table[session]
	templates table[template]

	machines    table[machine]
	apiKeys     table[api.APIKey]
	m2mTokens   table[api.M2MToken]
	oauthTokens table[SeedOAuthToken]

	clients  table[frontendClient]
	payloads map[string]handshakePayload
}

// New starts an instance on the loopback interface and closes it when the test
// ends. Without [WithSeed] it has fresh keys and no users.
func New(t testing.TB, opts ...Option) *Instance {
	t.Helper()
	i, err := newInstance(opts)
	if err != nil {
		t.Fatal(err)
	}
	i.t, i.helper = t, t.Helper
	if err := i.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// NewInstance returns an instance from a seed, outside of a test. What the seed leaves
// out is generated; the zero Seed has fresh keys and no users. The instance serves HTTP
// itself, or [Instance.Start] starts a server for it.
func NewInstance(seed Seed, opts ...Option) (*Instance, error) {
	return newInstance(append([]Option{WithSeed(seed)}, opts...))
}

// Option configures an instance that is being created.
type Option func(*config)

type config struct {
	seed            Seed
	now             func() time.Time
	handshakeTokens bool
}

// WithSeed fills the instance from a seed.
func WithSeed(seed Seed) Option { return func(c *config) { c.seed = seed } }

// WithClock makes the instance read the time from now, which must be safe for
// concurrent use.
func WithClock(now func() time.Time) Option { return func(c *config) { c.now = now } }

// WithHandshakeTokens makes the frontend API respond to every handshake with a signed
// token. Otherwise it responds with a nonce if the request asks for one.
func WithHandshakeTokens() Option { return func(c *config) { c.handshakeTokens = true } }

func newInstance(opts []Option) (*Instance, error) {
	c := config{now: time.Now}
	for _, opt := range opts {
		opt(&c)
	}
	i := &Instance{helper: func() {}, now: c.now, handshakeTokens: c.handshakeTokens, payloads: map[string]handshakePayload{}}
	if err := i.load(c.seed); err != nil {
		return nil, err
	}
	i.handlers = i.emulatedHandlers()
	return i, nil
}

// Handlers returns the functions that implement the operations. Setting a field
// replaces the implementation of that operation, and nil makes it respond with 501; do
// so only while no request is in flight.
func (i *Instance) Handlers() *Handlers { return &i.handlers }

// URL returns the base URL of a started instance, without the API version.
func (i *Instance) URL() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.url
}

// ID returns the instance's ID, which is also the key ID of its tokens.
func (i *Instance) ID() string { return i.id }

// SecretKey returns the secret key of the Backend API.
func (i *Instance) SecretKey() string { return i.secretKey }

// PublishableKey returns the key that names the instance to frontends.
func (i *Instance) PublishableKey() string { return i.publishableKey }

// Issuer returns the iss claim of the instance's tokens. Its host does not exist,
// unless the seed names one that does.
func (i *Instance) Issuer() string { return "https://" + i.frontendAPI }

// JWTKey returns the public signing key in PEM, the form of CLERK_JWT_KEY.
func (i *Instance) JWTKey() string { return signing.PublicPEM(&i.key.PublicKey) }

// Env returns the environment variables that direct a service to a started instance, in
// the form of os.Environ.
func (i *Instance) Env() []string {
	return []string{
		"CLERK_SECRET_KEY=" + i.secretKey,
		"CLERK_PUBLISHABLE_KEY=" + i.publishableKey,
		"CLERK_API_URL=" + i.URL(),
	}
}

// Client returns a client of a started instance. An option that clerk.New refuses ends
// the test, or panics outside of one.
func (i *Instance) Client(opts ...clerk.Option) *clerk.Client {
	i.helper()
	client, err := clerk.New(i.secretKey, append([]clerk.Option{clerk.WithBaseURL(i.URL())}, opts...)...)
	if err != nil {
		i.fatal(err)
	}
	return client
}

// fatal ends the test, or panics outside of one.
func (i *Instance) fatal(err error) {
	i.helper()
	if i.t == nil {
		panic(err)
	}
	i.t.Fatal(err)
}
