package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// emulator is the Clerk behind the service. It publishes the keys of several instances,
// one after the other, as one instance does that rotates its key.
type emulator struct {
	*clerktest.Instance
	server  *httptest.Server
	clock   *clock
	history *history

	mu        sync.Mutex
	published []*signer // the newest last
}

// signer is a key, with the instance that makes the tokens that it signs.
type signer struct {
	*clerktest.Instance
	jwk  api.JWK
	user string
}

func newSigner(name string, clock *clock) (*signer, error) {
	made, err := clerktest.NewInstance(clerktest.Seed{InstanceID: name}, clerktest.WithClock(clock.now))
	if err != nil {
		return nil, err
	}
	set, err := made.Handlers().GetJWKS(context.Background())
	if err != nil {
		return nil, err
	}
	return &signer{Instance: made, jwk: set.Keys[0], user: made.CreateUser(users.CreateUserParams{}).ID}, nil
}

func newEmulator(clock *clock, h *history) (*emulator, error) {
	made, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithClock(clock.now))
	if err != nil {
		return nil, err
	}
	e := &emulator{Instance: made, clock: clock, history: h}
	made.Handlers().GetJWKS = e.getJWKS
	e.server = httptest.NewServer(http.HandlerFunc(e.serve))
	return e, nil
}

func (e *emulator) getJWKS(context.Context) (*api.JWKS, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	set := new(api.JWKS)
	for _, s := range e.published {
		set.Keys = append(set.Keys, s.jwk)
	}
	return set, nil
}

// rotate publishes a key, which signs from now on.
func (e *emulator) rotate(s *signer) {
	e.history.publish(s.ID())
	e.mu.Lock()
	defer e.mu.Unlock()
	e.published = append(e.published, s)
}

// withdraw withdraws the oldest key and returns it, or nil if it is the only one.
func (e *emulator) withdraw() *signer {
	e.mu.Lock()
	oldest, only := e.published[0], len(e.published) == 1
	e.mu.Unlock()
	if only {
		return nil
	}
	e.history.withdraw(oldest.ID(), func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.published = slices.Clone(e.published[1:])
	})
	return oldest
}

func (e *emulator) current() *signer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.published[len(e.published)-1]
}

// fault is a way to be out of order.
type fault struct {
	name string
	clerktest.Fault
}

// faults are all ways in which Clerk is out of order here. What hangs does so for longer
// than anybody waits.
func faults() []fault {
	return []fault{
		{"responds 503", clerktest.Fault{Status: http.StatusServiceUnavailable}},
		{"hangs", clerktest.Fault{Delay: time.Minute}},
		{"responds 429", clerktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second}},
		{"drops connections", clerktest.Fault{Drop: true}},
		{"responds 500", clerktest.Fault{Status: http.StatusInternalServerError}},
		{"takes 400 ms", clerktest.Fault{Delay: 400 * time.Millisecond}},
		{"refuses the secret key", clerktest.Fault{Status: http.StatusUnauthorized}},
	}
}

const keysOperation = "GetJWKS"

var callOperations = []string{"VerifyAPIKey", "VerifyM2MToken", "VerifyOAuthAccessToken"}

// fail makes operations fail from now on, and those alone. nil stands for none.
func (e *emulator) fail(keys, calls *fault) {
	e.ClearFaults()
	inject := func(f *fault, operations ...string) string {
		if f == nil {
			return "good"
		}
		for _, operation := range operations {
			injected := f.Fault
			injected.Operation = operation
			e.Inject(injected)
		}
		return f.name
	}
	e.history.note("keys: %s, calls: %s", inject(keys, keysOperation), inject(calls, callOperations...))
}

// serve serves a request and tells the history how it went.
func (e *emulator) serve(w http.ResponseWriter, r *http.Request) {
	seen := &witness{ResponseWriter: w}
	keys := strings.HasSuffix(r.URL.Path, "/jwks")
	ended := e.history.begin(keys)
	defer func() {
		seconds, _ := strconv.Atoi(seen.Header().Get("Retry-After"))
		answered := seen.status/100 == 2 || !keys && seen.status == http.StatusNotFound
		// Who is gone has not got the response.
		o := outcome{ok: answered && r.Context().Err() == nil, pause: time.Duration(seconds) * time.Second}
		if keys && o.ok {
			var set api.JWKS
			o.ok = json.Unmarshal(seen.body, &set) == nil
			for _, k := range set.Keys {
				o.kids = append(o.kids, k.Kid)
			}
		}
		ended(o)
	}()
	e.ServeHTTP(seen, r)
}

// witness keeps what a response says.
type witness struct {
	http.ResponseWriter
	status int
	body   []byte
}

func (w *witness) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *witness) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.body = append(w.body, p...)
	return w.ResponseWriter.Write(p)
}

// close also ends what hangs.
func (e *emulator) close() {
	e.server.CloseClientConnections()
	e.server.Close()
}
