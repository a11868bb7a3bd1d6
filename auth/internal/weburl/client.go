package weburl

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddress returns the address of the client that sent the request. A trusted peer is
// believed about it: by its header of that name, canonical or "" for none, if that holds a
// single address, and otherwise by the rightmost address of X-Forwarded-For that is not
// trusted itself, since clients choose what is left of it. Without either it is the peer's
// address, which is not valid if the peer has none.
func (p *Proxies) ClientAddress(r *http.Request, header string) netip.Addr {
	peer, _ := parseAddress(r.RemoteAddr)
	if !p.trustsAddress(peer) {
		return peer
	}
	if values := r.Header[header]; len(values) == 1 {
		if address, ok := parseAddress(values[0]); ok {
			return address
		}
	}
	if address, ok := p.rightmostStranger(r.Header["X-Forwarded-For"]); ok {
		return address
	}
	return peer
}

// rightmostStranger returns the last address in the lists that is not trusted, unless
// something that is not an address comes after it.
func (p *Proxies) rightmostStranger(lists []string) (netip.Addr, bool) {
	for i := len(lists) - 1; i >= 0; i-- {
		for rest, more := lists[i], true; more; {
			entry := rest
			comma := strings.LastIndexByte(rest, ',')
			if more = comma >= 0; more {
				rest, entry = rest[:comma], rest[comma+1:]
			}
			address, ok := parseAddress(entry)
			if !ok || !p.trustsAddress(address) {
				return address, ok
			}
		}
	}
	return netip.Addr{}, false
}

// parseAddress parses an address that may have a port, and then brackets if it is an IPv6
// one. Neither the port nor a zone is kept.
func parseAddress(text string) (netip.Addr, bool) {
	text = strings.Trim(text, " \t")
	withPort, err := netip.ParseAddrPort(text)
	address := withPort.Addr()
	if err != nil {
		if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
			text = text[1 : len(text)-1]
		}
		if address, err = netip.ParseAddr(text); err != nil {
			return netip.Addr{}, false
		}
	}
	return address.Unmap().WithZone(""), true
}
