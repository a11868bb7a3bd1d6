package auth

import (
	"encoding/json"
	"time"
)

// machine is a verified token other than a session token. It never changes.
type machine struct {
	kind                        TokenType
	id, subject, name, clientID string
	scopes                      []string
	claims                      json.RawMessage // of an opaque token; may be nil
	jwt                         *Claims         // nil for an opaque token
	actor                       *Actor          // who uses an OAuth token on the user's behalf; nil if nobody else does
	expires                     time.Time       // zero if it does not expire
}

// customClaims returns the claims of a JWT other than the registered ones.
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
	// A map that was just decoded can be encoded.
	custom, _ := json.Marshal(all)
	return custom
}
