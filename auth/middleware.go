package auth

import (
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// Middleware authenticates each request and passes it on to next, where [FromContext]
// and [CurrentUser] return the caller. Only two kinds of page loads are answered by a
// redirect instead: those that must get new cookies from Clerk's frontend API, and
// those that come back from it with parameters in the URL. If the Authenticator is
// misconfigured, the response is 500. A signed-out response has x-clerk-auth-… headers
// with the reason. A response after a handshake or a refresh has the new cookies and
// Cache-Control: private, no-store, which next must not weaken. Any other response to a
// caller whom a cookie signed in has Cache-Control: private, unless that or no-store is
// set already; next may replace it. Every response has Vary: Authorization, Cookie.
// Middleware does not wrap the ResponseWriter. A request for the service's own proxy of the
// frontend API, which [WithProxyURL] names, is passed on as it is, and nobody is signed in.
//
// If the same Authenticator occurs twice in a chain, it authenticates once; another one
// authenticates again and replaces the result. A request with the context of another one,
// but with other Authorization or Cookie fields, is authenticated on its own: a handler in
// between that takes such a field away makes the caller a guest. The context that
// Middleware sets must reach next as it is, or be the parent of the one that does.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.isProxied(r) {
			next.ServeHTTP(w, r)
		} else if v := a.admit(w, r); v.record != nil {
			next.ServeHTTP(w, v.shownTo(r))
		}
	})
}

// isProxied reports whether r is for the frontend API behind this service, such as a
// handshake, which must not be redirected to itself.
func (a *Authenticator) isProxied(r *http.Request) bool {
	if !a.ready() || a.proxyURL.Path == "" {
		return false
	}
	own := strings.TrimRight(a.proxyURL.Path, "/")
	rest, found := strings.CutPrefix(r.URL.EscapedPath(), own)
	return own != "" && found && (rest == "" || rest[0] == '/') &&
		(a.proxyURL.Origin == weburl.Origin{} || a.proxyURL.Origin == a.proxies.RequestOrigin(r))
}

// admit authenticates r unless that was done before, and prepares the response. The
// result has no record if the response is complete.
func (a *Authenticator) admit(w http.ResponseWriter, r *http.Request) view {
	before := viewFrom(r.Context())
	judged := before.record != nil && !before.handedOver && before.record.owner == a &&
		before.record.secrets.credentials.sentBy(r.Header)
	if judged && a.stillPasses(before.record, r) {
		return before
	}
	rec := newRecord(a)
	rec.secrets.credentials.keep(r.Header)
	if judged {
		a.refuseInner(r, rec)
	} else if err := a.authenticate(r, rec); err != nil {
		rec.addVary(w.Header())
		a.refuse(w, r, a.misconfigured(r, err))
		return view{}
	}
	if before.record != nil {
		unexplain(w.Header())
	}
	rec.addVary(w.Header())
	if rec.unexplained() {
		rec.explain(w.Header())
	}
	if rec.byCookie {
		rec.addCacheControl(w.Header())
	}
	if rec.header != nil && rec.divert(w) {
		return view{}
	}
	return view{record: rec}
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

// misconfigured returns the response to a request that cannot be authenticated with the
// options of a. The developer of a development instance sees why.
func (a *Authenticator) misconfigured(r *http.Request, err error) *Refusal {
	text := "authentication is misconfigured"
	if a != nil {
		a.warnings.once(r.Context(), misconfiguration, cause(err))
		if a.publishable.instanceType == clerk.Development {
			text = err.Error()
		}
	}
	return &Refusal{Status: http.StatusInternalServerError, Code: codeMisconfigured, Message: text, Err: err}
}

// byCaller is the Vary field of every response.
const byCaller = "Authorization, Cookie"

// addVary keeps caches from sending the response for one caller to another.
func (rec *record) addVary(h http.Header) {
	lines := h["Vary"]
	switch {
	case len(lines) == 0:
		rec.vary[0] = byCaller
		h["Vary"] = rec.vary[:]
	case !slices.ContainsFunc(lines, variesByCaller):
		h["Vary"] = append(lines, byCaller)
	}
}

// personal is the Cache-Control of a response to a caller whom a cookie signed in, unless
// the response also sets cookies. There are shared caches that ignore a Vary field with
// Cookie in it. What a token in the Authorization field was answered with they keep only
// if the response says so.
const personal = "private"

// addCacheControl keeps shared caches from storing the response, as far as nobody did
// that before.
func (rec *record) addCacheControl(h http.Header) {
	if !slices.ContainsFunc(h["Cache-Control"], isPrivate) {
		rec.cache[0] = personal
		h["Cache-Control"] = rec.cache[:]
	}
}

// isPrivate reports whether a line of Cache-Control keeps the whole response from shared
// caches. With an argument, private speaks of single fields.
func isPrivate(line string) bool {
	for directive := range strings.SplitSeq(line, ",") {
		directive = strings.TrimSpace(directive)
		if strings.EqualFold(directive, "private") || strings.EqualFold(directive, "no-store") {
			return true
		}
	}
	return false
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
