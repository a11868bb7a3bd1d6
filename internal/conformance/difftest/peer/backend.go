package peer

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// A Backend is a fake Backend API on loopback. Each case has a base URL of its own, at
// which the Backend sends the replies of the case and records its calls.
type Backend struct {
	server *httptest.Server
	keys   string

	mu    sync.Mutex
	apis  map[string]generator.API
	calls map[string][]Call
}

// NewBackend starts the API of an instance with those keys.
func NewBackend(keys *generator.Keys) *Backend {
	b := &Backend{
		keys: keys.Set(generator.MainKey, generator.NextKey, generator.LongKey, generator.OpenKey, generator.SealKey),
		apis: map[string]generator.API{}, calls: map[string][]Call{},
	}
	b.server = httptest.NewServer(http.HandlerFunc(b.serve))
	return b
}

// Close stops the API.
func (b *Backend) Close() { b.server.Close() }

// RoundTrip serves a client in this process without a connection, which could be too
// slow on a busy machine: the time limits of clients follow the real clock.
func (b *Backend) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		switch stopped := recover(); stopped {
		case nil:
		case http.ErrAbortHandler:
			response, err = nil, io.ErrUnexpectedEOF
		default:
			panic(stopped)
		}
	}()
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	b.serve(recorder, r)
	return recorder.Result(), nil
}

// Open returns the base URL of a case. Its name must be unique.
func (b *Backend) Open(name string, api generator.API) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.apis[name] = api
	return b.server.URL + "/" + name
}

// Forget removes a case and returns the calls that it made, without repetitions.
func (b *Backend) Forget(name string) []Call {
	b.mu.Lock()
	defer b.mu.Unlock()
	calls := b.calls[name]
	delete(b.apis, name)
	delete(b.calls, name)
	return slices.CompactFunc(calls, func(a, b Call) bool { return a.Path == b.Path && a.Query == b.Query && a.Body == b.Body })
}

func (b *Backend) serve(w http.ResponseWriter, r *http.Request) {
	name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	b.mu.Lock()
	api, known := b.apis[name]
	b.mu.Unlock()
	operation := strings.TrimPrefix(path, "v1/")
	reply := api.Verify
	switch {
	case !known:
		reply = generator.Reply{}
	case operation == "jwks" && !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer sk_"):
		reply = generator.Reply{Status: http.StatusUnauthorized, Body: `{"errors":[{"code":"authentication_invalid","message":"no"}]}`}
	case operation == "jwks":
		if reply = api.Keys; reply == (generator.Reply{}) {
			reply = generator.Reply{Status: http.StatusOK, Body: b.keys}
		}
	case operation == "clients/handshake_payload":
		reply = api.Nonce
	case strings.HasPrefix(operation, "sessions/"):
		reply = api.Refresh
	}
	if operation != "jwks" {
		b.record(name, path, r)
	}
	write(w, reply)
}

func (b *Backend) record(name, path string, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	call := Call{Method: r.Method, Path: path, Query: r.URL.RawQuery, Key: key}
	call.Body, call.RequestHeaders = dissect(body)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls[name] = append(b.calls[name], call)
}

// dissect separates request_headers from the rest of a body.
func dissect(body []byte) (rest string, headers map[string]string) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return string(body), nil
	}
	sent, _ := members["request_headers"].(map[string]any)
	for name, values := range sent {
		list, _ := values.([]any)
		if headers == nil {
			headers = map[string]string{}
		}
		headers[name] = fmt.Sprint(list...)
	}
	delete(members, "request_headers")
	return string(ToJSON(members)), headers
}

func write(w http.ResponseWriter, reply generator.Reply) {
	if reply.Broken {
		panic(http.ErrAbortHandler)
	}
	if reply.Status == 0 {
		reply = generator.Reply{Status: http.StatusNotFound, Body: `{"errors":[{"code":"resource_not_found","message":"not found"}]}`}
	}
	if reply.ContentType == "" {
		reply.ContentType = "application/json"
	}
	w.Header().Set("Content-Type", reply.ContentType)
	w.WriteHeader(reply.Status)
	io.WriteString(w, reply.Body)
}
