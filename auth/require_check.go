package auth

import (
	"errors"
	"fmt"
)

// check returns the types of tokens with which a caller can meet c where a authenticates
// and outer is accepted, or an error that says why nobody can.
func (c *conjunction) check(a *Authenticator, outer acceptance) (tokenTypes, error) {
	types := c.accepted.within(outer)
	can := types.accepted() & a.accepted
	if len(c.choices) > 0 && !types.stated {
		can = a.accepted // Each branch says for itself.
	}
	switch {
	case can != 0:
	case types.stated:
		return 0, fmt.Errorf("Accepts names no type of token that the Authenticator accepts, which is %s: "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS names others", a.accepted)
	default:
		return 0, fmt.Errorf("without Accepts an endpoint takes session tokens, and the Authenticator accepts %s: "+
			"add Accepts, or name session_token in WithAcceptedTokens or CLERK_ACCEPTED_TOKENS", a.accepted)
	}
	can, err := c.checkAlone(a, can)
	if err != nil {
		return 0, err
	}
	for _, one := range c.choices {
		union, err := one.check(a, types, can)
		if err != nil {
			return 0, err
		}
		can &= union // which is not empty, because every branch has one of them
	}
	return can, nil
}

// checkAlone is check without the choices of c. can has the types that are accepted.
func (c *conjunction) checkAlone(a *Authenticator, can tokenTypes) (tokenTypes, error) {
	var ofSession, ofMachine string
	for _, check := range append(c.checks[:len(c.checks):len(c.checks)], c.reverifications...) {
		switch {
		case check.fault != "":
			return 0, fmt.Errorf("%s: %s", check.text, check.fault)
		case check.text == "":
			return 0, errors.New("a requirement is nil or zero")
		case check.ofAnybody != nil:
		case check.ofMachine != nil:
			ofMachine = check.text
		default:
			ofSession = check.text
		}
	}
	switch {
	case ofSession != "" && ofMachine != "":
		return 0, fmt.Errorf("%s is for sessions and %s for machines: nobody is both", ofSession, ofMachine)
	case ofMachine != "" && can == sessionTokens:
		return 0, fmt.Errorf("%s is for machines, and the endpoint takes only sessions: add Accepts with a type that "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS names", ofMachine)
	case ofSession != "" && !can.has(SessionToken):
		return 0, fmt.Errorf("%s is for sessions, and the endpoint takes only %s: name session_token in Accepts, and in "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS", ofSession, can)
	case c.ofPath && !a.organizations.any():
		return 0, errors.New("OrganizationOfPath: no path names an organization: set WithOrganizationPatterns or CLERK_ORGANIZATION_PATTERNS, " +
			"or WithPersonalAccountPatterns or CLERK_PERSONAL_ACCOUNT_PATTERNS")
	}
	if ofSession != "" {
		can &= sessionTokens
	}
	if ofMachine != "" {
		can &^= sessionTokens
	}
	return can, nil
}

// check returns the types of tokens that meet one of the branches. can has those that meet
// everything beside the choice.
func (c choice) check(a *Authenticator, outer acceptance, can tokenTypes) (union tokenTypes, err error) {
	for i := range c.branches {
		types, err := c.branches[i].check(a, outer)
		switch {
		case err != nil:
			return 0, fmt.Errorf("requirement %d of AnyOf: %w", i+1, err)
		case types&can == 0:
			return 0, fmt.Errorf("requirement %d of AnyOf takes %s, and what is required beside AnyOf only %s", i+1, types, can)
		}
		union |= types
	}
	return union, nil
}
