package auth

import (
	"net/http"
	"strconv"
	"time"
)

// Requirement is a condition of [Authenticator.Require]: a [Check], or the types of
// tokens that [Accepts] names.
type Requirement interface {
	require(*requirements)
}

type requirements struct {
	authOptions     authOptions
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
// of a type that [Accepts] names. Otherwise it responds in JSON: 503 if nothing could
// be decided, 401 for a caller who is not authenticated, 403 for one who may not. A 503
// says in Retry-After when to try again, if that is known. If a session lacks only a
// reverification, the 403 says so in the form that Clerk's frontend handles. A nil or
// zero requirement lets nobody pass. Preflight requests carry no token: respond to them
// before Require.
func (a *Authenticator) Require(reqs ...Requirement) func(http.Handler) http.Handler {
	var want requirements
	for _, req := range reqs {
		want.add(req)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r = a.admit(w, r); r == nil {
				return
			}
			if denied := want.judge(&Auth{record: recordFrom(r.Context()), authOptions: want.authOptions}); denied != nil {
				denied.write(w)
				return
			}
			next.ServeHTTP(w, r)
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
		return unavailable.until(retryAfter(a.Err()))
	case !a.IsAuthenticated():
		return &unauthenticated
	}
	for _, check := range want.checks {
		if !check.holds(a) {
			return &forbidden
		}
	}
	for _, check := range want.reverifications {
		switch {
		case check.holds(a):
		case a.sessionClaims() == nil: // A machine cannot verify its identity again.
			return &forbidden
		default:
			return &denial{status: http.StatusForbidden, body: check.reverification.body()}
		}
	}
	return nil
}

// denial is a response in place of the protected handler's.
type denial struct {
	status     int
	body       []byte
	retryAfter time.Duration // 0 if it is not known
}

// The bodies have the form of the Backend API's errors, which clients know.
var (
	unavailable     = denial{status: http.StatusServiceUnavailable, body: []byte(`{"errors":[{"code":"authentication_unavailable","message":"authentication is not possible at the moment"}]}`)}
	unauthenticated = denial{status: http.StatusUnauthorized, body: []byte(`{"errors":[{"code":"unauthenticated","message":"the request carries no token that is accepted here"}]}`)}
	forbidden       = denial{status: http.StatusForbidden, body: []byte(`{"errors":[{"code":"forbidden","message":"the caller may not do this"}]}`)}
)

// until returns a copy of d that says when to try again.
func (d denial) until(retryAfter time.Duration) *denial {
	d.retryAfter = retryAfter
	return &d
}

func (d *denial) write(w http.ResponseWriter) {
	h := w.Header()
	if d.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if d.retryAfter > 0 {
		seconds := (d.retryAfter + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.Itoa(int(seconds)))
	}
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(d.status)
	w.Write(d.body)
}

func (t AcceptedTypes) require(r *requirements) { t.applyTo(&r.authOptions) }
