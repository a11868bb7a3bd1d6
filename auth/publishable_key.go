package auth

import (
	"crypto/sha1"
	"encoding/base64"

	"github.com/backend-sdk/clerk-go/auth/internal/publishable"
	"github.com/backend-sdk/clerk-go/clerk"
)

// publishableKey is what a publishable key says: which instance it belongs to, and where
// that instance's frontend API is.
type publishableKey struct {
	raw          string
	instanceType clerk.InstanceType
	frontendAPI  string // the host, without a scheme
	suffix       string // appended to the names of the instance's cookies
}

// parsePublishableKey reads a publishable key. Its errors get their prefix from the option.
func parsePublishableKey(s string) (publishableKey, error) {
	key, err := publishable.Parse(s)
	if err != nil {
		return publishableKey{}, err
	}
	return publishableKey{raw: s, instanceType: key.InstanceType, frontendAPI: key.FrontendAPI, suffix: cookieSuffix(s)}, nil
}

// cookieSuffix separates the cookies of several instances on one domain. It is computed
// from the key as configured, padding included.
func cookieSuffix(key string) string {
	sum := sha1.Sum([]byte(key))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
}
