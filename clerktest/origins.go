package clerktest

import (
	"net/http"
	"net/url"
	"strings"
)

// madeElsewhere reports whether a page of another origin made a request. Requests that no
// page made have neither of the headers.
func madeElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
		origin := r.Header.Get("Origin")
		u, err := url.Parse(origin)
		return origin != "" && (err != nil || !strings.EqualFold(u.Host, r.Host))
	}
	return true
}

// sameOriginOnly refuses what a page of another origin does, except for what allowed
// reports.
func sameOriginOnly(next http.Handler, allowed func(r *http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if madeElsewhere(r) && !allowed(r) {
			writeError(w, failure(http.StatusForbidden, "origin_invalid", "a page of another origin made the request", ""))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func nothing(*http.Request) bool { return false }

// navigates reports whether a browser sends a request to show its response: it follows a
// link or a redirect.
func navigates(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Sec-Fetch-Mode") == "navigate"
}

// navigatesTop is navigates for a page that is not in a frame of another one.
func navigatesTop(r *http.Request) bool {
	return navigates(r) && r.Header.Get("Sec-Fetch-Dest") == "document"
}
