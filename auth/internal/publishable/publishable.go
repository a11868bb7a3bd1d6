// Package publishable reads publishable keys, which say where an instance's frontend API is.
package publishable

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// Key is what a publishable key says.
type Key struct {
	InstanceType clerk.InstanceType
	FrontendAPI  string // the host, without a scheme
}

// Parse reads a key such as pk_test_Y2xlcmsuZXhhbXBsZS5jb20k: a prefix, and in base64 a host
// followed by a dollar sign. Its errors do not show the key.
func Parse(s string) (Key, error) {
	if s == "" {
		return Key{}, errors.New("the publishable key is empty")
	}
	var instance clerk.InstanceType
	encoded, ok := strings.CutPrefix(s, "pk_test_")
	if ok {
		instance = clerk.Development
	} else if encoded, ok = strings.CutPrefix(s, "pk_live_"); ok {
		instance = clerk.Production
	}
	if !ok || encoded == "" || strings.Contains(encoded, "_") {
		return Key{}, errors.New("the publishable key does not have the form pk_test_… or pk_live_…")
	}
	decoded, ok := forgivingBase64(encoded)
	if !ok {
		return Key{}, errors.New("the publishable key is not base64 after its prefix")
	}
	host, ok := strings.CutSuffix(decoded, "$")
	if !ok || strings.Contains(host, "$") || !strings.Contains(host, ".") {
		return Key{}, errors.New("the publishable key does not contain the host of a frontend API")
	}
	if _, err := weburl.NewOrigin("https", host); err != nil {
		return Key{}, fmt.Errorf("the publishable key does not contain the host of a frontend API: %w", err)
	}
	return Key{InstanceType: instance, FrontendAPI: host}, nil
}

// forgivingBase64 decodes as browsers do (WHATWG Infra, forgiving-base64 decode):
// blanks are ignored, padding may be absent but not wrong, and spare bits may be set.
func forgivingBase64(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune("\t\n\f\r ", r) {
			return -1
		}
		return r
	}, s)
	if len(s)%4 == 0 {
		s = strings.TrimSuffix(strings.TrimSuffix(s, "="), "=")
	}
	decoded, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return "", false
	}
	// Browsers encode one character as one byte.
	text := make([]rune, len(decoded))
	for i, b := range decoded {
		text[i] = rune(b)
	}
	return string(text), true
}
