package clerktest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Frontend returns a handler for the instance's frontend API: the handshake that
// package auth redirects browsers to, and pages that replace Clerk's sign-in and
// sign-out pages.
//
//	GET  /v1/client/handshake        redirects to redirect_url with cookies to set
//	GET  /sign-in, POST /sign-in     signs in as the user user_id, without a password
//	GET  /sign-out, POST /sign-out   signs out
//
// The pages redirect to redirect_url. Anyone who reaches them can sign in as any
// user of the instance, so the handler refuses requests that do not come from the
// loopback interface. Serve it over TLS under the host that the publishable key
// names, or under the service's proxy URL.
//
// Satellite domains are not emulated. A cookie on the frontend API's host
// identifies the browser; on a development instance, so does the development
// browser token in URLs.
func (i *Instance) Frontend() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/client/handshake", i.refreshByHandshake)
	mux.HandleFunc("GET /sign-in", i.accountPage)
	mux.HandleFunc("POST /sign-in", i.signInPage)
	mux.HandleFunc("GET /sign-out", i.accountPage)
	mux.HandleFunc("POST /sign-out", i.signOutPage)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, failure(http.StatusNotFound, "resource_not_found", "the emulated frontend API has no "+r.Method+" "+r.URL.Path, ""))
	})
	serve := i.forLocalHosts(mux, i.frontendAPI)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !peer.Addr().Unmap().IsLoopback() {
			writeError(w, failure(http.StatusForbidden, "peer_not_loopback", "the emulated frontend API serves the loopback interface only", ""))
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		serve.ServeHTTP(w, r)
	})
}

// returnURL parses the URL that a browser is to be redirected to. A production
// instance redirects to its own domain only.
func (i *Instance) returnURL(raw string) (*url.URL, error) {
	const param = "redirect_url"
	if raw == "" {
		return nil, failure(http.StatusBadRequest, "form_param_missing", param+" is required", param)
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil:
		return nil, failure(http.StatusBadRequest, "invalid_url", param+" must be an absolute http or https URL", param)
	case i.production && (u.Scheme != "https" || !belongsTo(u.Hostname(), i.domain())):
		return nil, failure(http.StatusBadRequest, "invalid_url_origin", param+" must be an https URL under "+i.domain(), param)
	}
	return u, nil
}

// domain returns the domain of a production instance's application, of which the
// frontend API's host is a subdomain.
func (i *Instance) domain() string {
	host, _, _ := strings.Cut(i.frontendAPI, ":")
	_, domain, _ := strings.Cut(host, ".")
	return domain
}

func belongsTo(host, domain string) bool {
	host = strings.ToLower(host)
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// withParameter returns a copy of a URL with one query parameter set. The other
// parameters keep their spelling.
func withParameter(u *url.URL, name, value string) *url.URL {
	var kept []string
	for segment := range strings.SplitSeq(u.RawQuery, "&") {
		key, _, _ := strings.Cut(segment, "=")
		if plain, err := url.QueryUnescape(key); segment != "" && (err != nil || plain != name) {
			kept = append(kept, segment)
		}
	}
	changed := *u
	changed.RawQuery = strings.Join(append(kept, url.QueryEscape(name)+"="+url.QueryEscape(value)), "&")
	return &changed
}
