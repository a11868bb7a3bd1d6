// Package peer runs both sides of the comparison on the same cases: package auth, and
// its peer, Clerk's JavaScript SDK in a Node process. Both call a fake Backend API.
package peer

import "encoding/json"

// An Outcome is what one side decides about a request.
type Outcome struct {
	// Error is the error of a side that cannot authenticate the request at all. All
	// other fields are empty then.
	Error            string   `json:"error,omitempty"`
	Status           string   `json:"status"`
	Reason           string   `json:"reason"`
	TokenType        string   `json:"tokenType"`
	Location         string   `json:"location"`
	CacheControl     string   `json:"cacheControl"`
	AllowOrigin      string   `json:"allowOrigin"`
	AllowCredentials string   `json:"allowCredentials"`
	Cookies          []string `json:"cookies"`
	AuthStatus       string   `json:"authStatus"`
	AuthReason       string   `json:"authReason"`
	AuthMessage      bool     `json:"authMessage"` // whether there is a message, which differs in wording
	Undecided        bool     `json:"undecided"`   // nobody is signed in because of an outage
	Auth             *Auth    `json:"auth"`
	EndpointAuth     *Auth    `json:"endpointAuth"` // for an endpoint that takes some token types only
	PendingAuth      *Auth    `json:"pendingAuth"`  // when pending sessions count as signed in
	Calls            []Call   `json:"calls"`        // of the API, except for keys

	Branches []string `json:"branches,omitempty"` // that the JavaScript SDK went through; not compared
}

// An Auth is what an endpoint learns about the caller.
type Auth struct {
	Threw           bool     `json:"threw,omitempty"`
	IsAuthenticated bool     `json:"isAuthenticated"`
	TokenType       string   `json:"tokenType"`
	UserID          string   `json:"userId"`
	SessionID       string   `json:"sessionId"`
	SessionStatus   string   `json:"sessionStatus"`
	OrgID           string   `json:"orgId"`
	OrgSlug         string   `json:"orgSlug"`
	OrgRole         string   `json:"orgRole"`
	OrgPermissions  []string `json:"orgPermissions"`
	Actor           JSON     `json:"actor"`
	Claims          JSON     `json:"claims"`
	Token           string   `json:"token"`
	ID              string   `json:"id"`
	Subject         string   `json:"subject"`
	Name            string   `json:"name"`
	ClientID        string   `json:"clientId"`
	MachineID       string   `json:"machineId"`
	Scopes          []string `json:"scopes"`
	Has             string   `json:"has"` // 1 or 0 for each Ask of the case
}

// JSON is a value in canonical form, so that it can be compared as a string. It is
// empty for null.
type JSON string

// UnmarshalJSON accepts the value in any form.
func (j *JSON) UnmarshalJSON(text []byte) error {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	*j = ""
	if v == nil {
		return nil
	}
	text, err := json.Marshal(v)
	*j = JSON(text)
	return err
}

// MarshalJSON returns the value.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j == "" {
		return []byte("null"), nil
	}
	return []byte(j), nil
}

// ToJSON returns the canonical form of a value, and panics if JSON has no such value.
func ToJSON(v any) JSON {
	var j JSON
	text, err := json.Marshal(v)
	if err != nil || j.UnmarshalJSON(text) != nil {
		panic("peer: not a JSON value")
	}
	return j
}

// A Call is one request to the Backend API.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query"`
	Key    string `json:"key"`  // of the Authorization header
	Body   string `json:"body"` // without request_headers
	// RequestHeaders are the headers that a refresh sends along, by name.
	RequestHeaders map[string]string `json:"requestHeaders"`
}

// Clone returns a copy that can be changed without changing o, except for elements
// of its slices.
func (o Outcome) Clone() Outcome {
	for _, auth := range []**Auth{&o.Auth, &o.PendingAuth, &o.EndpointAuth} {
		if *auth != nil {
			*auth = new(**auth)
		}
	}
	return o
}
