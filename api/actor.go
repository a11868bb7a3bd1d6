package api

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Actor acts on behalf of a user: the impersonator in a session, or whoever received a
// token in exchange for the user's.
type Actor struct {
	// Subject identifies who acts, usually by the id of a user. It is required in an actor
	// that is sent.
	Subject string `json:"sub"`
	// Raw is the JSON that the value was decoded from, with all its members. In an actor
	// that is sent it has further members, such as iss; Subject replaces its member sub.
	Raw json.RawMessage `json:"-" clerk:"raw"`
}

var errNoObject = errors.New("api: an actor is not a JSON object")

// UnmarshalJSON decodes the member sub into Subject and keeps the whole JSON in Raw.
func (a *Actor) UnmarshalJSON(data []byte) error {
	type plain Actor
	err := json.Unmarshal(data, (*plain)(a))
	a.Raw = bytes.Clone(data)
	return err
}

// MarshalJSON encodes Raw with Subject as its member sub. Without Subject it is Raw as it
// is, or an empty object.
func (a Actor) MarshalJSON() ([]byte, error) {
	members := map[string]json.RawMessage{}
	if len(a.Raw) > 0 {
		if err := json.Unmarshal(a.Raw, &members); err != nil || members == nil {
			return nil, errNoObject
		}
	}
	if a.Subject != "" {
		subject, err := json.Marshal(a.Subject)
		if err != nil {
			return nil, err
		}
		members["sub"] = subject
	}
	return json.Marshal(members)
}
