package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/tokencache"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// defaultClockSkew is the tolerated difference of clocks without WithClockSkew.
const defaultClockSkew = 5 * time.Second

// Authenticator authenticates requests. Of a request it remembers only for ten seconds
// that Clerk refused its machine token or nonce. It is safe for concurrent use; create
// one and share it. Its zero value fails every request with
// [ErrConfiguration].
type Authenticator struct {
	browserConfig

	client   *clerk.Client // nil: Clerk cannot be called
	accepted tokenTypes
	keys     *fetchedKeys // nil with a JWT key
	tokens   *verifier    // of sessions
	resource *resource    // nil: none
	machines *machineVerifier

	cookies    bool                                               // whether cookies are read
	refusal    func(http.ResponseWriter, *http.Request, *Refusal) // nil: the default response
	issuerHost string                                             // the host of iss in tokens of this instance
	frontend   frontend
	refreshes  *clerkCalls[refreshAnswer]
	nonces     *clerkCalls[handshakePayload]
	templates  *templateTokens
	warnings   *warnings // nil: silent
}

// New returns an Authenticator for the instance of client, which fetches the signing
// keys, and tokens and users on request. The client may be nil with [WithJWTKey]; what
// needs a client then returns [ErrNoClient]. [WithPublishableKey] or [WithoutCookies]
// is required, unless session tokens are not accepted. Two keys of instances of
// different types are refused. Errors wrap [ErrConfiguration].
func New(client *clerk.Client, opts ...Option) (*Authenticator, error) {
	c := newConfig()
	for _, opt := range opts {
		if opt == nil {
			return nil, misconfigured(errors.New("an option is nil"))
		}
		if err := opt(&c); err != nil {
			return nil, misconfigured(err)
		}
	}
	if err := c.validate(client); err != nil {
		return nil, misconfigured(err)
	}
	return c.authenticator(client), nil
}

// validate checks the options against each other, as far as is possible without a request.
func (c *config) validate(client *clerk.Client) error {
	instance := c.publishable.instanceType
	if client != nil && client.InstanceType() != "" {
		if instance != "" && instance != client.InstanceType() {
			return fmt.Errorf("the publishable key is of a %s instance and the secret key of a %s one", instance, client.InstanceType())
		}
		instance = client.InstanceType()
	}
	switch {
	case instance == clerk.Production && c.checkPlainHTTP() != nil:
		return c.checkPlainHTTP()
	case c.checkResource() != nil:
		return c.checkResource()
	case client == nil && c.jwtKey == nil:
		return errors.New("a client or WithJWTKey is needed to verify tokens")
	case client == nil && c.accepted.has(APIKey):
		return errors.New("API keys are verified with Clerk, which needs a client")
	case c.signInRedirect && (c.noCookies || !c.accepted.has(SessionToken)):
		return errors.New("WithSignInRedirect leads to a page that sets cookies, and none are read")
	case !c.accepted.has(SessionToken):
		return nil
	case c.publishable.raw == "" && !c.noCookies:
		return errors.New("cookies need a publishable key: set CLERK_PUBLISHABLE_KEY or WithPublishableKey, or use WithoutCookies")
	case !c.satellite:
		return nil
	case c.proxyURL.Path == "" && c.domain == "":
		return errors.New("a satellite needs WithDomain or WithProxyURL")
	case c.signIn.Path == "" && instance == clerk.Development:
		return errors.New("a satellite in development needs WithSignInURL")
	case c.signIn.Path != "" && c.signIn.Origin == (weburl.Origin{}):
		return errors.New("the sign-in URL of a satellite must be absolute")
	}
	return nil
}

// issuerHost returns the host of the frontend API, which a satellite domain has its own of.
func (c *config) issuerHost() string {
	if c.satellite && c.domain != "" && c.publishable.instanceType == clerk.Production {
		return "clerk." + c.domain
	}
	return c.publishable.frontendAPI
}

func (c *config) authenticator(client *clerk.Client) *Authenticator {
	a := &Authenticator{
		browserConfig: c.browserConfig, client: client, accepted: c.accepted,
		cookies:    !c.noCookies && c.accepted.has(SessionToken),
		refusal:    c.refusal,
		resource:   c.resource,
		issuerHost: c.issuerHost(),
		refreshes:  newClerkCalls[refreshAnswer](refreshCalls, refreshTimeout, c), nonces: newNonceCalls(c), warnings: newWarnings(c.logger),
		templates: newTemplateTokens(),
	}
	a.frontend = newFrontend(a.issuerHost, c.proxyURL, c.publishable.instanceType)
	known := new(knownTokens)
	if c.tokenCache > 0 {
		known.whole = tokencache.New[knownToken](c.tokenCache)
	}
	var keys keySource = localKey{public: c.jwtKey}
	if c.jwtKey == nil {
		a.keys = newFetchedKeys(client, c, known.forgetOthers)
		keys = a.keys
	}
	a.tokens = newVerifier(keys, c.now)
	a.tokens.known = known
	a.tokens.allowParty = c.allowParty
	a.tokens.parties, a.tokens.issuer, a.tokens.skew = c.parties, c.issuer, c.skew
	a.tokens.audience, a.tokens.requireAudience = c.audience, c.requireAudience
	a.tokens.allowTemplates, a.tokens.development = c.templates, isDevelopment(client, c.publishable)
	a.machines = newMachineVerifier(client, c, keys, known)
	if c.logger != nil {
		a.tokens.masks = &maskWarning{log: c.logger}
	}
	return a
}

// isDevelopment reports whether one of the two keys is of a development instance, which
// shows its developer more than strangers may see.
func isDevelopment(client *clerk.Client, key publishableKey) bool {
	return key.instanceType == clerk.Development || client != nil && client.InstanceType() == clerk.Development
}

// Warm fetches the signing keys, so that the first request need not wait for them. It
// does nothing with [WithJWTKey]. Its error matches [ErrKeysUnavailable],
// [ErrSecretKey] or the error of ctx. A service may start without Warm or despite its
// error: missing keys are fetched when a token needs them.
func (a *Authenticator) Warm(ctx context.Context) error {
	switch {
	case !a.ready():
		return ErrConfiguration
	case ctx == nil:
		return errNoContext
	case a.keys == nil:
		return nil
	}
	return a.keys.warm(ctx)
}

func (a *Authenticator) ready() bool {
	return a != nil && a.tokens != nil
}

// checkSatellite refuses a page of the sign-in URL's origin that calls a satellite:
// satellite and primary would be the same application.
func (a *Authenticator) checkSatellite(r *http.Request) error {
	if !a.satellite || a.signIn.Path == "" || !a.accepted.has(SessionToken) {
		return nil
	}
	if r.Header.Get("Origin") == a.signIn.Origin.String() {
		return misconfigured(errors.New("the sign-in URL of a satellite has the satellite's own origin"))
	}
	return nil
}

// String names the instance, and nothing secret.
func (a *Authenticator) String() string {
	if !a.ready() {
		return "auth.Authenticator(unconfigured)"
	}
	return fmt.Sprintf("auth.Authenticator(instance=%q, type=%q)", a.issuerHost, a.publishable.instanceType)
}

// Format writes the result of String, whatever the verb, for values and pointers.
func (a Authenticator) Format(f fmt.State, _ rune) { io.WriteString(f, a.String()) }

// LogValue returns the result of String.
func (a *Authenticator) LogValue() slog.Value { return slog.StringValue(a.String()) }
