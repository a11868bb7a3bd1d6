package auth

import (
	"context"
	"net/http"
)

// Require does what [Authenticator.Middleware] does, and calls next only for a caller
// who is authenticated and meets every requirement: with a session, or with a token of a
// type that [Accepts] names. In next, [FromContext] returns that caller; of several
// Requires around a handler, the innermost says which types are accepted in it.
//
// Otherwise Require responds in JSON: 503 if nothing could be decided, 401 for a caller
// who is not authenticated, 403 for one who may not. The body has a code, a message and,
// for a caller who is not authenticated, the reason, which x-clerk-auth-… headers
// repeat. A 503 says in Retry-After when to try again, if that is known. If a session
// lacks only a reverification, the 403 says so in the form that Clerk's frontend
// handles. [WithRefusal] replaces these responses, and [WithSignInRedirect] leads page
// loads to the sign-in page instead. Preflight requests carry no token: respond to them
// before Require.
//
// Call Require while routes are set up, not for each request. It panics for requirements
// that nobody can meet with this Authenticator: nil and zero ones, empty names, a type of
// token that is not accepted, a check that does not fit the accepted types, an AnyOf with
// a branch that nobody can meet, OrganizationOfPath without patterns.
func (a *Authenticator) Require(reqs ...Requirement) func(http.Handler) http.Handler {
	want := newConjunction(reqs)
	if a.ready() {
		if _, err := want.check(a, acceptance{}); err != nil {
			panic("auth: Require: " + err.Error())
		}
	}
	accepted := want.within(acceptance{})
	challenges := newChallenges(a, want, accepted)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := a.admit(w, r)
			if v.record == nil {
				return
			}
			v.accepted = accepted
			r = v.shownTo(r)
			caller := &Auth{record: v.record, authOptions: authOptions{acceptance: accepted}}
			if f := want.judge(caller, r, acceptance{}); f != nil {
				a.logRefusalOf(r.Context(), caller, f)
				if !a.leadsToSignIn(w, r, caller, f) {
					challenges.add(w.Header(), f, caller, r)
					a.refuse(w, r, f)
				}
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Authorize is [Authenticator.Require] for a caller who is known already, without HTTP: in
// an interceptor of gRPC, or for what only the handler knows. It returns nil if the caller
// is authenticated and meets every requirement. Otherwise the error is that of [Auth.Err] if
// nothing could be decided, or an [*AuthorizationError], which wraps [ErrUnauthenticated],
// [ErrForbidden] or [ErrReverification].
//
// The types of tokens that a was obtained with are accepted; [Accepts] in reqs only narrows
// them. Requirements that nobody can meet deny. ctx is for requirements that have to ask
// Clerk, of which there are none yet.
func Authorize(ctx context.Context, a *Auth, reqs ...Requirement) error {
	if a == nil {
		a = new(Auth)
	}
	want := newConjunction(reqs)
	outer := acceptance{stated: true, types: a.authOptions.accepted()}
	caller := &Auth{record: a.record, authOptions: authOptions{acceptance: want.within(outer), pending: a.authOptions.pending}}
	if f := want.judge(caller, nil, outer); f != nil {
		return f.Err
	}
	return nil
}
