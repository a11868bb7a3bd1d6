package clerktest

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// shownRequest is a Request in JSON. It shows the names of parameters and not their
// values, which may be tokens.
type shownRequest struct {
	Time       time.Time `json:"time"`
	Method     string    `json:"method"`
	Path       string    `json:"path"`
	Parameters []string  `json:"parameters,omitempty"`
	Ignored    []string  `json:"ignored,omitempty"`
	Operation  string    `json:"operation,omitempty"`
	Status     int       `json:"status"` // 0 if the connection was dropped
	Code       string    `json:"code,omitempty"`
	Duration   duration  `json:"duration"`
}

func showRequest(r Request) shownRequest {
	return shownRequest{
		Time: r.Time.UTC(), Method: r.Method, Path: r.Path, Parameters: r.parameters(), Ignored: r.ignored(),
		Operation: r.Operation, Status: r.Status, Code: r.Code, Duration: duration(r.Duration),
	}
}

// parameters returns the names of the query parameters, sorted.
func (r Request) parameters() []string {
	var names []string
	for part := range strings.SplitSeq(r.Query, "&") {
		// Without a sign, the part may be a value.
		name, _, named := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); named && err == nil && plain != "" {
			names = append(names, plain)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ignored returns those of the parameters that the operation does not have.
func (r Request) ignored() []string {
	var names []string
	for _, name := range r.parameters() {
		if slices.Contains(r.Ignored, name) {
			names = append(names, name)
		}
	}
	return names
}

func (i *Instance) listRequests() listed[shownRequest] {
	var shown []shownRequest
	for _, r := range i.Requests() {
		shown = append(shown, showRequest(r))
	}
	return list(shown)
}
