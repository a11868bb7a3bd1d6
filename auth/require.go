package auth

import (
	"net/http"
)

// Requirement is a condition of [Authenticator.Require]: a [Check], or the types of
// tokens that [Accepts] names.
type Requirement interface {
	require(*requirements)
}

type requirements struct {
	accepted        acceptance
	checks          []Check // whose failure is final
	reverifications []Check // that the user can satisfy by verifying their identity again
}

func (c Check) require(r *requirements) {
	if c.reverification != nil {
		r.reverifications = append(r.reverifications, c)
	} else {
		r.checks = append(r.checks, c)
	}
}

// Require does what [Authenticator.Middleware] does, and calls next only for a caller
// who is authenticated and satisfies every requirement: with a session, or with a token
// of a type that [Accepts] names. In next, [FromContext] returns that caller; of several
// Requires around a handler, the innermost says which types are accepted in it.
// Otherwise Require responds in JSON: 503 if nothing could be decided, 401 for a caller
// who is not authenticated, 403 for one who may not. The body has a code, a message and,
// for a caller who is not authenticated, the reason, which x-clerk-auth-… headers
// repeat. A 503 says in Retry-After when to try again, if that is known. If a session
// lacks only a reverification, the 403 says so in the form that Clerk's frontend
// handles. Preflight requests carry no token: respond to them before Require.
//
// Call Require while routes are set up, not for each request. It panics for requirements
// that nobody can satisfy: nil and zero ones, empty names, a type of token that the
// Authenticator does not accept, a check that does not fit the accepted types.
func (a *Authenticator) Require(reqs ...Requirement) func(http.Handler) http.Handler {
	var want requirements
	for _, req := range reqs {
		want.add(req)
	}
	if a.ready() {
		if err := want.check(a); err != nil {
			panic("auth: Require: " + err.Error())
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := a.admit(w, r)
			if v.record == nil {
				return
			}
			v.accepted = want.accepted
			caller := &Auth{record: v.record, authOptions: authOptions{acceptance: v.accepted}}
			if denied := want.judge(caller); denied != nil {
				a.logDenial(r.Context(), caller, denied)
				denied.write(w)
				return
			}
			next.ServeHTTP(w, v.shownTo(r))
		})
	}
}

// add treats nil, also a nil pointer, as a requirement that nobody satisfies.
func (want *requirements) add(req Requirement) {
	switch req := req.(type) {
	case nil:
		Check{}.require(want)
	case *Check:
		if req == nil {
			req = new(Check)
		}
		req.require(want)
	case *AcceptedTypes:
		if req == nil {
			req = new(AcceptedTypes)
		}
		req.require(want)
	default:
		req.require(want)
	}
}

// judge returns the response to a caller who may not pass, or nil for one who may.
func (want *requirements) judge(a *Auth) *denial {
	switch {
	case a.Err() != nil:
		return unavailable(a)
	case !a.IsAuthenticated():
		return unauthenticated(a)
	}
	for _, check := range want.checks {
		if !check.holds(a) {
			return forbidden()
		}
	}
	for _, check := range want.reverifications {
		switch {
		case check.holds(a):
		case a.sessionClaims() == nil: // A machine cannot verify its identity again.
			return forbidden()
		default:
			return &denial{status: http.StatusForbidden, code: codeForbidden, reverification: check.reverification}
		}
	}
	return nil
}

func (t AcceptedTypes) require(r *requirements) { r.accepted.narrow(t.types) }
