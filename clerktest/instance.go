// Package clerktest provides two doubles of Clerk's Backend API, for tests and for
// trying out the SDK without a Clerk account.
//
// [Handlers] has one function field per operation, and a test sets the fields that
// it needs. [Instance] emulates a Clerk instance in memory, with keys, users,
// sessions and tokens. [New] starts an instance for a test, and the command
// clerktest/cmd/emulator starts one for local development.
//
// The emulated instance signs its tokens with its own key, so the code under test
// verifies them as it does in production. It answers every operation, keeps what they
// change, checks every request against the description of the API and refuses what Clerk
// would refuse. Nothing leaves it: no message is sent, no record looked up, nobody
// charged. [Instance.Frontend] serves as much of the frontend API as a browser needs to
// sign in and return to a service that uses package auth.
package clerktest

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Instance is an emulated Clerk instance. It is safe for concurrent use.
type Instance struct {
	t           testing.TB       // nil outside of tests
	helper      func()           // t.Helper, so that a failure is reported at the line in the test
	now         func() time.Time // that of clock
	clock       clock
	logger      *slog.Logger
	handlers    Handlers
	journal     *journal.Journal // nil unless the content is persisted
	unkept      sync.Once        // the log has the failure of the journal
	compactions sync.WaitGroup

	// These never change.
	id, secretKey, publishableKey, frontendAPI string
	key                                        *rsa.PrivateKey
	giveBackKey                                func() // for the next instance
	production, handshakeTokens, partyless     bool
	rateLimited, pages                         bool
	pinned                                     bool     // somebody wrote the keys down
	hosts                                      []string // beside those of the loopback interface
	first                                      Seed
	closing                                    chan struct{} // closed by Close
	closeOnce                                  sync.Once

	mu       sync.Mutex // of what follows; the tables have their own
	server   *http.Server
	url      string
	faults   []injected
	rate     rate
	requests []Request

	payloads map[string]handshakePayload

	tables
	deliveries deliveries
	rotations  rotations
}

// New starts an instance on the loopback interface for a test and closes it when the
// test ends. Without [WithSeed] the instance has fresh keys and no users.
func New(t testing.TB, opts ...Option) *Instance {
	t.Helper()
	i, err := newInstance(append([]Option{inTest(t), WithAddress("127.0.0.1:0")}, opts...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	return i
}

// NewInstance returns an instance for use outside of a test. It generates what the
// seed leaves out; with the zero Seed the instance has fresh keys and no users. The
// instance is an [http.Handler], and [Instance.Start] starts a server for it.
func NewInstance(seed Seed, opts ...Option) (*Instance, error) {
	return newInstance(append([]Option{WithSeed(seed)}, opts...))
}

// Option configures a new instance.
type Option func(*config)

type config struct {
	t               testing.TB // nil outside of tests
	seed            Seed
	now             func() time.Time
	handshakeTokens bool
	partyless       bool
	rateLimited     bool
	pages           bool
	addr            *string // nil if it is not served
	hosts           []string
	persist         string
	webhooks        []webhook
	logger          *slog.Logger
}

// inTest makes a failure of the instance one of the test.
func inTest(t testing.TB) Option { return func(c *config) { c.t = t } }

// WithSeed sets the initial content of the instance.
func WithSeed(seed Seed) Option { return func(c *config) { c.seed = seed } }

// WithClock sets the clock of the instance, [time.Now] by default. The function must
// be safe for concurrent use.
func WithClock(now func() time.Time) Option { return func(c *config) { c.now = now } }

// WithAddress starts the new instance on addr, as [Instance.Start] does later. The address
// is taken first, so one that is in use leaves the file of [WithPersistence] as it is.
func WithAddress(addr string) Option { return func(c *config) { c.addr = &addr } }

// WithHosts allows requests to a started instance with these host names, beside those of
// the loopback interface. A web page can make a name of its own lead to this computer, and
// then read what the server of that name responds.
func WithHosts(names ...string) Option {
	return func(c *config) { c.hosts = append(c.hosts, names...) }
}

// WithLogger sets the logger of the instance, which has none by default: a record for
// each request, without keys, tokens and bodies, and a warning for what an operator should
// know.
func WithLogger(logger *slog.Logger) Option { return func(c *config) { c.logger = logger } }

// WithHandshakeTokens makes the frontend API respond to every handshake with a signed
// token. By default it responds with a nonce if the request asks for one.
func WithHandshakeTokens() Option { return func(c *config) { c.handshakeTokens = true } }

// WithoutAuthorizedParties leaves the azp claim out of the session tokens of handshakes
// and refreshes, as Clerk does for some page loads.
func WithoutAuthorizedParties() Option { return func(c *config) { c.partyless = true } }

func newInstance(opts []Option) (*Instance, error) {
	c := config{now: time.Now, logger: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&c)
	}
	for _, hook := range c.webhooks {
		if err := hook.check(); err != nil {
			return nil, err
		}
	}
	if c.addr == nil {
		return c.open()
	}
	listener, err := listen(*c.addr)
	if err != nil {
		return nil, err
	}
	i, err := c.open()
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.serve(listener)
	return i, nil
}

// open returns an instance that is not served yet. It is the first to touch a file.
func (c *config) open() (*Instance, error) {
	i := &Instance{
		helper: func() {}, logger: c.logger, first: c.seed, hosts: c.hosts,
		handshakeTokens: c.handshakeTokens, partyless: c.partyless, rateLimited: c.rateLimited, pages: c.pages,
		giveBackKey: func() {}, closing: make(chan struct{}), payloads: map[string]handshakePayload{},
	}
	if c.t != nil {
		i.t, i.helper = c.t, c.t.Helper
	}
	i.clock.base = c.now
	i.now = i.clock.now
	i.addTables()
	if err := i.fill(c); err != nil {
		i.giveBackKey()
		return nil, err
	}
	if i.pinned {
		i.logger.Warn("the keys come from a seed or a flag, so whoever knows it can sign in as anybody: they are public and must protect nothing")
	}
	i.store.Watch(i.announce)
	for _, hook := range c.webhooks {
		if _, err := i.deliverTo(hook.to, hook.opts); err != nil {
			return nil, errors.Join(err, i.Close())
		}
	}
	i.rate.RateLimit = clerkLimit(i.production)
	i.handlers = i.emulatedHandlers()
	return i, nil
}

// fill loads the content of the file that persists it, or else of the seed.
func (i *Instance) fill(c *config) error {
	i.pinned = c.seed.SecretKey != "" || c.seed.SigningKey != ""
	if c.persist == "" {
		return i.load(c.seed)
	}
	found, err := i.restore(c.persist)
	switch {
	case err == nil && !found:
		err = i.load(c.seed)
	case err == nil:
		if err = i.checkKeys(c.seed); err != nil {
			err = fmt.Errorf("clerktest: %s: seed: %w", c.persist, err)
			break
		}
		i.logger.Info("the file has content already, which is used instead of the seed", "file", c.persist)
	}
	if err == nil {
		err = i.persist(found)
	}
	if err != nil && i.journal != nil {
		i.journal.Close()
	}
	return err
}

// Handlers returns the functions that serve the operations. A test can replace the
// function of an operation, or set it to nil, so that the operation responds with
// 501. Fields must not be set while a request is being served.
func (i *Instance) Handlers() *Handlers { return &i.handlers }

// URL returns the base URL of a started instance, without the API version. It is
// empty before Start.
func (i *Instance) URL() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.url
}

