package auth

import (
	"errors"
	"slices"
	"strings"
)

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
