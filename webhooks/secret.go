package webhooks

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// secretPrefix is what Clerk's signing secrets start with.
const secretPrefix = "whsec_"

// minSecret is the number of bytes that the standard for these signatures demands at least.
const minSecret = 24

// otherKeys are the beginnings of keys that a signing secret is mistaken for.
var otherKeys = map[string]string{
	"sk_":   "a secret key of the Backend API",
	"pk_":   "a publishable key",
	"ak_":   "an API key",
	"whpk_": "a public key for asymmetric signatures",
	"whsk_": "a private key for asymmetric signatures",
}

// decodeSecret returns the key that secret encodes. Its errors show nothing of it.
func decodeSecret(secret string) ([]byte, error) {
	if secret == "" {
		return nil, errors.New("it is empty")
	}
	for prefix, kind := range otherKeys {
		if strings.HasPrefix(secret, prefix) {
			return nil, fmt.Errorf("it is %s (%s…): the endpoint's page in Clerk's dashboard has the signing secret", kind, prefix)
		}
	}
	encoded := strings.TrimPrefix(secret, secretPrefix)
	if strings.ContainsAny(encoded, " \t\r\n") {
		return nil, errors.New("it contains white space")
	}
	encoding := base64.StdEncoding
	if !strings.HasSuffix(encoded, "=") {
		encoding = base64.RawStdEncoding
	}
	key, err := encoding.Strict().DecodeString(encoded)
	if err != nil {
		return nil, errors.New("it is not standard base64")
	}
	if len(key) < minSecret {
		return nil, fmt.Errorf("it has %d bytes, and at least %d are needed", len(key), minSecret)
	}
	return key, nil
}
