package clerktest

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// adminPath is where a started instance serves what steers it.
const adminPath = "/_emulator/"

// adminDescription describes the requests and responses under adminPath.
//
//go:embed admin.openapi.json
var adminDescription []byte

// maxAdminBody is the most that a request may send: a seed of many thousand users.
const maxAdminBody = 256 << 20

// admin returns the handler of what is under adminPath: the methods of Instance for
// programs that are not written in Go. Whoever reaches it may do everything, so it refuses
// what pages of other origins send.
func (i *Instance) admin() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(r *http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxAdminBody)
			response, err := f(r)
			if err != nil {
				fail(w, err)
				return
			}
			writeJSON(w, response)
		})
	}
	mux.HandleFunc("GET "+adminPath+"{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(adminDescription)
	})
	handle("POST "+adminPath+"reset", func(*http.Request) (any, error) { return i.counted(i.Reset()) })
	handle("GET "+adminPath+"export", func(*http.Request) (any, error) { return i.Seed(), nil })
	handle("PUT "+adminPath+"seed", func(r *http.Request) (any, error) { return i.seedFrom(r, i.SetSeed) })
	handle("POST "+adminPath+"seed", func(r *http.Request) (any, error) { return i.seedFrom(r, i.AddSeed) })
	handle("GET "+adminPath+"faults", func(*http.Request) (any, error) { return i.listFaults(), nil })
	handle("POST "+adminPath+"faults", i.addFault)
	handle("DELETE "+adminPath+"faults", func(*http.Request) (any, error) {
		i.ClearFaults()
		return i.listFaults(), nil
	})
	handle("GET "+adminPath+"clock", func(*http.Request) (any, error) { return i.showClock(), nil })
	handle("POST "+adminPath+"clock", i.steerClock)
	handle("GET "+adminPath+"requests", func(*http.Request) (any, error) { return i.listRequests(), nil })
	handle("DELETE "+adminPath+"requests", func(*http.Request) (any, error) {
		i.ClearRequests()
		return i.listRequests(), nil
	})
	handle("GET "+adminPath+"emails", func(*http.Request) (any, error) { return list(i.Messages()), nil })
	i.addWebhooks(handle, mux)
	mux.HandleFunc("POST "+adminPath+"sign-in", i.signInAs)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeError(w, failure(http.StatusNotFound, "resource_not_found", "there is no "+r.Method+" "+r.URL.Path+"; GET "+adminPath+" describes what there is", ""))
	})
	return sameOriginOnly(mux, nothing)
}

// listed is a list in a response.
type listed[T any] struct {
	Data       []T `json:"data"`
	TotalCount int `json:"total_count"`
}

func list[T any](data []T) listed[T] {
	return listed[T]{Data: notNil(data), TotalCount: len(data)}
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(append(body, '\n'))
}

// readJSON reads the body of a request, which must have no members that v does not have.
func readJSON(r *http.Request, v any) error {
	data, err := readBody(r)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err = d.Decode(v)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more follows the JSON value")
		}
	}
	if err != nil {
		return failure(http.StatusUnprocessableEntity, "request_body_invalid", "the body is not as described at "+adminPath+": "+err.Error(), "")
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return nil, failure(http.StatusRequestEntityTooLarge, "request_body_too_large", "the body is too large", "")
	}
	if err != nil {
		return nil, failure(http.StatusBadRequest, "request_body_invalid", "the body cannot be read", "")
	}
	return data, nil
}

// seedFrom passes the seed in a request on.
func (i *Instance) seedFrom(r *http.Request, use func(Seed) error) (any, error) {
	data, err := readBody(r)
	if err != nil {
		return nil, err
	}
	seed, err := ParseSeed(data)
	if err == nil {
		err = use(seed)
	}
	return i.counted(err)
}

// counted returns the number of resources of each kind, or the error of a refused seed.
func (i *Instance) counted(err error) (any, error) {
	if errors.Is(err, store.ErrReadOnly) {
		return nil, err
	}
	if err != nil {
		return nil, failure(http.StatusUnprocessableEntity, "seed_invalid", err.Error(), "")
	}
	return map[string]map[string]int{"counts": i.counts()}, nil
}

// counts returns the number of resources in each table.
func (i *Instance) counts() map[string]int {
	var counts map[string]int
	i.store.Read(func() { counts = i.store.Sizes() })
	return counts
}

// clockState is the clock of an instance in a response.
type clockState struct {
	Now time.Time `json:"now"`
	// Ahead is a duration such as 1h30m0s, by which the clock differs from that of the
	// computer.
	Ahead string `json:"ahead"`
}

func (i *Instance) showClock() clockState {
	return clockState{i.now().UTC(), i.clock.ahead().String()}
}

func (i *Instance) steerClock(r *http.Request) (any, error) {
	var move struct {
		Advance duration  `json:"advance"`
		Now     time.Time `json:"now"`
	}
	if err := readJSON(r, &move); err != nil {
		return nil, err
	}
	if (move.Advance == 0) == move.Now.IsZero() {
		return nil, invalid("form_param_missing", "advance", "is a duration such as 1h, or now is a time such as 2026-01-31T12:00:00Z")
	}
	err := i.moveClock(func() (time.Duration, error) {
		if move.Now.IsZero() {
			return i.clock.after(time.Duration(move.Advance))
		}
		return i.clock.until(move.Now)
	})
	if errors.Is(err, errClock) {
		return nil, invalid("form_param_value_invalid", "clock", "cannot be moved there: %v", err)
	}
	if err != nil {
		return nil, err
	}
	return i.showClock(), nil
}
