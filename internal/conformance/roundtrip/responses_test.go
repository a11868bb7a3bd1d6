package roundtrip

import (
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// TestResponses responds to every function with examples of each success that the
// description has, and compares what the function returns with the response, value by
// value.
func TestResponses(t *testing.T) {
	t.Parallel()
	withEachDocument(t, func(t *testing.T, own, judge *schema.Document) {
		s := newServer(t, judge)
		complete, sent, read := 0, 0, 0
		for i := range All {
			f := &All[i]
			o := own.Operation(f.Method, f.Path)
			given, err := schema.MakeArguments(&examples.Maker{Mode: examples.Required}, o, f.Params())
			if err != nil {
				t.Fatal(err)
			}
			problems, before := 0, sent
			for _, mode := range examples.Modes {
				for _, a := range responses(t, o, mode) {
					x := &exchange{function: f, operation: o, arguments: given[0], response: a}
					n, wrong := s.respond(t, x)
					sent++
					read += n
					problems += len(wrong)
					for _, problem := range wrong {
						t.Errorf("%s, %d, %s: %s", f.Name(), a.status, mode, problem)
					}
				}
			}
			switch {
			case sent-before < len(examples.Modes):
				t.Errorf("%s got %d responses, want %d or more", f.Name(), sent-before, len(examples.Modes))
			case problems == 0:
				complete++
			}
		}
		t.Logf("%d of %d functions read their responses: %d responses, %d values", complete, len(All), sent, read)
	})
}

// respond makes the call, and returns the number of values that were compared and what
// is wrong with them.
func (s *server) respond(t *testing.T, x *exchange) (values int, wrong []string) {
	t.Helper()
	got, err := s.call(t, x)
	if x.responseErr != nil {
		wrong = append(wrong, fmt.Sprintf("the example is not valid: %v", x.responseErr))
	}
	if err != nil {
		return 0, append(wrong, err.Error())
	}
	if page, ok := got.(*clerk.HTML); ok {
		if string(*page) != string(x.response.body) {
			wrong = append(wrong, "the page is not what was sent")
		}
		return 1, wrong
	}
	if (got == nil) != (x.response.json == nil) {
		return 0, append(wrong, fmt.Sprintf("the result is a %T", got))
	}
	if got == nil {
		return 0, wrong
	}
	var c comparison
	c.compare(x.response.json, got)
	return c.values, append(wrong, c.problems...)
}
