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

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/auth/internal/tokencache"
)

// Option sets one property of an [Authenticator]. An option validates its value at
// once. If two options set the same property, the last one counts.
type Option func(*config) error

// config collects the options before New checks them against each other.
type config struct {
	browserConfig

	jwtKey          *rsa.PublicKey
	noCookies       bool
	parties         []string
	allowParty      func(party string) bool // beside parties; nil: none
	audience        []string
	requireAudience bool
	issuer          string
	skew            time.Duration
	now             func() time.Time
	templates       bool
	maxStaleKeys    time.Duration
	draw            func(upTo time.Duration) time.Duration // of key sets; nil: at random
	tokenCache      int                                    // bytes; 0 is off
	logger          *slog.Logger
	refusal         func(http.ResponseWriter, *http.Request, *Refusal) // nil: the default response

	accepted        tokenTypes
	machineKey      *string // nil: none
	machineAudience []string
	resource        *resource // nil: none
}

func newConfig() config {
	return config{skew: defaultClockSkew, now: time.Now, maxStaleKeys: defaultMaxStale, tokenCache: defaultTokenCache, accepted: sessionTokens}
}

// WithPublishableKey names the instance whose cookies are read. Without it New requires
// [WithoutCookies].
func WithPublishableKey(key string) Option {
	return func(c *config) (err error) {
		c.publishable, err = parsePublishableKey(key)
		return err
	}
}

// WithJWTKey sets the instance's public key, so that tokens are verified without
// fetching Clerk's keys. It takes PEM, or only its base64 on one line. Only RS256
// tokens verify with it.
func WithJWTKey(key string) Option {
	return func(c *config) (err error) {
		c.jwtKey, err = keyset.ParsePEM(key)
		return err
	}
}

// WithoutCookies reads tokens from the Authorization header alone. It suits a service
// that browsers do not call with cookies.
func WithoutCookies() Option {
	return func(c *config) error {
		c.noCookies = true
		return nil
	}
}

// WithAuthorizedParties names the origins, such as https://app.example.com, that
// session tokens may be issued to (their azp claim). Once set, a token that
// names no party is refused too. Browsers share cookies between subdomains, so a
// service that reads cookies should set this.
func WithAuthorizedParties(parties ...string) Option {
	return func(c *config) error {
		if err := checkNames("authorized party", parties); err != nil {
			return err
		}
		for _, party := range parties {
			if err := checkParty(party); err != nil {
				return err
			}
		}
		c.parties = slices.Clone(parties)
		return nil
	}
}

// WithAuthorizedPartyFunc authorizes parties by a function, for services whose origins
// are not a fixed list, such as those of customers or of previews. It is asked about each
// party that [WithAuthorizedParties] does not name, at every request, and must be safe for
// concurrent use. A token that names no party is refused, as with WithAuthorizedParties.
//
// Compare the scheme and the whole host: a suffix such as .vercel.app is one that everybody
// can have a name under.
//
//	auth.WithAuthorizedPartyFunc(func(party string) bool {
//		customer, found := strings.CutPrefix(party, "https://")
//		return found && customers.Has(customer)
//	})
func WithAuthorizedPartyFunc(allow func(party string) bool) Option {
	return func(c *config) error {
		if allow == nil {
			return errors.New("the function for authorized parties is nil")
		}
		c.allowParty = allow
		return nil
	}
}

// WithAudience names the allowed audiences of tokens that have an aud claim. A token
// without aud passes; see [WithRequiredAudience].
func WithAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("audience", audience); err != nil {
			return err
		}
		c.audience, c.requireAudience = slices.Clone(audience), false
		return nil
	}
}

// WithRequiredAudience is [WithAudience], but also refuses a token without aud. Clerk's
// session tokens have that claim only if the instance customizes them.
func WithRequiredAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("audience", audience); err != nil {
			return err
		}
		c.audience, c.requireAudience = slices.Clone(audience), true
		return nil
	}
}

// WithIssuer requires that the iss claim of session tokens and machine JWTs equals
// issuer, which is the URL of the instance's frontend API. Without it the signing key
// alone binds a token to its instance.
func WithIssuer(issuer string) Option {
	return func(c *config) error {
		if err := checkIssuer(issuer); err != nil {
			return err
		}
		c.issuer = issuer
		return nil
	}
}

// WithClockSkew sets the tolerated difference between the clocks of Clerk and of this
// machine: 5 s by default, none for 0, and 10 minutes at most. A token is accepted that
// much longer than it lives, so more than a few seconds defeats its short lifetime.
func WithClockSkew(skew time.Duration) Option {
	return func(c *config) error {
		if skew < 0 || skew > maxClockSkew {
			return fmt.Errorf("clock skew %v is not between 0 and %v", skew, maxClockSkew)
		}
		c.skew = skew
		return nil
	}
}

