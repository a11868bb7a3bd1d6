package auth

import (
	"encoding/json"
	"slices"
	"strings"
)

// machine is a verified token of another kind than a session's. It never changes.
type machine struct {
	kind                        TokenType
	id, subject, name, clientID string
	scopes                      []string
	claims                      json.RawMessage // nil for none; of an opaque token
	jwt                         *Claims         // nil for an opaque token
}

// machine gives the verified token of a machine that is accepted here, or nil.
func (a *Auth) machine() *machine {
	if a == nil || a.record == nil || a.record.machine == nil || !a.authOptions.accepted().has(a.record.machine.kind) {
		return nil
	}
	return a.record.machine
}

// describe fills in what m tells, if there is one.
func (a *Auth) describe(m *machine) {
	if m == nil {
		return
	}
	a.ID, a.Subject, a.Name = m.id, m.subject, m.name
	a.Scopes = slices.Clone(m.scopes)
	switch m.kind {
	case APIKey:
		if strings.HasPrefix(m.subject, "user_") {
			a.UserID = m.subject
		}
		if strings.HasPrefix(m.subject, "org_") {
			a.OrganizationID = m.subject
		}
	case M2MToken:
		a.MachineID = m.subject
	case OAuthToken:
		a.UserID, a.ClientID = m.subject, m.clientID
	}
}

// MachineClaims gives the JSON value that was attached to an API key or an M2M
// token when it was made, for the caller to keep. It is nil for a token that has
// none, and for every other caller.
func (a *Auth) MachineClaims() json.RawMessage {
	m := a.machine()
	switch {
	case m == nil:
		return nil
	case m.jwt != nil && m.kind == M2MToken:
		return customClaims(m.jwt)
	default:
		return slices.Clone(m.claims)
	}
}

// customClaims gives the claims of a JWT that are not its own business.
func customClaims(c *Claims) json.RawMessage {
	var all map[string]json.RawMessage
	if err := c.Decode(&all); err != nil {
		return nil
	}
	for _, name := range [...]string{"iss", "sub", "exp", "nbf", "iat", "jti"} {
		delete(all, name)
	}
	if len(all) == 0 {
		return nil
	}
	// What was just decoded encodes.
	custom, _ := json.Marshal(all)
	return custom
}
