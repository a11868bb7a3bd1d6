package clerktest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Frontend returns a handler for the instance's frontend API: the handshake that
// package auth redirects browsers to, its keys, and pages that replace Clerk's.
//
//	/.well-known/jwks.json  the keys that verify the instance's tokens
//	/v1/client/handshake    redirects to redirect_url with cookies to set
//	/sign-in                signs in, with the password of a user that has one and as
//	                        the user user_id otherwise, or by a ticket
//	/sign-up                signs up, also by the ticket of an invitation
//	/organizations          changes the active organization
//	/sign-out               signs out
//
// The pages redirect to redirect_url. Anyone who reaches them can sign in as any
// user of the instance, so the handler refuses requests that do not come from the
// loopback interface, and forms of pages of other origins. Serve it over TLS under the
// host that the publishable key names, or under the service's proxy URL.
//
// Satellite domains are not emulated. A cookie on the frontend API's host
// identifies the browser; on a development instance, so does the development
// browser token in URLs.
func (i *Instance) Frontend() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /sign-in", i.signInPage)
	pages.HandleFunc("POST /sign-in", i.signIn)
	pages.HandleFunc("GET /sign-in/create", leadTo("../sign-up"))
	pages.HandleFunc("GET /sign-in/tasks", leadTo("../organizations"))
	pages.HandleFunc("GET /sign-up", i.signUpPage)
	pages.HandleFunc("POST /sign-up", i.signUp)
	pages.HandleFunc("GET /sign-up/tasks", leadTo("../organizations"))
	pages.HandleFunc("GET /organizations", i.accountPage)
	pages.HandleFunc("POST /organizations", i.switchOrganization)
	pages.HandleFunc("GET /sign-out", i.accountPage)
	pages.HandleFunc("POST /sign-out", i.signOut)
	pages.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, failure(http.StatusNotFound, "resource_not_found", "the emulated frontend API has no "+r.Method+" "+r.URL.Path, ""))
	})
	mux := http.NewServeMux()
	mux.Handle("GET /v1/client/handshake", sameOriginOnly(http.HandlerFunc(i.refreshByHandshake), navigates))
	mux.HandleFunc("GET /.well-known/jwks.json", i.publishKeys)
	mux.Handle("/", sameOriginOnly(pages, navigatesTop))
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

// leadTo redirects to another page, relative to the one that was requested, with the same
// query.
func leadTo(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", page+"?"+r.URL.RawQuery)
		w.WriteHeader(http.StatusSeeOther)
	}
}

// statusPageURL stands for the status page of the instance itself as a redirect_url.
const statusPageURL = "/"

// backOf returns where the browser goes after a page, which a request may leave out if the
// instance has a status page.
func (i *Instance) backOf(r *http.Request) (*url.URL, error) {
	raw := r.FormValue("redirect_url")
	if i.pages && (raw == "" || raw == statusPageURL) {
		return &url.URL{Path: statusPageURL}, nil
	}
	return i.returnURL(raw)
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
