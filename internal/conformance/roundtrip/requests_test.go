package roundtrip

import (
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// TestRequests calls every function with all parameters, with the required ones, and
// with null wherever it is allowed, for all branches of unions and all values of enums.
// The request that arrives must be valid and have exactly these parameters.
func TestRequests(t *testing.T) {
	t.Parallel()
	withEachDocument(t, func(t *testing.T, own, judge *schema.Document) {
		s := newServer(t, judge)
		valid, calls := 0, 0
		for i := range All {
			f := &All[i]
			n, problems := s.requests(t, f, own.Operation(f.Method, f.Path))
			for _, problem := range problems {
				t.Errorf("%s, %s", f.Name(), problem)
			}
			if calls += n; len(problems) == 0 {
				valid++
			}
		}
		t.Logf("%d of %d functions send valid requests, in %d calls", valid, len(All), calls)
	})
}

// requests makes all calls of a function, and returns their number and what is wrong
// with them.
func (s *server) requests(t *testing.T, f *Function, o *schema.Operation) (calls int, problems []string) {
	t.Helper()
	success := responses(t, o, examples.Full)[0]
	for _, mode := range examples.Modes {
		given, err := schema.MakeArguments(&examples.Maker{Mode: mode, Enums: true}, o, f.Params())
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", mode, err))
		}
		for _, a := range given {
			calls++
			x := &exchange{function: f, operation: o, arguments: a, response: success}
			if _, err := s.call(t, x); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", mode, err))
			}
			if x.requestErr != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", mode, x.requestErr))
			}
		}
	}
	return calls, problems
}
