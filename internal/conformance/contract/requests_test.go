package contract

import (
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/document"
	"github.com/backend-sdk/clerk-go/internal/conformance/example"
	"github.com/backend-sdk/clerk-go/internal/conformance/functions"
	"github.com/backend-sdk/clerk-go/internal/conformance/request"
)

// TestRequests calls every function with everything set, with only what is
// required, and with null wherever it may be sent, each for all branches of
// unions and all values of enums. What arrives has to be allowed by the
// description and to be what was given.
func TestRequests(t *testing.T) {
	t.Parallel()
	against(t, func(t *testing.T, own, judge *document.Document) {
		s := newServer(t, judge)
		valid, calls := 0, 0
		for i := range functions.All {
			f := &functions.All[i]
			n, problems := s.requests(t, f, own.Operation(f.Method, f.Path))
			for _, problem := range problems {
				t.Errorf("%s, %s", f.Name(), problem)
			}
			if calls += n; len(problems) == 0 {
				valid++
			}
		}
		t.Logf("%d of %d functions send what the document allows, in %d calls", valid, len(functions.All), calls)
	})
}

// requests makes all calls of a function and returns how many they were and what
// was wrong.
func (s *server) requests(t *testing.T, f *functions.Function, o *document.Operation) (calls int, problems []string) {
	t.Helper()
	success := answers(t, o, example.Full)[0]
	for _, mode := range example.Modes {
		given, err := request.All(&example.Maker{Mode: mode, Enums: true}, o, f)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", mode, err))
		}
		for _, a := range given {
			calls++
			x := &exchange{function: f, operation: o, arguments: a, answer: success}
			if _, err := s.call(t, x); err != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", mode, err))
			}
			if x.sent != nil {
				problems = append(problems, fmt.Sprintf("%s: %v", mode, x.sent))
			}
		}
	}
	return calls, problems
}
