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

// operation is one operation of the API and the code that passes a request to its field
// of Handlers.
type operation struct {
	method, path string
	name         string // with its package, as in "users.GetUser"
	status       int    // of a success
	serve        func(h *Handlers, x *exchange)
}

// exchange is one request and its response.
type exchange struct {
	operation
	w http.ResponseWriter
	r *http.Request
}

// served finds the operations of Handlers by method and path.
var operationsByPath = sync.OnceValue(func() map[string]operation {
	all := make(map[string]operation, len(operations))
	for _, o := range operations {
		all[o.method+" "+o.path] = o
	}
	return all
})

// ServeHTTP responds to one request of the Backend API, below any base path: only the
// path after the segment with the API's version, such as v1, counts.
func (h *Handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := afterVersion(r.URL.EscapedPath())
	found, _ := description.Match(r.Method, path) // whatever ids a handler takes
	if found == nil {
		fail(w, failure(http.StatusNotFound, "resource_not_found", "the API has no "+r.Method+" "+path, ""))
		return
	}
	r = r.WithContext(r.Context()) // the caller's own request stays as it is
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
	fail(x.w, failure(http.StatusNotImplemented, "not_implemented", x.name+" has no handler: set it in clerktest.Handlers, or in Instance.Handlers", ""))
}

// done responds for an operation without a result.
func (x *exchange) done(err error) {
	if err != nil {
		fail(x.w, err)
		return
	}
	x.w.WriteHeader(x.status)
}

// reply responds with what a handler returned.
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

// replyList responds with a list in the API's form: a bare array, unless the request
// has paginated=true, or an object.
func replyList[T any](x *exchange, list *clerk.List[T], form string, err error) {
	if err != nil || list == nil {
		reply(x, list, err)
		return
	}
	data := list.Data
	if data == nil {
		data = []T{}
	}
	if form == "array" {
		if x.r.URL.Query().Get("paginated") != "true" {
			x.write(data)
			return
		}
		form = "data"
	}
	x.write(map[string]any{form: data, "total_count": list.TotalCount.Or(int64(len(data)))})
}

func (x *exchange) write(result any) {
	if page, ok := result.(*clerk.HTML); ok {
		x.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		x.w.WriteHeader(x.status)
		fmt.Fprint(x.w, string(*page))
		return
	}
	body, err := json.Marshal(result)
	if err != nil {
		fail(x.w, fmt.Errorf("clerktest: the result of %s does not encode: %w", x.name, err))
		return
	}
	x.w.Header().Set("Content-Type", "application/json")
	x.w.WriteHeader(x.status)
	x.w.Write(body)
}

// fail responds with an error: a [clerk.Error] as the API would have sent it, any other
// error as 500 with its text.
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
