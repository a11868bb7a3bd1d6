// Package peer has the two sides of the comparison give their answers to the same
// cases: Clerk's JavaScript SDK in a Node process, and package auth, both in front
// of one API on loopback.
package peer

import "encoding/json"

// Answer is what one side makes of a request.
type Answer struct {
	// Error says why the request could not be judged at all; every other field is
	// empty then.
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
	AuthMessage      bool     `json:"authMessage"` // whether there is a message; each side has its own words
	Undecided        bool     `json:"undecided"`   // an outage, not the caller, is why nobody is signed in
	Auth             *Auth    `json:"auth"`
	EndpointAuth     *Auth    `json:"endpointAuth"` // for an endpoint that takes only some kinds
	PendingAuth      *Auth    `json:"pendingAuth"`  // when pending sessions count as signed in
	Calls            []Call   `json:"calls"`        // of the API, other than for keys

	Rows []string `json:"rows,omitempty"` // of the JavaScript SDK's tables that decided; not compared
}

// Auth is what an endpoint learns about the caller.
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
	Has             string   `json:"has"` // a 1 or 0 for each question
}

// JSON is a value in one spelling, so that it can be compared as text. It is empty
// for null.
type JSON string

// UnmarshalJSON takes any spelling of the value.
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

// MarshalJSON gives the value.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j == "" {
		return []byte("null"), nil
	}
	return []byte(j), nil
}

// ToJSON spells a value, which must be one that JSON has.
func ToJSON(v any) JSON {
	var j JSON
	text, err := json.Marshal(v)
	if err != nil || j.UnmarshalJSON(text) != nil {
		panic("judge: no JSON value")
	}
	return j
}

// Call is one request to the Backend API.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Query  string `json:"query"`
	Key    string `json:"key"`  // of the Authorization header
	Body   string `json:"body"` // without what it tells of the request
	// Told are the headers of the request that a refresh is for, by name.
	Told map[string]string `json:"told"`
}

// Clone copies the answer, so that a change of the copy does not reach it.
func (a Answer) Clone() Answer {
	for _, auth := range []**Auth{&a.Auth, &a.PendingAuth, &a.EndpointAuth} {
		if *auth != nil {
			*auth = new(**auth)
		}
	}
	return a
}
