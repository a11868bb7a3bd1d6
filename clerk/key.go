package clerk

import (
	"errors"
	"net/netip"
	"strings"
)

// InstanceType is the type of a Clerk instance: development or production.
type InstanceType string

// The instance types. Secret keys start with sk_test_ for development and sk_live_
// for production.
const (
	Development InstanceType = "development"
	Production  InstanceType = "production"
)

var errPlainHTTP = errors.New("not a development key: it is only sent over https, or to a loopback address")

// checkKey returns an error when key cannot be a secret key. It does not require a
// known prefix, because Clerk has added kinds of keys before.
func checkKey(key string) error {
	if key == "" {
		return errors.New("empty")
	}
	if strings.HasPrefix(key, "pk_") {
		return errors.New("this is a publishable key; the secret key starts with sk_")
	}
	if first := key[0] | 0x20; first < 'a' || first > 'z' {
		return errors.New("does not begin with a letter: quotes around a key are not part of it")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return errors.New("contains whitespace, a control character or a character outside ASCII")
		}
	}
	return nil
}

// instanceType returns the type that the prefix of key says, or "".
func instanceType(key string) InstanceType {
	// Keys from before the sk_ prefix existed start with the type itself.
	rest := strings.TrimPrefix(key, "sk_")
	switch {
	case strings.HasPrefix(rest, "test_"):
		return Development
	case strings.HasPrefix(rest, "live_"):
		return Production
	}
	return ""
}

// bearer returns the Authorization header for key.
func bearer(key string) []string { return []string{"Bearer " + key} }

// allows returns an error when key must not be sent to the client's base URL.
func (s *settings) allows(key string) error {
	if s.base.Scheme == "https" || instanceType(key) == Development || isLoopback(s.base.Hostname()) {
		return nil
	}
	return errPlainHTTP
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
