package auth

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/environment"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// variable is an environment variable and the option that its value sets.
type variable struct {
	name   string
	option func(value string) (Option, error)
}

var variables = []variable{
	{"CLERK_PUBLISHABLE_KEY", oneValue(WithPublishableKey)},
	{"CLERK_JWT_KEY", oneValue(WithJWTKey)},
	{"CLERK_AUTHORIZED_PARTIES", commaList(WithAuthorizedParties)},
	{"CLERK_AUDIENCE", commaList(WithAudience)},
	{"CLERK_CLOCK_SKEW", duration(WithClockSkew)},
	{"CLERK_TOKEN_CACHE", byteCount(WithTokenCache)},
	{"CLERK_DOMAIN", oneValue(WithDomain)},
	{"CLERK_IS_SATELLITE", onOff(WithSatellite)},
	{"CLERK_PROXY_URL", oneValue(WithProxyURL)},
	{"CLERK_SIGN_IN_URL", oneValue(WithSignInURL)},
	{"CLERK_SIGN_UP_URL", oneValue(WithSignUpURL)},
	{"CLERK_ORGANIZATION_PATTERNS", commaList(WithOrganizationPatterns)},
	{"CLERK_PERSONAL_ACCOUNT_PATTERNS", commaList(WithPersonalAccountPatterns)},
	{"CLERK_REDIRECT_ORIGINS", commaList(WithRedirectOrigins)},
	{"CLERK_SATELLITE_AUTO_SYNC", onOff(WithSatelliteAutoSync)},
	{"CLERK_TRUSTED_PROXIES", commaList(WithTrustedProxies)},
	{"CLERK_PUBLIC_ORIGIN", oneValue(WithPublicOrigin)},
	{"CLERK_HANDSHAKE_COOKIES_ONLY", onOff(WithHandshakeCookiesOnly)},
	{"CLERK_SAME_ORIGIN_SESSIONS", onOff(WithSameOriginSessions)},
	{"CLERK_ACCEPTED_TOKENS", tokenTypeList(WithAcceptedTokens)},
	{"CLERK_MACHINE_SECRET_KEY", oneValue(WithMachineSecretKey)},
	{"CLERK_RESOURCE", withEnvScopes(WithResource)},
}

// FromEnv is [New] with options from the environment; opts take precedence. Lists are
// comma-separated, an empty variable counts as unset, and a switch is on for true or a
// positive number. The error for a malformed value names the variable. The variables
// and their options:
//
//	CLERK_PUBLISHABLE_KEY           WithPublishableKey
//	CLERK_JWT_KEY                   WithJWTKey
//	CLERK_AUTHORIZED_PARTIES        WithAuthorizedParties       a list
//	CLERK_AUDIENCE                  WithAudience                a list
//	CLERK_CLOCK_SKEW                WithClockSkew               such as 5s
//	CLERK_TOKEN_CACHE               WithTokenCache              a number of bytes
//	CLERK_DOMAIN                    WithDomain
//	CLERK_IS_SATELLITE              WithSatellite               a switch
//	CLERK_PROXY_URL                 WithProxyURL
//	CLERK_SIGN_IN_URL               WithSignInURL
//	CLERK_SIGN_UP_URL               WithSignUpURL
//	CLERK_ORGANIZATION_PATTERNS     WithOrganizationPatterns    a list
//	CLERK_PERSONAL_ACCOUNT_PATTERNS WithPersonalAccountPatterns a list
//	CLERK_REDIRECT_ORIGINS          WithRedirectOrigins         a list
//	CLERK_SATELLITE_AUTO_SYNC       WithSatelliteAutoSync       a switch
//	CLERK_TRUSTED_PROXIES           WithTrustedProxies          a list
//	CLERK_PUBLIC_ORIGIN             WithPublicOrigin
//	CLERK_HANDSHAKE_COOKIES_ONLY    WithHandshakeCookiesOnly    a switch
//	CLERK_SAME_ORIGIN_SESSIONS      WithSameOriginSessions      a switch
//	CLERK_ACCEPTED_TOKENS           WithAcceptedTokens          such as session_token,api_key, or any
//	CLERK_MACHINE_SECRET_KEY        WithMachineSecretKey
//	CLERK_RESOURCE                  WithResource                with the list CLERK_RESOURCE_SCOPES as AdvertisedScopes
//
// In a production deployment on Vercel (VERCEL_TARGET_ENV) under a .vercel.app name
// (VERCEL_PROJECT_PRODUCTION_URL), if the instance has neither a proxy nor a domain,
// the frontend API is assumed to be proxied under /__clerk, unless
// CLERK_DISABLE_AUTO_PROXY is on.
func FromEnv(client *clerk.Client, opts ...Option) (*Authenticator, error) {
	return New(client, slices.Concat(environmentOptions(), opts, []Option{vercelProxy})...)
}

