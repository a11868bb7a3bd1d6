package weburl

import (
	"net/http"
	"strings"
)

// MaxTarget is the length in bytes of the longest path and query to which a browser may be
// sent back. Frontend APIs accept no longer ones, and a URL takes many times its length in
// memory while it is escaped twice.
const MaxTarget = 32 << 10

// RequestTarget returns the path and the query that the client sent. The URL of the request
// may differ, since handlers such as [http.StripPrefix] change it.
func RequestTarget(r *http.Request) string {
	switch {
	case strings.HasPrefix(r.RequestURI, "/"):
		return r.RequestURI
	case r.URL == nil:
		return "/"
	case r.URL.RawQuery == "":
		return r.URL.EscapedPath()
	default:
		return r.URL.EscapedPath() + "?" + r.URL.RawQuery
	}
}
