package auth

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// RedirectOption changes a redirect to the sign-in or sign-up page.
type RedirectOption func(*redirection)

// redirection collects where the user returns to.
type redirection struct {
	own     weburl.URL // the URL that the browser requested
	back    weburl.URL
	returns bool // whether back replaces own
}

// ReturnBackURL sets where the user returns to: an absolute URL, or one relative to the
// request's. By default that is the requested page, and with "" the page that the
// instance is configured with; a URL that is not http or https counts as "". Clerk
// redirects only to origins that the instance allows, but a URL that came with a
// request should still be checked before it is passed here.
func ReturnBackURL(raw string) RedirectOption {
	return func(d *redirection) {
		d.returns = false
		own, err := url.Parse(d.own.String())
		if raw == "" || err != nil {
			return
		}
		if u, err := own.Parse(raw); err == nil {
			back, err := weburl.Parse(u.String())
			d.back, d.returns = back, err == nil
		}
	}
}

// RedirectToSignIn redirects the browser to the page of [WithSignInURL], or else to
// that of the instance's account portal. A pending session is sent to its remaining
// tasks. It writes the whole response: return from the handler afterwards. Methods
// other than GET and HEAD get 303, so that the body is not sent again. If the session is
// good but made for another service, which signing in would not change, the response is
// 403 with the reason. If no page is known, the response is 500.
func (a *Authenticator) RedirectToSignIn(w http.ResponseWriter, r *http.Request, opts ...RedirectOption) {
	a.redirect(w, r, a.signInPage, opts)
}

// RedirectToSignUp is [Authenticator.RedirectToSignIn] for the page of [WithSignUpURL].
// Without that option it uses the page /create below the sign-in page, or that of the
// account portal.
func (a *Authenticator) RedirectToSignUp(w http.ResponseWriter, r *http.Request, opts ...RedirectOption) {
	a.redirect(w, r, a.signUpPage, opts)
}

func (a *Authenticator) signInPage() (weburl.URL, bool) {
	if a.signIn.Path != "" {
		return a.signIn, true
	}
	return a.portalPage("/sign-in")
}

func (a *Authenticator) signUpPage() (weburl.URL, bool) {
	switch {
	case a.signUp.Path != "":
		return a.signUp, true
	case a.signIn.Path != "":
		return a.signIn.Below("create"), true
	default:
		return a.portalPage("/sign-up")
	}
}

// portalPage returns a page that Clerk hosts for the instance, whatever proxy or
// satellite domain its frontend API has.
func (a *Authenticator) portalPage(path string) (weburl.URL, bool) {
	if a.publishable.raw == "" {
		return weburl.URL{}, false
	}
	page, err := weburl.Parse(accountPortal(a.publishable.frontendAPI) + path)
	return page, err == nil
}

func (a *Authenticator) redirect(w http.ResponseWriter, r *http.Request, page func() (weburl.URL, bool), opts []RedirectOption) {
	if rec := viewFrom(r.Context()).record; rec != nil && rec.forOthers() {
		// The user is signed in, so the page would lead back here, without an end.
		a.refuse(w, r, forbidden(rec.reason, rec.refused.finding()))
		return
	}
	target, known := a.redirectTarget(r, page, opts)
	if !known {
		a.refuse(w, r, a.misconfigured(r, misconfigured(errors.New("no page to sign in or up is known"))))
		return
	}
	redirectTo(w, r, target)
}

// forOthers reports whether a token was refused because it was made for another service.
func (rec *record) forOthers() bool { return rec.refused != nil && rec.refused.mismatch != nil }

func redirectTo(w http.ResponseWriter, r *http.Request, target weburl.URL) {
	w.Header().Set("Location", target.String())
	w.Header().Set("Cache-Control", privateResponse)
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		w.WriteHeader(http.StatusTemporaryRedirect)
	} else {
		w.WriteHeader(http.StatusSeeOther)
	}
}

// leadsToSignIn redirects a page load to the sign-in page instead of refusing it, if the
// options say so, and reports whether it did. It leaves alone whom signing in would not
// help: they would be led back here, without an end.
func (a *Authenticator) leadsToSignIn(w http.ResponseWriter, r *http.Request, caller *Auth, f *Refusal) bool {
	rec := caller.record
	if !a.signInRedirect || f.Status != http.StatusUnauthorized || !loadsPage(r) ||
		!caller.authOptions.accepted().has(SessionToken) || rec.tokenType != SessionToken ||
		rec.forOthers() || rec.loops || rec.reason == ReasonCrossOriginRequest {
		return false
	}
	target, known := a.redirectTarget(r, a.signInPage, nil)
	if known {
		redirectTo(w, r, target)
	}
	return known
}

// redirectTarget returns the page with its parameters. known is false without a page,
// or with only a path and a request without a host.
func (a *Authenticator) redirectTarget(r *http.Request, page func() (weburl.URL, bool), opts []RedirectOption) (target weburl.URL, known bool) {
	if !a.ready() {
		return weburl.URL{}, false
	}
	if target, known = page(); !known {
		return weburl.URL{}, false
	}
	own, returns := a.proxies.RequestURL(r)
	d := redirection{own: own, back: own, returns: returns}
	for _, opt := range opts {
		if opt != nil {
			opt(&d)
		}
	}
	if viewFrom(r.Context()).record.pending() {
		target = target.Below("tasks")
	}
	target = target.On(own.Origin)
	crosses := target.Origin.Host != own.Origin.Host
	if d.returns {
		if crosses && a.satellite {
			d.back = d.back.WithSet("__clerk_synced", "false")
		}
		target = target.WithSet("redirect_url", d.back.String())
	}
	if crosses && a.publishable.instanceType == clerk.Development {
		if browser := a.readCookieRequest(r).devBrowser; browser != "" {
			target = target.WithSet("__clerk_db_jwt", browser)
		}
	}
	return target, target.Origin.Host != ""
}
