package clerktest

import (
	"net/http"
	"slices"
)

// Request is one line of an instance's log.
type Request struct {
	Operation string // the field of Handlers, as in "GetUser", or GetHandshakePayload; empty for a path that the API does not have
	Method    string
	Path      string // escaped, with the version, as in "/v1/users/user_1"
	Query     string // as it came, without the question mark
	Status    int    // 0 when the connection was dropped
}

// Requests returns the requests since the instance was created or since ClearRequests,
// the oldest first. A request is added after its response.
func (i *Instance) Requests() []Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.requests)
}

// ClearRequests empties the log.
func (i *Instance) ClearRequests() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.requests = nil
}

// maxRequests bounds the log of an emulator that runs for days.
const maxRequests = 10_000

func (i *Instance) logRequest(r Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.requests) >= maxRequests {
		i.requests = slices.Delete(i.requests, 0, maxRequests/10)
	}
	i.requests = append(i.requests, r)
}

// recorder remembers the status of a response.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
