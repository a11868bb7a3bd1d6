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

// Double is a Backend API on loopback. Each case has an address of its own, where
// what its API says is told, and where its calls are counted.
type Double struct {
	server *httptest.Server
	keys   string

	mu    sync.Mutex
	apis  map[string]generator.API
	calls map[string][]Call
}

// NewDouble starts the API of an instance with those keys.
func NewDouble(keys *generator.Keys) *Double {
	d := &Double{
		keys: keys.Set(generator.MainKey, generator.NextKey, generator.LongKey, generator.OpenKey, generator.SealKey),
		apis: map[string]generator.API{}, calls: map[string][]Call{},
	}
	d.server = httptest.NewServer(http.HandlerFunc(d.serve))
	return d
}

// Close ends the API.
func (d *Double) Close() { d.server.Close() }

// RoundTrip answers a client in this process. There is no connection that a busy
// machine could be slow with, as the clients' time limits are of the real clock.
func (d *Double) RoundTrip(r *http.Request) (response *http.Response, err error) {
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
	d.serve(recorder, r)
	return recorder.Result(), nil
}

// Open gives the address of a case's API. The name must be its own.
func (d *Double) Open(name string, api generator.API) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.apis[name] = api
	return d.server.URL + "/" + name
}

// Shut forgets the API of a case and gives the calls it got, repetitions left out.
func (d *Double) Shut(name string) []Call {
	d.mu.Lock()
	defer d.mu.Unlock()
	calls := d.calls[name]
	delete(d.apis, name)
	delete(d.calls, name)
	return slices.CompactFunc(calls, func(a, b Call) bool { return a.Path == b.Path && a.Body == b.Body })
}

func (d *Double) serve(w http.ResponseWriter, r *http.Request) {
	name, path, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	d.mu.Lock()
	api, known := d.apis[name]
	d.mu.Unlock()
	operation := strings.TrimPrefix(path, "v1/")
	reply := api.Verify
	switch {
	case !known:
		reply = generator.Reply{}
	case operation == "jwks" && !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer sk_"):
		reply = generator.Reply{Status: http.StatusUnauthorized, Body: `{"errors":[{"code":"authentication_invalid","message":"no"}]}`}
	case operation == "jwks":
		if reply = api.Keys; reply == (generator.Reply{}) {
			reply = generator.Reply{Status: http.StatusOK, Body: d.keys}
		}
	case operation == "clients/handshake_payload":
		reply = api.Nonce
	case strings.HasPrefix(operation, "sessions/"):
		reply = api.Refresh
	}
	if operation != "jwks" {
		d.record(name, path, r)
	}
	write(w, reply)
}

func (d *Double) record(name, path string, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	call := Call{Method: r.Method, Path: path, Query: r.URL.RawQuery, Key: key}
	call.Body, call.Told = dissect(body)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[name] = append(d.calls[name], call)
}

// dissect takes apart what a body says and what it tells of the request.
func dissect(body []byte) (rest string, told map[string]string) {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return string(body), nil
	}
	headers, _ := members["request_headers"].(map[string]any)
	for name, values := range headers {
		list, _ := values.([]any)
		if told == nil {
			told = map[string]string{}
		}
		told[name] = fmt.Sprint(list...)
	}
	delete(members, "request_headers")
	return string(ToJSON(members)), told
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
