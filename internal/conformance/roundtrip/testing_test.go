// Package contract calls every function of the SDK and holds what it sends and
// what it reads against the description of the API, the project's own and the
// published one.
package roundtrip

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// against runs a test for each description, on the same examples.
func against(t *testing.T, test func(t *testing.T, own, judge *schema.Document)) {
	own := schema.Own(t)
	t.Run("own", func(t *testing.T) {
		t.Parallel()
		test(t, own, own)
	})
	t.Run("published", func(t *testing.T) {
		t.Parallel()
		test(t, own, schema.Published(t))
	})
}

// answer is one that a description has for an operation.
type answer struct {
	status int
	media  string
	json   any // the example; nil for an answer that is none
	body   []byte
}

// answers returns an answer for each example of each 2xx of an operation.
func answers(t *testing.T, o *schema.Operation, mode examples.Mode) []answer {
	t.Helper()
	var all []answer
	for code, response := range o.Successes() {
		status, err := strconv.Atoi(code)
		if err != nil {
			t.Fatalf("%s: the status %q", o, code)
		}
		switch example := schema.Body(response.Content, "application/json"); {
		case example != nil:
			m := &examples.Maker{Mode: mode, Enums: true}
			for _, v := range m.All(example) {
				body, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, answer{status, "application/json", v, body})
			}
		case len(response.Content) > 0:
			t.Fatalf("%s answers %v", o, mediaTypes(response.Content))
		case response.Extensions["x-go-type"] == "clerk.HTML":
			all = append(all, answer{status, "text/html", nil, []byte("<html>ä</html>")})
		default:
			all = append(all, answer{status: status})
		}
	}
	return all
}

func mediaTypes(c openapi3.Content) []string {
	var all []string
	for name := range c {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// exchange is one call: what it is to send, what it is answered, and what came
// of it.
type exchange struct {
	function  *Function
	operation *schema.Operation
	arguments *schema.Arguments
	answer    answer
	sent      error // what is wrong with the request
	answered  error // what is wrong with the answer
	requests  int
}

// server answers one exchange at a time, and judges it.
type server struct {
	judge   *schema.Document
	current *exchange
	client  *clerk.Client
}

func newServer(t *testing.T, judge *schema.Document) *server {
	t.Helper()
	s := &server{judge: judge}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	var err error
	s.client, err = clerk.New("sk_test_contract", clerk.WithBaseURL(srv.URL+schema.Base), clerk.WithRetryLimit(0))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.current
	x.requests++
	checked, err := s.judge.Request(r)
	if x.sent = err; err == nil && checked.Operation.String() != x.operation.String() {
		t := checked.Operation.String()
		x.sent = &wrongOperation{t}
	}
	if x.sent == nil {
		x.sent = x.arguments.Arrived(x.operation, checked.Path, r)
	}
	if x.answer.media != "" {
		w.Header().Set("Content-Type", x.answer.media)
	}
	if checked != nil && x.answer.media != "text/html" {
		x.answered = checked.Answer(r.Context(), x.answer.status, w.Header(), x.answer.body)
	}
	w.WriteHeader(x.answer.status)
	_, _ = w.Write(x.answer.body)
}

type wrongOperation struct{ arrived string }

func (e *wrongOperation) Error() string { return "it arrived as " + e.arrived }

// call makes an exchange and returns what the function does.
func (s *server) call(t *testing.T, x *exchange) (any, error) {
	t.Helper()
	s.current = x
	got, err := x.function.Invoke(t.Context(), s.client, x.arguments.IDs, x.arguments.Params)
	if x.requests != 1 {
		t.Errorf("%s sent %d requests", x.function.Name(), x.requests)
	}
	return got, err
}
