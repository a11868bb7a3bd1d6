package auth

import (
	"errors"
	"fmt"
)

// check returns an error if no caller whom a authenticates can satisfy the requirements.
func (want *requirements) check(a *Authenticator) error {
	accepted := want.accepted.accepted() & a.accepted
	switch {
	case accepted != 0:
	case want.accepted.stated:
		return fmt.Errorf("Accepts names no type of token that the Authenticator accepts, which is %s: "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS names others", a.accepted)
	default:
		return fmt.Errorf("without Accepts an endpoint takes session tokens, and the Authenticator accepts %s: "+
			"add Accepts, or name session_token in WithAcceptedTokens or CLERK_ACCEPTED_TOKENS", a.accepted)
	}
	var ofSession, ofMachine string
	for _, c := range append(want.checks[:len(want.checks):len(want.checks)], want.reverifications...) {
		switch {
		case c.fault != "":
			return fmt.Errorf("%s: %s", c.text, c.fault)
		case c.text == "":
			return errors.New("a requirement is nil or zero")
		case c.ofMachine != nil:
			ofMachine = c.text
		default:
			ofSession = c.text
		}
	}
	switch {
	case ofSession != "" && ofMachine != "":
		return fmt.Errorf("%s is for sessions and %s for machines: nobody is both", ofSession, ofMachine)
	case ofMachine != "" && accepted == sessionTokens:
		return fmt.Errorf("%s is for machines, and the endpoint takes only sessions: add Accepts with a type that "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS names", ofMachine)
	case ofSession != "" && !accepted.has(SessionToken):
		return fmt.Errorf("%s is for sessions, and the endpoint takes only %s: name session_token in Accepts, and in "+
			"WithAcceptedTokens or CLERK_ACCEPTED_TOKENS", ofSession, accepted)
	default:
		return nil
	}
}
