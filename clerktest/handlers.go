package clerktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// operation is one operation of the API and the function that passes a request to
// its field of Handlers.
type operation struct {
	method, path string
	name         string // with its package, such as "users.GetUser"
	status       int    // of a successful response
	serve        func(h *Handlers, x *exchange)
}

// exchange is one request to an operation and its response.
type exchange struct {
	operation
	w http.ResponseWriter
	r *http.Request
}

// operationsByPath maps "METHOD /path" to the operations of Handlers.
var operationsByPath = sync.OnceValue(func() map[string]operation {
	all := make(map[string]operation, len(operations))
	for _, o := range operations {
		all[o.method+" "+o.path] = o
	}
	return all
})

// ServeHTTP serves one request of the Backend API under any base path: only the
// path after the API version, such as v1, matters.
func (h *Handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := afterVersion(r.URL.EscapedPath())
	found, _ := description.Match(r.Method, path, nil) // a handler may accept any ID
	if found == nil {
		fail(w, failure(http.StatusNotFound, "resource_not_found", "the API has no "+r.Method+" "+path, ""))
		return
	}
	r = r.WithContext(r.Context()) // leave the caller's request unchanged
	for name, value := range found.PathValues(path) {
		r.SetPathValue(name, value)
	}
	o := operationsByPath()[found.Method+" "+found.Path]
	o.serve(h, &exchange{o, w, r})
}

func afterVersion(path string) string {
	rest := path
	for rest != "" {
		segment, after, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		if len(segment) > 1 && segment[0] == 'v' && strings.Trim(segment[1:], "0123456789") == "" {
			return "/" + after
		}
		rest = after
	}
	return path
}

// unset responds for an operation whose field is nil.
func (x *exchange) unset() {
	fail(x.w, failure(http.StatusNotImplemented, "not_implemented", x.name+" has no handler: set the field of clerktest.Handlers or of Instance.Handlers", ""))
}

// done responds for an operation without a result.
func (x *exchange) done(err error) {
	if err != nil {
		fail(x.w, err)
		return
	}
	x.w.WriteHeader(x.status)
}

// reply sends the result or the error of a handler.
func reply[T any](x *exchange, result *T, err error) {
	switch {
	case err != nil:
		fail(x.w, err)
	case result == nil:
		fail(x.w, fmt.Errorf("clerktest: the handler of %s returned neither a result nor an error", x.name))
	default:
		x.write(result)
	}
}

// replyList sends a list in the form that the API uses for it: an object with the
// list under the key form, or for the form "array" a bare array, unless the request
// has paginated=true.
func replyList[T any](x *exchange, list *clerk.List[T], form string, err error) {
	if err != nil || list == nil {
		reply(x, list, err)
		return
	}
	data, err := encodeAll(list.Data)
	if err != nil {
		fail(x.w, fmt.Errorf("clerktest: cannot encode the result of %s: %w", x.name, err))
		return
	}
	if form == "array" {
		if x.r.URL.Query().Get("paginated") != "true" {
			x.write(data)
			return
		}
		form = "data"
	}
	x.write(json.RawMessage(fmt.Appendf(nil, `{%q:%s,"total_count":%d}`, form, data, list.TotalCount.Or(int64(len(list.Data))))))
}

func (x *exchange) write(result any) {
	if page, ok := result.(*clerk.HTML); ok {
		x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		x.w.WriteHeader(x.status)
		fmt.Fprint(x.w, string(*page))
		return
	}
	body, err := encode(result)
	if err != nil {
		fail(x.w, fmt.Errorf("clerktest: cannot encode the result of %s: %w", x.name, err))
		return
	}
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(x.status)
	x.w.Write(body)
}

// fail sends an error: a [clerk.Error] as the API would send it, any other error as
// status 500 with the error's text.
func fail(w http.ResponseWriter, err error) {
	var sent clerk.Error
	if e, ok := errors.AsType[*clerk.Error](err); ok {
		sent = *e
	} else {
		sent = *failure(http.StatusInternalServerError, "internal", err.Error(), "")
	}
	if sent.StatusCode < 400 || sent.StatusCode > 599 {
		sent.StatusCode = http.StatusInternalServerError
	}
	if sent.Problems == nil {
		sent.Problems = []clerk.Problem{}
	}
	if sent.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(sent.RetryAfter.Seconds()+0.5)))
	}
	writeError(w, &sent)
}
