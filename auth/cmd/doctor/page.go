package main

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// checkPages lets an Authenticator decide what becomes of browsers that load a page.
func (e *examination) checkPages(ctx context.Context, authn *auth.Authenticator) {
	page := e.ownOrigin() + "/"
	load := func(cookie string) *http.Request {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, http.NoBody)
		if err != nil {
			panic(err) // an origin and a slash
		}
		if r.URL.Scheme == "https" {
			r.TLS = &tls.ConnectionState{}
		}
		r.Header = http.Header{"Accept": {"text/html"}, "Sec-Fetch-Dest": {"document"}}
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		return r
	}
	for _, visit := range []struct{ subject, cookie string }{
		{"first visit", ""},
		{"later visit", "__client_uat=1"}, // of a user who signed in, without the cookie of a session
	} {
		if visit.cookie != "" && e.settings.InstanceType == clerk.Development {
			continue // There the cookie that a first visit lacks decides.
		}
		state, err := authn.Authenticate(load(visit.cookie))
		switch {
		case err != nil:
			e.report.add(wrong, visit.subject, "of %s: %v", page, err)
		case state.Status == auth.StatusHandshake:
			e.report.add(ok, visit.subject, "of %s is redirected to %s, and back (%s)", page, withoutQuery(state.Header), state.Reason)
		default:
			e.report.add(ok, visit.subject, "of %s is not redirected: %s (%s)", page, state.Status, state.Reason)
		}
	}
	w := redirect{http.Header{}}
	authn.RedirectToSignIn(w, load(""))
	e.report.add(ok, "sign-in page", "%s", withoutQuery(w.header))
}

// ownOrigin returns an origin of the service, as far as the environment says one.
func (e *examination) ownOrigin() string {
	if e.settings.PublicOrigin != "" {
		return e.settings.PublicOrigin
	}
	for _, party := range e.settings.Parties {
		if strings.HasPrefix(party, "http://") || strings.HasPrefix(party, "https://") {
			return party
		}
	}
	if e.settings.InstanceType == clerk.Production {
		return "https://app.example.com"
	}
	return "http://localhost:8080"
}

// withoutQuery returns the URL of a redirect without its parameters.
func withoutQuery(h http.Header) string {
	location, _, _ := strings.Cut(h.Get("Location"), "?")
	return location
}

// redirect is a response of which only the header is kept.
type redirect struct{ header http.Header }

func (r redirect) Header() http.Header         { return r.header }
func (r redirect) Write(p []byte) (int, error) { return len(p), nil }
func (r redirect) WriteHeader(int)             {}
