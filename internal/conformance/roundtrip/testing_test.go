package roundtrip

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// withEachDocument runs a test with each description as the judge. The examples always
// come from the project's own.
func withEachDocument(t *testing.T, test func(t *testing.T, own, judge *schema.Document)) {
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

// A response is an example of a response that an operation has.
type response struct {
	status int
	media  string
	json   any // the example; nil for a response without JSON
	body   []byte
}

// responses returns a response for each example of each 2xx of an operation.
func responses(t *testing.T, o *schema.Operation, mode examples.Mode) []response {
	t.Helper()
	var all []response
	for code, documented := range o.Successes() {
		status, err := strconv.Atoi(code)
		if err != nil {
			t.Fatalf("%s has the status %q", o, code)
		}
		switch body := schema.Body(documented.Content, "application/json"); {
		case body != nil:
			m := &examples.Maker{Mode: mode, Enums: true}
			for _, v := range m.All(body) {
				data, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, response{status, "application/json", v, data})
			}
		case len(documented.Content) > 0:
			t.Fatalf("%s has responses of the types %v", o, slices.Sorted(maps.Keys(documented.Content)))
		case documented.Extensions["x-go-type"] == "clerk.HTML":
			all = append(all, response{status, "text/html", nil, []byte("<html>ä</html>")})
		default:
			all = append(all, response{status: status})
		}
	}
	return all
}

// An exchange is one call of a function, and what the server found in it.
type exchange struct {
	function  *Function
	operation *schema.Operation
	arguments *schema.Arguments
	response  response

	requests    int
	requestErr  error // what is wrong with the request
	responseErr error // what is wrong with the response
}

// A server serves one exchange at a time, and validates it against a document.
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
	s.client, err = clerk.New("sk_test_contract", clerk.WithBaseURL(srv.URL+schema.Base), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.current
	x.requests++
	checked, err := s.judge.Request(r)
	switch {
	case err != nil:
		x.requestErr = err
	case checked.Operation.String() != x.operation.String():
		x.requestErr = fmt.Errorf("arrived as %s", checked.Operation)
	default:
		x.requestErr = x.arguments.Arrived(x.operation, checked.Path, r)
	}
	if x.response.media != "" {
		w.Header().Set("Content-Type", x.response.media)
	}
	if checked != nil && x.response.media != "text/html" {
		x.responseErr = checked.Response(r.Context(), x.response.status, w.Header(), x.response.body)
	}
	w.WriteHeader(x.response.status)
	_, _ = w.Write(x.response.body)
}

// call calls the function of an exchange and returns its results.
func (s *server) call(t *testing.T, x *exchange) (any, error) {
	t.Helper()
	s.current = x
	got, err := x.function.Invoke(t.Context(), s.client, x.arguments.IDs, x.arguments.Params)
	if x.requests != 1 {
		t.Errorf("%s sent %d requests, want 1", x.function.Name(), x.requests)
	}
	return got, err
}
