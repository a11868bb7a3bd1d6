package clerk

import (
	"errors"
	"net/netip"
	"strings"
)

// InstanceType is what a Clerk instance is for.
type InstanceType string

// The instance types. Their keys differ in the prefix: sk_test_ and sk_live_.
const (
	Development InstanceType = "development"
	Production  InstanceType = "production"
)

var errPlainHTTP = errors.New("not a development key, so it is not sent over plain http except to loopback")

// checkKey refuses what can never be a secret key. It does not demand a known
// prefix: Clerk has added kinds of keys before.
func checkKey(key string) error {
	if key == "" {
		return errors.New("empty")
	}
	if strings.HasPrefix(key, "pk_") {
		return errors.New("this is a publishable key; the secret key starts with sk_")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return errors.New("holds whitespace, a control character or one outside ASCII")
		}
	}
	return nil
}

func instanceType(key string) InstanceType {
	// Keys made before the sk_ prefix existed begin with the mode itself.
	mode := strings.TrimPrefix(key, "sk_")
	switch {
	case strings.HasPrefix(mode, "test_"):
		return Development
	case strings.HasPrefix(mode, "live_"):
		return Production
	}
	return ""
}

func bearer(key string) []string { return []string{"Bearer " + key} }

// allows reports an error when key must not be sent to the client's base URL.
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
