package weburl

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Origin is a scheme and a host in the form in which browsers compare them. [NewOrigin] and
// [ParseOrigin] return valid ones.
type Origin struct {
	Scheme string // "http" or "https"
	Host   string // in lower case, with its port unless that is the default of the scheme
}

// String returns the origin as it stands in an Origin header.
func (o Origin) String() string { return o.Scheme + "://" + o.Host }

// maxHost is the length of the longest host name with a port.
const maxHost = maxHostname + len(":65535")

const maxHostname = 253

// NewOrigin returns the origin of a scheme, http or https, and a host with or without a
// port. It refuses a host with anything else in it, which could become a user, a path or a
// query in a URL.
func NewOrigin(scheme, host string) (Origin, error) {
	if len(scheme) > len("https") || len(host) > maxHost {
		return Origin{}, errors.New("the scheme or the host is too long")
	}
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

// validHostname reports whether name, in lower case, is a host name or an address.
func validHostname(name string) bool {
	if address, found := strings.CutPrefix(name, "["); found {
		address, found = strings.CutSuffix(address, "]")
		ip, err := netip.ParseAddr(address)
		return found && err == nil && ip.Is6() && ip.Zone() == ""
	}
	if name == "" || len(name) > maxHostname || name[0] == '.' || strings.Contains(name, "..") {
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

// originOf returns the origin of an absolute http or https URL that names no user.
func originOf(raw string) (Origin, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return Origin{}, errors.New("not a URL")
	}
	if u.User != nil {
		return Origin{}, errors.New("names a user")
	}
	return NewOrigin(u.Scheme, u.Host)
}

// ParseOrigin parses an absolute URL that consists of an origin alone, with or without a
// slash at its end.
func ParseOrigin(raw string) (Origin, error) {
	u, err := Parse(raw)
	if err == nil && (u.Path != "/" || u.Query != "" || u.Fragment != "") {
		err = errors.New("has more than a scheme and a host")
	}
	return u.Origin, err
}

// IsLoopback reports whether the host is this machine, by name or by address.
func (o Origin) IsLoopback() bool {
	name := o.hostname()
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.Unmap().IsLoopback()
}

// IsPrivate reports whether the host is an address of a private network.
func (o Origin) IsPrivate() bool {
	ip, err := netip.ParseAddr(o.hostname())
	return err == nil && ip.Unmap().IsPrivate()
}

// hostname returns the host without its port and without brackets.
func (o Origin) hostname() string {
	name := o.Host
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	return strings.Trim(name, "[]")
}
