package weburl

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies finds out under which public origin and URL a request was sent. Requests that come
// from this machine, a private network or a trusted proxy are believed about their origin;
// the zero value trusts no other peers.
type Proxies struct {
	Public  Origin         // if not zero, the origin of every request
	Trusted []netip.Prefix // of further peers whose X-Forwarded-Host and -Proto count
}

// RequestOrigin returns the origin under which the client reached the service. It is made
// from a scheme and a host alone, so that neither a path nor a forwarded header can put
// another host into it. Its host is empty if that of the request is not valid in a URL; such
// an origin never equals that of a valid URL.
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

// RequestURL returns the URL under which the client reached the service. ok is false if the
// request has no valid host or its target is longer than [MaxTarget].
func (p *Proxies) RequestURL(r *http.Request) (u URL, ok bool) {
	o := p.RequestOrigin(r)
	target, ok := requestTarget(r)
	if !ok {
		return newURL(o, "/"), false
	}
	return newURL(o, target), o.Host != ""
}

// trusts reports whether the peer at that address is believed about the public origin.
func (p *Proxies) trusts(remoteAddr string) bool {
	peer, err := netip.ParseAddrPort(remoteAddr)
	return err == nil && p.trustsAddress(peer.Addr().Unmap().WithZone(""))
}

func (p *Proxies) trustsAddress(ip netip.Addr) bool {
	return ip.IsLoopback() || ip.IsPrivate() ||
		slices.ContainsFunc(p.Trusted, func(prefix netip.Prefix) bool { return prefix.Contains(ip) })
}

// firstForwarded returns the first entry of a forwarded header, if the request has one.
func firstForwarded(h http.Header, name string) (value string, found bool) {
	values := h[name]
	if len(values) == 0 {
		return "", false
	}
	value, _, _ = strings.Cut(values[0], ",")
	return strings.Trim(value, " \t"), true
}

// Ignored returns the peer and the forwarded headers of a request that are ignored because
// the peer is not trusted, and no names if none is.
func (p *Proxies) Ignored(r *http.Request) (peer string, names []string) {
	if p.Public != (Origin{}) {
		return "", nil
	}
	for _, name := range [...]string{"X-Forwarded-Host", "X-Forwarded-Proto", "Cloudfront-Forwarded-Proto"} {
		if len(r.Header[name]) > 0 {
			names = append(names, name)
		}
	}
	if names == nil || p.trusts(r.RemoteAddr) {
		return "", nil
	}
	return r.RemoteAddr, names
}

// ParseTrusted parses addresses and CIDR ranges for the field Trusted of [Proxies].
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
		if prefix.Addr().Is4In6() {
			// Peers are compared by their IPv4 address.
			if prefix.Bits() < mappedBits {
				return nil, fmt.Errorf("trusted proxy %q has more than IPv4 addresses: write ::/0 or an IPv4 range", text)
			}
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mappedBits)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

// mappedBits are the bits in front of an IPv4 address that is written as an IPv6 address.
const mappedBits = 96
