package weburl

import (
	"net/http"
	"net/url"
	"strings"
)

// MaxTarget is the length in bytes of the longest path and query to which a browser may be
// sent back. Frontend APIs accept no longer ones, and a URL takes many times its length in
// memory while it is escaped twice.
const MaxTarget = 32 << 10

// requestTarget returns the path and the query that the client sent, unless they are longer
// than [MaxTarget]. The URL of the request may differ, since handlers such as
// [http.StripPrefix] change it.
func requestTarget(r *http.Request) (target string, ok bool) {
	switch target = r.RequestURI; {
	case strings.HasPrefix(target, "/"):
	case r.URL == nil:
		return "/", true
	case len(r.URL.Path)+len(r.URL.RawQuery) > MaxTarget: // Escapes only make it longer.
		return "", false
	case r.URL.RawQuery == "":
		target = r.URL.EscapedPath()
	default:
		target = r.URL.EscapedPath() + "?" + r.URL.RawQuery
	}
	return target, len(target) <= MaxTarget
}

// RequestQuery returns the raw query that the client sent, or "" if the target is longer than
// [MaxTarget]: nothing of such a target is read.
func RequestQuery(r *http.Request) string {
	target, ok := requestTarget(r)
	if !ok {
		return ""
	}
	target, _, _ = strings.Cut(target, "#")
	_, query, _ := strings.Cut(target, "?")
	return query
}

// RequestPath returns the path that the client sent, with its escapes. ok is false without
// one, and for one that is longer than [MaxTarget].
func RequestPath(r *http.Request) (path string, ok bool) {
	u, err := url.ParseRequestURI(r.RequestURI)
	if err != nil {
		u = r.URL
	}
	if u == nil || len(u.Path) > MaxTarget {
		return "", false
	}
	path = u.EscapedPath()
	return path, len(path) <= MaxTarget
}
