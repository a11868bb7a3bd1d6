package auth

import (
	"encoding/json"
)

// machine is a verified token of another kind than a session's. It never changes.
type machine struct {
	kind                        TokenType
	id, subject, name, clientID string
	scopes                      []string
	claims                      json.RawMessage // nil for none; of an opaque token
	jwt                         *Claims         // nil for an opaque token
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
