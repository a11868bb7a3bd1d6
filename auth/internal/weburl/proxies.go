package weburl

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies decides to which public origin a request was sent.
type Proxies struct {
	Public  Origin // overrides everything a request says, when set
	Trusted []netip.Prefix
}

// RequestOrigin is the origin that the caller of the public endpoint used. It is
// put together from scheme and host alone, so no path and no forwarded header can
// smuggle another host into it. Its host is empty when the request names none
// that could stand in a URL; such an origin equals no other.
func (p *Proxies) RequestOrigin(r *http.Request) Origin {
	if p.Public != (Origin{}) {
		return p.Public
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	direct, err := NewOrigin(scheme, r.Host)
	if err != nil {
		direct = Origin{Scheme: scheme}
	}
	if !p.trusts(r.RemoteAddr) {
		return direct
	}
	host, proto := r.Host, scheme
	if value, found := firstForwarded(r.Header, "X-Forwarded-Host"); found {
		host = value
	}
	if value, found := firstForwarded(r.Header, "X-Forwarded-Proto"); found {
		proto = value
	} else if value, found := firstForwarded(r.Header, "Cloudfront-Forwarded-Proto"); found {
		proto = value
	}
	forwarded, err := NewOrigin(proto, host)
	if err != nil {
		return direct
	}
	return forwarded
}

// MaxTarget bounds the path and query of a URL that a browser may be sent back to.
// Frontends take no longer ones, and spelling them anew, twice, would cost many
// times their length.
const MaxTarget = 32 << 10

// RequestURL is the URL that the caller used; ok is false where it cannot be told,
// or is longer than any to come back to.
func (p *Proxies) RequestURL(r *http.Request) (u URL, ok bool) {
	o, target := p.RequestOrigin(r), RequestTarget(r)
	if len(target) > MaxTarget {
		return newURL(o, "/"), false
	}
	return newURL(o, target), o.Host != ""
}

// trusts reports whether the peer may say what the public URL was: this
// machine, a private network, or a proxy that was named.
func (p *Proxies) trusts(remoteAddr string) bool {
	peer, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return false
	}
	ip := peer.Addr().Unmap().WithZone("")
	return ip.IsLoopback() || ip.IsPrivate() ||
		slices.ContainsFunc(p.Trusted, func(prefix netip.Prefix) bool { return prefix.Contains(ip) })
}

func firstForwarded(h http.Header, name string) (value string, found bool) {
	values := h[name]
	if len(values) == 0 {
		return "", false
	}
	value, _, _ = strings.Cut(values[0], ",")
	return value, true
}

// ParseTrusted takes addresses and CIDR ranges.
func ParseTrusted(list []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(list))
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, addressErr := netip.ParseAddr(text)
			if addressErr != nil || address.Zone() != "" {
				return nil, fmt.Errorf("trusted proxy %q is neither an address nor a range such as 10.0.0.0/8", text)
			}
			address = address.Unmap()
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}