// ID returns the instance's ID, which is also the key ID of its tokens.
func (i *Instance) ID() string { return i.id }

// SecretKey returns the key that authenticates calls to the Backend API.
func (i *Instance) SecretKey() string { return i.secretKey }

// PublishableKey returns the key that identifies the instance to frontends.
func (i *Instance) PublishableKey() string { return i.publishableKey }

// Issuer returns the iss claim of the instance's tokens. Its host does not exist
// unless the seed names a host that does.
func (i *Instance) Issuer() string { return "https://" + i.frontendAPI }

// JWTKey returns the public key of the instance in PEM, in the form of
// CLERK_JWT_KEY.
func (i *Instance) JWTKey() string { return signing.PublicPEM(&i.key.PublicKey) }

// Env returns the environment variables that point a service at a started instance,
// in the form of [os.Environ].
func (i *Instance) Env() []string {
	own := i.URL()
	variables := []string{
		"CLERK_SECRET_KEY=" + i.secretKey,
		"CLERK_PUBLISHABLE_KEY=" + i.publishableKey,
		"CLERK_API_URL=" + own,
		"CLERK_WEBHOOK_SIGNING_SECRET=" + i.WebhookSecret(),
	}
	if i.pages {
		variables = append(variables,
			"CLERK_PROXY_URL="+own+frontendPath,
			"CLERK_SIGN_IN_URL="+own+frontendPath+"/sign-in",
			"CLERK_SIGN_UP_URL="+own+frontendPath+"/sign-up")
	}
	return variables
}

// Client returns a client for a started instance. If [clerk.New] refuses an option,
// Client fails the test, or panics outside of a test.
func (i *Instance) Client(opts ...clerk.Option) *clerk.Client {
	i.helper()
	client, err := clerk.New(i.secretKey, append([]clerk.Option{clerk.WithBaseURL(i.URL())}, opts...)...)
	if err != nil {
		i.fatal(err)
	}
	return client
}

// fatal fails the test, or panics outside of a test.
func (i *Instance) fatal(err error) {
	i.helper()
	if refused, ok := errors.AsType[*clerk.Error](err); ok {
		err = fmt.Errorf("%w: %s", err, reasonOf(refused))
	}
	if i.t == nil {
		panic(err)
	}
	i.t.Fatal(err)
}
