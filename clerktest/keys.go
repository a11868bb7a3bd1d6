package clerktest

import (
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"math/big"
	"regexp"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// defaultFrontendAPI is under a top-level domain that no resolver knows, so that
// nothing meant for an emulated instance reaches a stranger.
const defaultFrontendAPI = "clerk-emulator-1.clerk.accounts.test"

// defaultProductionAPI replaces it for a production instance.
const defaultProductionAPI = "clerk.emulator.test"

// foreignKey signs tokens that no instance accepts.
var strangerKey = sync.OnceValue(signing.NewKey)

// publishableKey returns the key that names a frontend API host.
func encodePublishableKey(prefix, host string) string {
	return prefix + base64.RawStdEncoding.EncodeToString([]byte(host+"$"))
}

var hostPattern = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$`)

// frontendAPI returns the host that a publishable key names.
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

// cookieSuffix returns the end of the names of an instance's own cookies.
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

// keyShape distinguishes the keys of an instance from other keys.
type keyShape struct {
	secret, publishable string // how they begin
	frontendAPI         string // the host when none is given
}

// shapeOf returns the form of the keys. The secret key of a production instance says
// that it is emulated, so that no real one gets into a seed.
func shapeOf(production bool) keyShape {
	if production {
		return keyShape{"sk_live_emulated_", "pk_live_", defaultProductionAPI}
	}
	return keyShape{"sk_test_", "pk_test_", defaultFrontendAPI}
}
