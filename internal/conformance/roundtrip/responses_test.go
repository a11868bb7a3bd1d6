package roundtrip

import (
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// TestResponses answers every function with examples of each success that the
// description has for it, and compares what the function returns with what was
// sent, value by value.
func TestResponses(t *testing.T) {
	t.Parallel()
	against(t, func(t *testing.T, own, judge *schema.Document) {
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
				for _, a := range answers(t, o, mode) {
					x := &exchange{function: f, operation: o, arguments: given[0], answer: a}
					n, wrong := s.answer(t, x)
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
				t.Errorf("%s was sent %d answers", f.Name(), sent-before)
			case problems == 0:
				complete++
			}
		}
		t.Logf("%d of %d functions read what they are sent: %d answers, %d values", complete, len(All), sent, read)
	})
}

// answer makes the call and returns how many values were read back and what was
// wrong.
func (s *server) answer(t *testing.T, x *exchange) (values int, wrong []string) {
	t.Helper()
	got, err := s.call(t, x)
	if x.answered != nil {
		wrong = append(wrong, fmt.Sprintf("the example is not allowed: %v", x.answered))
	}
	if err != nil {
		return 0, append(wrong, err.Error())
	}
	if page, ok := got.(*clerk.HTML); ok {
		if string(*page) != string(x.answer.body) {
			wrong = append(wrong, "the page differs")
		}
		return 1, wrong
	}
	if (got == nil) != (x.answer.json == nil) {
		return 0, append(wrong, fmt.Sprintf("the result is %T", got))
	}
	if got == nil {
		return 0, wrong
	}
	var c Comparison
	c.Compare(x.answer.json, got)
	return c.Values, append(wrong, c.Problems...)
}
