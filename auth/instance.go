package auth

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
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

// parsePublishableKey reads a key such as pk_test_Y2xlcmsuZXhhbXBsZS5jb20k: a prefix,
// and in base64 a host followed by a dollar sign. Its errors get their prefix from the
// option.
func parsePublishableKey(s string) (publishableKey, error) {
	if s == "" {
		return publishableKey{}, errors.New("the publishable key is empty")
	}
	var instance clerk.InstanceType
	encoded, ok := strings.CutPrefix(s, "pk_test_")
	if ok {
		instance = clerk.Development
	} else if encoded, ok = strings.CutPrefix(s, "pk_live_"); ok {
		instance = clerk.Production
	}
	if !ok || encoded == "" || strings.Contains(encoded, "_") {
		return publishableKey{}, errors.New("the publishable key does not have the form pk_test_… or pk_live_…")
	}
	decoded, ok := forgivingBase64(encoded)
	if !ok {
		return publishableKey{}, errors.New("the publishable key is not base64 after its prefix")
	}
	host, ok := strings.CutSuffix(decoded, "$")
	if !ok || strings.Contains(host, "$") || !strings.Contains(host, ".") {
		return publishableKey{}, errors.New("the publishable key does not contain the host of a frontend API")
	}
	if _, err := weburl.NewOrigin("https", host); err != nil {
		return publishableKey{}, fmt.Errorf("the publishable key does not contain the host of a frontend API: %w", err)
	}
	return publishableKey{raw: s, instanceType: instance, frontendAPI: host, suffix: cookieSuffix(s)}, nil
}

// cookieSuffix separates the cookies of several instances on one domain. It is computed
// from the key as configured, padding included.
func cookieSuffix(key string) string {
	sum := sha1.Sum([]byte(key))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
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

var (
	legacyDevSuffixes = []string{".lcl.dev", ".lclstage.dev", ".lclclerk.com"}
	devSuffixes       = []string{".accounts.dev", ".accountsstage.dev", ".accounts.lclclerk.com"}
)

// frontend says where the browser side of the instance is.
type frontend struct {
	host         string // of the frontend API or its proxy; "" for a proxy on the request's own host
	address      string // its URL without a trailing slash; a path for a proxy on the request's own host
	accounts     string // origin of the account portal, or ""
	instanceType clerk.InstanceType
}

// newFrontend takes the frontend API of the publishable key or the satellite domain,
// and the proxy in front of it, if any. With a proxy the account portal cannot be
// derived.
func newFrontend(host string, proxy weburl.URL, instanceType clerk.InstanceType) frontend {
	f := frontend{host: host, address: "https://" + host, instanceType: instanceType}
	if proxy.Path != "" {
		f.host, f.address = proxy.Origin.Host, strings.TrimRight(proxy.Path, "/")
		if f.host != "" {
			f.address = proxy.Origin.String() + f.address
		}
		return f
	}
	f.accounts = accountPortal(host)
	return f
}

// accountPortal derives the origin of Clerk's hosted pages from the host of the
// frontend API.
func accountPortal(host string) string {
	portal := strings.Replace(host, "clerk.accountsstage.", "accountsstage.", 1)
	if before, after, found := strings.Cut(portal, "clerk."); found {
		portal = before + "accounts." + strings.TrimPrefix(after, "accounts.")
	}
	return "https://" + portal
}

// handshakeEndpoint returns the URL at which the frontend API handles handshakes.
func (f *frontend) handshakeEndpoint(own weburl.Origin) string {
	if f.host == "" {
		return own.String() + f.address + "/v1/client/handshake"
	}
	return f.address + "/v1/client/handshake"
}

// knows reports whether the page that led here belongs to Clerk: the frontend API, the
// account portal or, in development, a shared portal.
func (f *frontend) knows(referrer *url.URL, own weburl.Origin) bool {
	host := f.host
	if host == "" {
		host = own.Host
	}
	hostname := strings.ToLower(referrer.Hostname())
	if hostname != "" && strings.EqualFold(hostname, (&url.URL{Host: host}).Hostname()) {
		return true
	}
	if f.instanceType != clerk.Production && isDevPortal(hostname) {
		return true
	}
	o, err := weburl.NewOrigin(referrer.Scheme, referrer.Host)
	return err == nil && f.accounts != "" && o.String() == f.accounts
}

func isDevPortal(hostname string) bool {
	if strings.HasPrefix(hostname, "accounts.") && hasAnySuffix(hostname, legacyDevSuffixes) {
		return true
	}
	return slices.ContainsFunc(devSuffixes, func(suffix string) bool {
		return strings.HasSuffix(hostname, suffix) && !strings.HasSuffix(hostname, ".clerk"+suffix)
	})
}

func hasAnySuffix(text string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(text, suffix) })
}
