package auth

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Middleware authenticates each request and passes it on to next, where [FromContext]
// and [CurrentUser] return the caller. Only two kinds of page loads are answered by a
// redirect instead: those that must get new cookies from Clerk's frontend API, and
// those that come back from it with parameters in the URL. If the Authenticator is
// misconfigured, the response is 500. A signed-out response has x-clerk-auth-… headers
// with the reason. A response after a handshake or a refresh has the new cookies and
// Cache-Control: private, no-store, which next must not weaken. Every response has
// Vary: Authorization, Cookie. If the same Authenticator occurs twice in a chain, it
// authenticates once; another one authenticates again and replaces the result.
// Middleware does not wrap the ResponseWriter.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r = a.admit(w, r); r != nil {
			next.ServeHTTP(w, r)
		}
	})
}

// admit returns the request to pass on, or nil if it wrote the response.
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

// divert adds the record's header to the response, and reports whether that completes
// the response: a redirect.
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

// addVary keeps caches from sending the response for one caller to another.
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

// complain responds to a request that cannot be authenticated with the options of a.
// The developer of a development instance sees why.
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
