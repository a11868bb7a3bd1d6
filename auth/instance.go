package auth

import (
	"crypto/sha1"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/publishable"
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
