package weburl

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Origin is a scheme and an authority in the form browsers compare: lower case,
// without the scheme's own port.
type Origin struct {
	Scheme, Host string
}

func (o Origin) String() string { return o.Scheme + "://" + o.Host }

// NewOrigin takes http and https and a bare host[:port]; nothing that could
// smuggle a user, a path or a query into the URL built from it.
func NewOrigin(scheme, host string) (Origin, error) {
	scheme, host = strings.ToLower(scheme), strings.ToLower(host)
	if scheme != "http" && scheme != "https" {
		return Origin{}, errors.New("the scheme is neither http nor https")
	}
	name, port := host, ""
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		n, err := strconv.ParseUint(host[i+1:], 10, 16)
		if err != nil || n == 0 {
			return Origin{}, errors.New("the port is not a number from 1 to 65535")
		}
		name, port = host[:i], strconv.FormatUint(n, 10)
	}
	if !validHostname(name) {
		return Origin{}, errors.New("the host is not a name or an address")
	}
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return Origin{scheme, name}, nil
	}
	return Origin{scheme, name + ":" + port}, nil
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

// originOf takes an absolute http or https URL and keeps its origin.
func originOf(raw string) (Origin, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return Origin{}, errors.New("it is not a URL")
	}
	if u.User != nil {
		return Origin{}, errors.New("it names a user")
	}
	return NewOrigin(u.Scheme, u.Host)
}

// ParseOrigin takes an absolute URL that is nothing but an origin.
func ParseOrigin(raw string) (Origin, error) {
	u, err := Parse(raw)
	if err == nil && (u.Path != "/" || u.Query != "" || u.Fragment != "") {
		err = errors.New("it has more than a scheme and a host")
	}
	return u.Origin, err
}

// IsLoopback reports whether the origin is this machine, by name or address.
func (o Origin) IsLoopback() bool {
	name := o.Host
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil && ip.IsLoopback()
}
