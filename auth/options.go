package auth

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// Option sets one property of an [Authenticator]. An option validates its value
// at once; of two that set the same property the last wins.
type Option func(*config) error

// config is what New collects before it checks the properties against each other.
type config struct {
	browserConfig

	jwtKey          *rsa.PublicKey
	noCookies       bool
	parties         []string
	audience        []string
	requireAudience bool
	issuer          string
	skew            time.Duration
	now             func() time.Time
	templates       bool
	maxStaleKeys    time.Duration
	logger          *slog.Logger

	accepted        tokenTypes
	machineKey      *string // nil: none
	machineAudience []string
}

// WithPublishableKey names the instance whose cookies are read. Without it New
// wants [WithoutCookies].
func WithPublishableKey(key string) Option {
	return func(c *config) (err error) {
		c.publishable, err = parsePublishableKey(key)
		return err
	}
}

// WithJWTKey sets the instance's public key, so that tokens are verified without
// asking Clerk for its keys. It takes PEM, or the bare base64 of it on one line.
// Only RS256 tokens verify with it.
func WithJWTKey(key string) Option {
	return func(c *config) (err error) {
		c.jwtKey, err = parseJWTKey(key)
		return err
	}
}

// WithoutCookies reads tokens from the Authorization header alone, which suits a
// service that no browser page talks to with cookies.
func WithoutCookies() Option {
	return func(c *config) error {
		c.noCookies = true
		return nil
	}
}

// WithAuthorizedParties names the origins, such as https://app.example.com, that
// session tokens may be issued to (their azp claim). Once set, a token that
// names no party is refused too. Browsers share cookies between subdomains, so a
// service that reads cookies wants this.
func WithAuthorizedParties(parties ...string) Option {
	return func(c *config) error {
		if err := checkNames("authorized party", parties); err != nil {
			return err
		}
		c.parties = slices.Clone(parties)
		return nil
	}
}

// WithAudience names the audiences of which a token that has an aud claim must
// name one. A token without aud passes; see [WithRequiredAudience].
func WithAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("audience", audience); err != nil {
			return err
		}
		c.audience, c.requireAudience = slices.Clone(audience), false
		return nil
	}
}

// WithRequiredAudience is [WithAudience] that also refuses a token without aud.
// Clerk's session tokens have that claim only where the instance customizes them.
func WithRequiredAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("audience", audience); err != nil {
			return err
		}
		c.audience, c.requireAudience = slices.Clone(audience), true
		return nil
	}
}

// WithIssuer demands that the iss claim equals issuer exactly, which is the URL
// of the instance's frontend API, in session tokens and in the JWTs of machines.
// Without it the signing key alone binds a token to its instance.
func WithIssuer(issuer string) Option {
	return func(c *config) error {
		if issuer == "" {
			return errors.New("issuer is empty")
		}
		c.issuer = issuer
		return nil
	}
}

// WithClockSkew sets how far the clocks of Clerk and of this machine may be
// apart: 5 s when the option is not given, and exactly none for 0. A token is
// accepted that much longer than it lives, so more than seconds undoes what its
// short life is for.
func WithClockSkew(skew time.Duration) Option {
	return func(c *config) error {
		if skew < 0 {
			return fmt.Errorf("clock skew %v is negative", skew)
		}
		c.skew = skew
		return nil
	}
}

// WithClock replaces time.Now, for tests. It is called by many goroutines at once.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("clock is nil")
		}
		c.now = now
		return nil
	}
}

// WithTemplateTokens also accepts tokens made from a JWT template as sessions,
// when they come in the Authorization header. They carry the claims that the
// template gives them, so most checks of [Auth.Has] deny.
func WithTemplateTokens() Option {
	return func(c *config) error {
		c.templates = true
		return nil
	}
}

// WithMaxStaleKeys sets how old the keys may become that serve while the key
// endpoint is down: 24 h when the option is not given, and 0 for none. It is also
// how long someone who can block that endpoint can keep a withdrawn key in use.
func WithMaxStaleKeys(age time.Duration) Option {
	return func(c *config) error {
		if age < 0 {
			return fmt.Errorf("stale key age %v is negative", age)
		}
		c.maxStaleKeys = age
		return nil
	}
}

func checkNames(what string, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("no %s given", what)
	}
	if slices.Contains(names, "") {
		return fmt.Errorf("%s is empty", what)
	}
	return nil
}

// WithMachineSecretKey sets the secret key (ak_…) of the machine that this
// service is. Clerk is then asked about M2M tokens with it, and confirms only
// those that were made for this machine; with the instance's key it confirms all.
// An M2M token that is a JWT is verified without asking, whichever machine it was
// made for: [WithMachineAudience] or [Scope] tell those of other machines.
func WithMachineSecretKey(key string) Option {
	return func(c *config) error {
		switch {
		case !strings.HasPrefix(key, "ak_"):
			return errors.New("the secret key of a machine starts with ak_")
		case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
			return errors.New("the secret key of a machine holds whitespace or a character outside ASCII")
		}
		c.machineKey = &key
		return nil
	}
}

// WithMachineAudience names the audiences of which the JWT of a machine or an
// OAuth application must name one, where it has an aud claim at all. What
// [WithAudience] and [WithAuthorizedParties] say concerns session tokens alone.
func WithMachineAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("machine audience", audience); err != nil {
			return err
		}
		c.machineAudience = slices.Clone(audience)
		return nil
	}
}

// WithLogger tells about what an operator should look at: each kind of trouble
// once, as a warning, never with a token. Without it nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// WithAcceptedTokens names the types of tokens that may authenticate a request:
// [SessionToken] alone when the option is not given. Endpoints still take
// sessions only, unless they say otherwise by [Accepts]. Tokens of machines are
// read from the Authorization header, never from cookies; one of a type that is
// not accepted is not sent to Clerk. Where no sessions are accepted, neither a
// publishable key nor [WithoutCookies] is needed.
func WithAcceptedTokens(types ...TokenType) Option {
	return func(c *config) error {
		if len(types) == 0 {
			return fmt.Errorf("no token type given")
		}
		if i := slices.IndexFunc(types, func(t TokenType) bool { return t.bit() == 0 }); i >= 0 {
			return fmt.Errorf("there is no token type %q, only %q", types[i], allTokenTypes)
		}
		c.accepted = setOf(types...)
		return nil
	}
}

// browserConfig is what an [Authenticator] is told about the browsers that it
// serves: which instance their cookies are of, and which URLs they see.
type browserConfig struct {
	publishable publishableKey

	domain    string
	proxyURL  weburl.URL // zero where there is none, as are the next two
	signIn    weburl.URL
	signUp    weburl.URL
	satellite bool
	autoSync  bool // of a satellite

	proxies              weburl.Proxies
	redirectOrigins      []weburl.Origin // of satellites in development, beside this machine's
	organizations        organizationPatterns
	crossOrigin          *http.CrossOriginProtection // nil: none
	handshakeCookiesOnly bool
}
