package contract

import (
	"fmt"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/document"
	"github.com/backend-sdk/clerk-go/internal/conformance/example"
	"github.com/backend-sdk/clerk-go/internal/conformance/functions"
	"github.com/backend-sdk/clerk-go/internal/conformance/readback"
	"github.com/backend-sdk/clerk-go/internal/conformance/request"
)

// TestResponses answers every function with examples of each success that the
// description has for it, and compares what the function returns with what was
// sent, value by value.
func TestResponses(t *testing.T) {
	t.Parallel()
	against(t, func(t *testing.T, own, judge *document.Document) {
		s := newServer(t, judge)
		complete, sent, read := 0, 0, 0
		for i := range functions.All {
			f := &functions.All[i]
			o := own.Operation(f.Method, f.Path)
			given, err := request.All(&example.Maker{Mode: example.Required}, o, f)
			if err != nil {
				t.Fatal(err)
			}
			problems, before := 0, sent
			for _, mode := range example.Modes {
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
			case sent-before < len(example.Modes):
				t.Errorf("%s was sent %d answers", f.Name(), sent-before)
			case problems == 0:
				complete++
			}
		}
		t.Logf("%d of %d functions read what they are sent: %d answers, %d values", complete, len(functions.All), sent, read)
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
	var c readback.Comparison
	c.Compare(x.answer.json, got)
	return c.Values, append(wrong, c.Problems...)
}