// environmentOptions returns the options of the variables that are set.
func environmentOptions() (all []Option) {
	for _, v := range variables {
		if value := strings.TrimSpace(os.Getenv(v.name)); value != "" {
			all = append(all, v.read(value))
		}
	}
	return all
}

func init() { environment.Read = readEnvironment }

func readEnvironment() (found environment.Settings, malformed []error) {
	c := newConfig()
	for _, opt := range append(environmentOptions(), vercelProxy) {
		if err := opt(&c); err != nil {
			malformed = append(malformed, err)
		}
	}
	found = environment.Settings{
		InstanceType: c.publishable.instanceType, FrontendAPI: c.publishable.frontendAPI,
		JWTKey: c.jwtKey, Parties: c.parties, Domain: c.domain, Satellite: c.satellite, ClockSkew: c.skew,
	}
	if c.publishable.raw != "" {
		found.FrontendURL = newFrontend(c.issuerHost(), c.proxyURL, c.publishable.instanceType).address
	}
	if c.proxies.Public != (weburl.Origin{}) {
		found.PublicOrigin = c.proxies.Public.String()
	}
	for _, t := range allTokenTypes {
		if c.accepted.has(t) {
			found.AcceptedTokens = append(found.AcceptedTokens, string(t))
		}
	}
	return found, malformed
}

// vercelProxy is an option that is applied after all others. Vercel's own domains
// cannot have the DNS records that a frontend API needs.
func vercelProxy(c *config) error {
	if c.publishable.instanceType != clerk.Production || c.proxyURL.Path != "" || c.domain != "" ||
		isOn(os.Getenv("CLERK_DISABLE_AUTO_PROXY")) || os.Getenv("VERCEL_TARGET_ENV") != "production" {
		return nil
	}
	name := os.Getenv("VERCEL_PROJECT_PRODUCTION_URL")
	if !strings.Contains(name, "://") {
		name = "https://" + name
	}
	deployment, err := url.Parse(name)
	if err != nil || !strings.HasSuffix(deployment.Hostname(), ".vercel.app") {
		return nil
	}
	return WithProxyURL("/__clerk")(c)
}

// read defers the error of a malformed value to New, so that options fail in one place.
func (v variable) read(value string) Option {
	return func(c *config) error {
		option, err := v.option(value)
		if err == nil {
			err = option(c)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		return nil
	}
}

func oneValue(option func(string) Option) func(string) (Option, error) {
	return func(value string) (Option, error) { return option(value), nil }
}

func commaList(option func(...string) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		entries := strings.Split(value, ",")
		for i, entry := range entries {
			entries[i] = strings.TrimSpace(entry)
		}
		return option(entries...), nil
	}
}

// tokenTypeList takes any for all types, as Clerk's other SDKs do.
func tokenTypeList(option func(...TokenType) Option) func(string) (Option, error) {
	return commaList(func(names ...string) Option {
		if len(names) == 1 && names[0] == "any" {
			return option(allTokenTypes[:]...)
		}
		types := make([]TokenType, len(names))
		for i, name := range names {
			types[i] = TokenType(name)
		}
		return option(types...)
	})
}

func onOff(option func(bool) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		return option(isOn(value)), nil
	}
}

func isOn(value string) bool {
	return strings.EqualFold(value, "true") || leadingInteger(value) > 0
}

func duration(option func(time.Duration) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		d, err := time.ParseDuration(value)
		if err != nil {
			return nil, errors.New("not a duration such as 5s")
		}
		return option(d), nil
	}
}

func byteCount(option func(int) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		n, err := strconv.Atoi(value)
		if err != nil {
			return nil, errors.New("not a number of bytes such as 16777216")
		}
		return option(n), nil
	}
}
