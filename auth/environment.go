package auth

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	clerk "github.com/backend-sdk/clerk-go"
)

// variable is one environment variable and the option that its value stands for.
type variable struct {
	name   string
	option func(value string) (Option, error)
}

var variables = []variable{
	{"CLERK_PUBLISHABLE_KEY", text(WithPublishableKey)},
	{"CLERK_JWT_KEY", text(WithJWTKey)},
	{"CLERK_AUTHORIZED_PARTIES", list(WithAuthorizedParties)},
	{"CLERK_AUDIENCE", list(WithAudience)},
	{"CLERK_CLOCK_SKEW", clockSkew},
	{"CLERK_DOMAIN", text(WithDomain)},
	{"CLERK_IS_SATELLITE", truth(WithSatellite)},
	{"CLERK_PROXY_URL", text(WithProxyURL)},
	{"CLERK_SIGN_IN_URL", text(WithSignInURL)},
	{"CLERK_SATELLITE_AUTO_SYNC", truth(WithSatelliteAutoSync)},
	{"CLERK_TRUSTED_PROXIES", list(WithTrustedProxies)},
	{"CLERK_PUBLIC_ORIGIN", text(WithPublicOrigin)},
}

// FromEnv is [New] with what the environment says; opts win over it. It reads
// CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY, CLERK_AUTHORIZED_PARTIES, CLERK_AUDIENCE,
// CLERK_CLOCK_SKEW (such as 5s), CLERK_DOMAIN, CLERK_IS_SATELLITE,
// CLERK_PROXY_URL, CLERK_SIGN_IN_URL, CLERK_SATELLITE_AUTO_SYNC,
// CLERK_TRUSTED_PROXIES and CLERK_PUBLIC_ORIGIN. Lists are comma-separated, an
// empty variable counts as unset, and a switch is on for true or a positive
// number. The error of a malformed value names the variable.
func FromEnv(client *clerk.Client, opts ...Option) (*Authenticator, error) {
	all := make([]Option, 0, len(variables)+len(opts))
	for _, v := range variables {
		value := strings.TrimSpace(os.Getenv(v.name))
		if value == "" {
			continue
		}
		all = append(all, v.read(value))
	}
	return New(client, append(all, opts...)...)
}

// read defers a malformed value to New, so that there is one place where options fail.
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

func text(option func(string) Option) func(string) (Option, error) {
	return func(value string) (Option, error) { return option(value), nil }
}

func list(option func(...string) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		entries := strings.Split(value, ",")
		for i, entry := range entries {
			entries[i] = strings.TrimSpace(entry)
		}
		return option(entries...), nil
	}
}

func truth(option func(bool) Option) func(string) (Option, error) {
	return func(value string) (Option, error) {
		return option(strings.EqualFold(value, "true") || leadingInteger(value) > 0), nil
	}
}

func clockSkew(value string) (Option, error) {
	skew, err := time.ParseDuration(value)
	if err != nil {
		return nil, errors.New("this is not a duration such as 5s")
	}
	return WithClockSkew(skew), nil
}
