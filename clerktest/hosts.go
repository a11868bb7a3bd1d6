package clerktest

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// forLocalHosts refuses requests whose host is neither this computer nor one that
// [WithHosts] or more allows. A browser sends the host of the page's own name, so a page
// that makes that name lead here reads nothing.
func (i *Instance) forLocalHosts(next http.Handler, more ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostName(r.Host)
		named := func(name string) bool { return host != "" && hostName(name) == host }
		if !isLocalHost(host) && !slices.ContainsFunc(i.hosts, named) && !slices.ContainsFunc(more, named) {
			writeError(w, failure(http.StatusMisdirectedRequest, "host_invalid", "the emulated instance is not served under this host: WithHosts, or the flag -host of the emulator, allows others", ""))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostName returns a host in lower case and without its port.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

func isLocalHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