// WithClock replaces time.Now, for tests. It must be safe for concurrent use.
func WithClock(now func() time.Time) Option {
	return func(c *config) error {
		if now == nil {
			return errors.New("clock is nil")
		}
		c.now = now
		return nil
	}
}

// WithTemplateTokens also accepts tokens made from a JWT template as sessions if they
// come in the Authorization header. They have only the claims of the template, so most
// checks of [Auth.Has] deny.
func WithTemplateTokens() Option {
	return func(c *config) error {
		c.templates = true
		return nil
	}
}

// WithMaxStaleKeys sets the maximum age of keys that are used while the key endpoint is
// down: 24 h by default, and none for 0. An attacker who can block that endpoint can
// keep a withdrawn key in use for as long.
func WithMaxStaleKeys(age time.Duration) Option {
	return func(c *config) error {
		if age < 0 {
			return fmt.Errorf("stale key age %v is negative", age)
		}
		c.maxStaleKeys = age
		return nil
	}
}

// WithTokenCache sets the size of the cache of verified tokens in bytes: 16 MiB by
// default, about 5,600 tokens of 1,200 bytes, and 0 switches it off. A token that is in it is
// checked like any other, except that its signature is not computed again. A token that
// expired, or whose key is withdrawn or too old, is refused. The cache keeps tokens in
// memory until then.
func WithTokenCache(bytes int) Option {
	return func(c *config) error {
		if bytes != 0 && (bytes < tokencache.MinSize || bytes > maxTokenCache) {
			return fmt.Errorf("a token cache of %d bytes: want 0, or %d to %d", bytes, tokencache.MinSize, maxTokenCache)
		}
		c.tokenCache = bytes
		return nil
	}
}

// WithMachineSecretKey sets the secret key (ak_…) of the machine that this service is.
// M2M tokens are then verified with it, and Clerk confirms only those made for this
// machine; with the instance's key it confirms all of them. An M2M token that is a JWT
// is verified without Clerk, whichever machine it was made for: use
// [WithMachineAudience] or [Scope] to refuse those of other machines.
func WithMachineSecretKey(key string) Option {
	return func(c *config) error {
		switch {
		case !strings.HasPrefix(key, "ak_"):
			return errors.New("the secret key of a machine starts with ak_")
		case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
			return errors.New("the secret key of a machine contains whitespace or a character outside ASCII")
		}
		c.machineKey = &key
		return nil
	}
}

// WithMachineAudience names the allowed audiences of OAuth tokens, opaque or JWT, and of
// M2M tokens that are JWTs: a token must have an aud claim, and name one of them. In an
// OAuth token they are URLs, in an M2M token machines; a service that accepts both lists
// both. API keys and opaque M2M tokens have no audience: [WithMachineSecretKey] binds the
// latter. [WithAudience] and [WithAuthorizedParties] apply to session tokens alone.
func WithMachineAudience(audience ...string) Option {
	return func(c *config) error {
		if err := checkNames("machine audience", audience); err != nil {
			return err
		}
		c.machineAudience = slices.Clone(audience)
		return nil
	}
}

// WithLogger logs operational problems as warnings, each kind once, and
// outages of Clerk when they begin and when they are over. A refused secret key is an
// error. At level debug every refusal is a record with its reason. No record shows a token
// or a key. Without WithLogger nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// WithRefusal replaces the responses of [Authenticator.Require] to callers who may not
// pass, the 500 of a misconfiguration, and the refusals of [Authenticator.RedirectToSignIn].
// In respond, [FromContext] returns the caller whom Require refuses. The fields
// WWW-Authenticate, Retry-After, Cache-Control, Vary and x-clerk-auth-… are set before,
// and respond may change them. A body without a status gets that of the refusal, and if
// respond writes nothing, the default response follows: [Refusal.ServeHTTP]. Redirects to
// the frontend API are not refusals.
func WithRefusal(respond func(http.ResponseWriter, *http.Request, *Refusal)) Option {
	return func(c *config) error {
		if respond == nil {
			return errors.New("the function for refusals is nil")
		}
		c.refusal = respond
		return nil
	}
}

// WithAcceptedTokens names the types of tokens that may authenticate a request:
// [SessionToken] alone by default. Endpoints still accept sessions only, unless they
// use [Accepts]. Machine tokens are read from the Authorization header, never from
// cookies, and a token of a type that is not accepted is not sent to Clerk. If sessions
// are not accepted, neither a publishable key nor [WithoutCookies] is needed.
func WithAcceptedTokens(types ...TokenType) Option {
	return func(c *config) error {
		if len(types) == 0 {
			return fmt.Errorf("no token type given")
		}
		if i := slices.IndexFunc(types, func(t TokenType) bool { return t.bit() == 0 }); i >= 0 {
			return fmt.Errorf("unknown token type %q, want one of %q", types[i], allTokenTypes)
		}
		c.accepted = setOf(types...)
		return nil
	}
}
