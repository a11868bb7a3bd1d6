package wire

import "net/http"

// newTransport returns a transport like http.DefaultTransport that keeps the
// connections of many concurrent callers; the default keeps two a host.
// A program that has put something else in place of the default gets that.
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
