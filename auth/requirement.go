package auth

import "net/http"

// Requirement is a condition of [Authenticator.Require] and [Authorize]: a [Check], the
// types of tokens that [Accepts] names, [If], [OrganizationOfPath], or several of these in
// [AnyOf] or [AllOf].
type Requirement interface {
	require(*conjunction)
}

// conjunction holds requirements that must all be met.
type conjunction struct {
	accepted        acceptance
	checks          []Check // whose failure is final
	reverifications []Check // that the user can satisfy by verifying their identity again
	ofPath          bool    // the active organization must be that of the path
	choices         []choice
}

// choice is met if one of its branches is.
type choice struct {
	branches []conjunction
}

// AllOf is met by a caller who meets every one of reqs, like Require with them. It makes a
// branch of [AnyOf] out of several requirements. Without requirements nobody meets it.
func AllOf(reqs ...Requirement) Requirement {
	if len(reqs) == 0 {
		return Check{text: "AllOf()", fault: "it has no requirements"}
	}
	return newConjunction(reqs)
}

// AnyOf is met by a caller who meets at least one of reqs; they are tried in order. What
// [Accepts] says in one of them holds there alone:
//
//	auth.AnyOf(
//		auth.AllOf(auth.Accepts(auth.SessionToken), auth.Role("org:admin")),
//		auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read")),
//	)
//
// A requirement without Accepts takes the types that are accepted around AnyOf, which are
// session tokens by default. If none is met, the refusal is 503 where one of them could not
// be decided; else it asks for a reverification where one of them lacks nothing else; else
// it is 403 for a caller who is authenticated for one of them, and 401 for anybody else.
// Without requirements nobody meets AnyOf.
func AnyOf(reqs ...Requirement) Requirement {
	if len(reqs) == 0 {
		return Check{text: "AnyOf()", fault: "it has no requirements"}
	}
	var c choice
	for i := range reqs {
		c.branches = append(c.branches, *newConjunction(reqs[i : i+1]))
	}
	return c
}

// If is met where condition returns true. It is asked only about callers who are
// authenticated with a token that is accepted there, as [FromContext] would return them.
func If(condition func(*Auth) bool) Requirement {
	if condition == nil {
		return Check{text: "If(nil)", fault: "the function is nil"}
	}
	return Check{text: "If", ofAnybody: condition}
}

func newConjunction(reqs []Requirement) *conjunction {
	c := new(conjunction)
	for _, req := range reqs {
		c.add(req)
	}
	return c
}

// add treats nil, also a nil pointer, as a requirement that nobody meets.
func (c *conjunction) add(req Requirement) {
	switch req := req.(type) {
	case nil:
		Check{}.require(c)
	case *Check:
		if req == nil {
			req = new(Check)
		}
		req.require(c)
	case *AcceptedTypes:
		if req == nil {
			req = new(AcceptedTypes)
		}
		req.require(c)
	default:
		req.require(c)
	}
}

func (c Check) require(all *conjunction) {
	if c.reverification != nil {
		all.reverifications = append(all.reverifications, c)
	} else {
		all.checks = append(all.checks, c)
	}
}

func (t AcceptedTypes) require(all *conjunction) { all.accepted.narrow(t.types) }

func (c choice) require(all *conjunction) { all.choices = append(all.choices, c) }

func (c *conjunction) require(all *conjunction) {
	all.accepted = c.accepted.within(all.accepted)
	all.checks = append(all.checks, c.checks...)
	all.reverifications = append(all.reverifications, c.reverifications...)
	all.ofPath = all.ofPath || c.ofPath
	all.choices = append(all.choices, c.choices...)
}

// within returns the types of tokens with which a caller may meet c where outer is accepted.
func (c *conjunction) within(outer acceptance) acceptance {
	types := c.accepted.within(outer)
	own := types
	for _, one := range c.choices {
		var union tokenTypes
		for i := range one.branches {
			union |= one.branches[i].within(own).accepted()
		}
		types.narrow(union)
	}
	return types
}

// judge returns the response to a caller who may not pass, or nil for one who may. The
// caller is seen with the types of c.within(outer). r is nil where there is none.
func (c *conjunction) judge(caller *Auth, r *http.Request, outer acceptance) *Refusal {
	var lacking *Refusal
	if len(c.choices) == 0 || len(c.checks)+len(c.reverifications) > 0 || c.ofPath {
		if lacking = c.judgeAlone(caller, r); lacking.isFinal() {
			return lacking
		}
	}
	types := c.accepted.within(outer)
	for _, one := range c.choices {
		f := one.judge(caller, r, types)
		if f.isFinal() {
			return f
		}
		if lacking == nil || f != nil && f.Status == http.StatusServiceUnavailable {
			lacking = f
		}
	}
	return lacking
}

// isFinal reports whether the caller may not pass whatever else is found out about them.
func (f *Refusal) isFinal() bool {
	return f != nil && f.Status != http.StatusServiceUnavailable && f.Reverification == nil
}

// distance says how far a caller is from passing: one about whom nothing could be decided
// may even be there.
func (f *Refusal) distance() int {
	switch {
	case f.Status == http.StatusServiceUnavailable:
		return 0
	case f.Reverification != nil:
		return 1
	case f.Status == http.StatusForbidden:
		return 2
	default:
		return 3
	}
}

// judgeAlone is judge without the choices of c.
func (c *conjunction) judgeAlone(caller *Auth, r *http.Request) *Refusal {
	switch {
	case caller.Err() != nil:
		return unavailable(caller)
	case !caller.IsAuthenticated():
		return unauthenticated(caller)
	}
	for _, check := range c.checks {
		if !check.holds(caller) {
			return forbidden("", "the caller may not do this")
		}
	}
	if c.ofPath && !caller.belongsTo(r) {
		return forbidden(ReasonActiveOrganizationMismatch, "the active organization is not that of the path")
	}
	for _, check := range c.reverifications {
		switch {
		case check.holds(caller):
		case caller.sessionClaims() == nil: // A machine cannot verify its identity again.
			return forbidden("", "the caller may not do this")
		default:
			return unverified(check.reverification)
		}
	}
	return nil
}

// judge returns the refusal of the branch that the caller is closest to, or nil if one is
// met.
func (c choice) judge(caller *Auth, r *http.Request, outer acceptance) *Refusal {
	var least *Refusal
	for i := range c.branches {
		branch := &c.branches[i]
		view := &Auth{record: caller.record, authOptions: caller.authOptions}
		view.authOptions.acceptance = branch.within(outer)
		f := branch.judge(view, r, outer)
		if f == nil {
			return nil
		}
		if least == nil || f.distance() < least.distance() {
			least = f
		}
	}
	if least.Status == http.StatusUnauthorized {
		return unauthenticated(caller) // which names the types of every branch
	}
	return least
}
