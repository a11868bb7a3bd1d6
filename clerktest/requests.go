package clerktest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

// Request is one entry in an instance's log of requests.
type Request struct {
	Operation string // a field of Handlers, such as "GetUser", or "GetHandshakePayload"; empty if the API does not have the path
	Method    string
	Path      string // escaped, with the version, such as "/v1/users/user_1"
	Query     string // raw, without the question mark
	// Ignored are the query parameters that the operation does not have.
	Ignored  []string
	Status   int    // 0 if the connection was dropped
	Code     string // of the first problem of an error
	Time     time.Time
	Duration time.Duration
}

// Requests returns the requests that the instance has served since its creation or
// since ClearRequests, oldest first. A request is listed after its response is sent.
func (i *Instance) Requests() []Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.requests)
}

// ClearRequests removes every entry from the log that Requests returns.
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

// begun returns the entry of a request that begins, and a function that completes it when
// the response is sent.
func (i *Instance) begun(r *http.Request, rec *recorder) (line Request, ended func(*Request)) {
	began := time.Now()
	return Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Time: i.now()}, func(line *Request) {
		line.Status, line.Code, line.Duration = rec.status, rec.code, time.Since(began)
	}
}

// record writes a request to the logger.
func (i *Instance) record(r Request) {
	attributes := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.Path), slog.String("operation", r.Operation),
		slog.Int("status", r.Status), slog.Duration("duration", r.Duration),
	}
	if names := r.parameters(); len(names) > 0 {
		attributes = append(attributes, slog.Any("parameters", names))
	}
	if r.Code != "" {
		attributes = append(attributes, slog.String("code", r.Code))
	}
	if names := r.ignored(); len(names) > 0 {
		attributes = append(attributes, slog.Any("ignored", names))
	}
	i.logger.LogAttrs(context.Background(), slog.LevelInfo, "request", attributes...)
}

// recorder records the status of a response and the code of an error.
type recorder struct {
	http.ResponseWriter
	status int
	code   string
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
