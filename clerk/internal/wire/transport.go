package wire

import "net/http"

// newTransport returns a copy of http.DefaultTransport that keeps the connections
// of many concurrent callers open; the default keeps two per host. If the program
// has replaced http.DefaultTransport with another type, it returns that one.
func newTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConns = 256
	t.MaxIdleConnsPerHost = 128
	return t
}
