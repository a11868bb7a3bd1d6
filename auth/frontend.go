package auth

import (
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

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
