package clerktest

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// The default hosts of the frontend API have a label of the instance. They are in a
// reserved top-level domain, so that no request meant for an emulated instance reaches a
// stranger.
const (
	developmentFrontendAPI = "clerk-emulator-%s.clerk.accounts.test"
	productionFrontendAPI  = "clerk.emulator-%s.test"
)

// strangerKey signs tokens that no instance accepts.
var strangerKey = sync.OnceValue(signing.NewKey)

// encodePublishableKey returns the publishable key for a frontend API host.
func encodePublishableKey(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

var hostPattern = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$`)

// decodePublishableKey returns the frontend API host of a publishable key. The error
// completes a sentence about the key.
func decodePublishableKey(prefix, key string) (string, error) {
	encoded, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return "", errors.New("does not begin with " + prefix)
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return "", errors.New("is not base64 after its prefix")
	}
	host, ok := strings.CutSuffix(string(raw), "$")
	if !ok || !hostPattern.MatchString(host) {
		return "", errors.New("does not hold a host name and a final $")
	}
	return host, nil
}

// cookieSuffix returns the suffix of the names of an instance's own cookies.
func cookieSuffix(publishableKey string) string {
	sum := sha1.Sum([]byte(publishableKey))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
}

func (i *Instance) getJWKS(context.Context) (*api.JWKS, error) {
	encode := base64.RawURLEncoding.EncodeToString
	return &api.JWKS{Keys: []api.JWK{{
		Use: "sig", Kty: api.JWKTypeRSA, Kid: i.id, Alg: "RS256",
		N: new(encode(i.key.N.Bytes())),
		E: new(encode(big.NewInt(int64(i.key.E)).Bytes())),
	}}}, nil
}

// publishKeys serves the keys of getJWKS to everybody.
func (i *Instance) publishKeys(w http.ResponseWriter, r *http.Request) {
	keys, err := i.getJWKS(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, keys)
}

// keyShape describes the keys of development or of production instances.
type keyShape struct {
	secret, publishable string // prefixes
	frontendAPI         string // the default host, with %s for the label
}

// shapeOf returns the shape of an instance's keys. A production secret key contains
// the word emulated, so that no real key ends up in a seed.
func shapeOf(production bool) keyShape {
	if production {
		return keyShape{"sk_live_emulated_", "pk_live_", productionFrontendAPI}
	}
	return keyShape{"sk_test_", "pk_test_", developmentFrontendAPI}
}
