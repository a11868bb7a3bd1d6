package auth

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// origin is a scheme and an authority in the form browsers compare: lower case,
// without the scheme's own port.
type origin struct {
	scheme, host string
}

func (o origin) String() string { return o.scheme + "://" + o.host }

// newOrigin takes http and https and a bare host[:port]; nothing that could
// smuggle a user, a path or a query into the URL built from it.
func newOrigin(scheme, host string) (origin, error) {
	scheme, host = strings.ToLower(scheme), strings.ToLower(host)
	if scheme != "http" && scheme != "https" {
		return origin{}, errors.New("the scheme is neither http nor https")
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		n, err := strconv.ParseUint(host[i+1:], 10, 16)
		if err != nil || n == 0 {
			return origin{}, errors.New("the port is not a number from 1 to 65535")
		}
		name, port = host[:i], strconv.FormatUint(n, 10)
	}
	if !validHostname(name) {
		return origin{}, errors.New("the host is not a name or an address")
	}
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return origin{scheme, name}, nil
	}
	return origin{scheme, name + ":" + port}, nil
}

func validHostname(name string) bool {
	if address, found := strings.CutPrefix(name, "["); found {
		address, found = strings.CutSuffix(address, "]")
		ip, err := netip.ParseAddr(address)
		return found && err == nil && ip.Is6() && ip.Zone() == ""
	}
	if name == "" || len(name) > 253 || name[0] == '.' || strings.Contains(name, "..") {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_' {
			return false
		}
	}
	return true
}

// parseOrigin takes an absolute http or https URL and keeps its origin.
func parseOrigin(raw string) (origin, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return origin{}, errors.New("it is not a URL")
	}
	if u.User != nil {
		return origin{}, errors.New("it names a user")
	}
	return newOrigin(u.Scheme, u.Host)
}

// parseBareOrigin takes an absolute URL that is nothing but an origin.
func parseBareOrigin(raw string) (origin, error) {
	u, err := parseWebURL(raw)
	if err == nil && (u.path != "/" || u.query != "" || u.fragment != "") {
		err = errors.New("it has more than a scheme and a host")
	}
	return u.origin, err
}

// isLoopback reports whether the origin is this machine, by name or address.
func (o origin) isLoopback() bool {
	name := o.host
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}
