package auth

import (
	"net/http"
	"slices"
	"strings"
)

// Middleware finds out who sent each request and passes every one on to next,
// where [FromContext] and [CurrentUser] answer. It stops none, except that it
// answers 500 when the Authenticator is misconfigured. A signed-out response
// carries the x-clerk-auth-… headers that tell why. Standing twice in a chain, one
// Authenticator authenticates once; another one does so again and replaces the
// result. It does not wrap the ResponseWriter.
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
		http.Error(w, "authentication is misconfigured", http.StatusInternalServerError)
		return nil
	}
	addVary(w.Header())
	if ctx.record.status() == StatusSignedOut {
		ctx.record.explain(w.Header())
	}
	return r.WithContext(ctx)
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
