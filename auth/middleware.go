package auth

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Middleware finds out who sent each request and passes every one on to next,
// where [FromContext] and [CurrentUser] answer. It stops only page loads that must
// go to Clerk's frontend API for better cookies, and those that come back from it
// with parameters in the URL, by a redirect, and answers 500 when the
// Authenticator is misconfigured. A signed-out response carries the x-clerk-auth-…
// headers that tell why, a response after a handshake or a refresh the new cookies
// and Cache-Control: private, no-store, which next must not weaken, and each one
// Vary: Authorization, Cookie. Standing twice in a chain, one Authenticator
// authenticates once; another one does so again and replaces the result. It does
// not wrap the ResponseWriter.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r = a.admit(w, r); r != nil {
			next.ServeHTTP(w, r)
		}
	})
}

// admit gives the request that is to be passed on, or nil once it has answered.
func (a *Authenticator) admit(w http.ResponseWriter, r *http.Request) *http.Request {
	if rec, own := r.Context().Value(recordKey{}).(*record); own && rec.owner == a {
		return r
	}
	ctx := &requestContext{Context: r.Context()}
	if err := a.authenticate(r, &ctx.record); err != nil {
		a.complain(w, r, err)
		return nil
	}
	addVary(w.Header())
	if ctx.record.unexplained() {
		ctx.record.explain(w.Header())
	}
	if ctx.record.header != nil && ctx.record.divert(w) {
		return nil
	}
	return r.WithContext(ctx)
}

// divert puts the record's header into the response, and reports whether that is
// all of the response: a redirect.
func (rec *record) divert(w http.ResponseWriter) bool {
	h, own := w.Header(), *rec.header
	for name, values := range own {
		if name == "Set-Cookie" {
			h[name] = append(h[name], values...)
		} else {
			h[name] = values
		}
	}
	if own.Get("Location") == "" {
		return false
	}
	w.WriteHeader(http.StatusTemporaryRedirect)
	return true
}

// addVary keeps caches from answering one caller with the response to another.
func addVary(h http.Header) {
	if !slices.ContainsFunc(h["Vary"], variesByCaller) {
		h["Vary"] = append(h["Vary"], "Authorization, Cookie")
	}
}

func variesByCaller(line string) bool {
	authorization, cookie := false, false
	for field := range strings.SplitSeq(line, ",") {
		field = strings.TrimSpace(field)
		if field == "*" {
			return true
		}
		authorization = authorization || strings.EqualFold(field, "Authorization")
		cookie = cookie || strings.EqualFold(field, "Cookie")
	}
	return authorization && cookie
}

// complain answers a request that cannot be authenticated as a is set up. The
// developer of an instance in development sees why.
func (a *Authenticator) complain(w http.ResponseWriter, r *http.Request, err error) {
	text := "authentication is misconfigured"
	if a != nil {
		a.warnings.once(r.Context(), misconfiguration, cause(err))
		if a.publishable.instanceType == clerk.Development {
			text = err.Error()
		}
	}
	http.Error(w, text, http.StatusInternalServerError)
}
