package register

import (
	"cmp"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

var equal = gocmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(side.Answer{}, "Rows"),
	// Both sides refuse a configuration in words of their own.
	gocmp.FilterPath(func(p gocmp.Path) bool { return p.String() == "Error" },
		gocmp.Comparer(func(a, b string) bool { return (a == "") == (b == "") })),
	cmpopts.SortSlices(func(a, b side.Call) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Body, b.Body))
	}),
}

// Same reports whether two answers are the same in every field.
func Same(theirs, ours side.Answer) bool {
	return theirs.Error != "" && ours.Error != "" || gocmp.Equal(theirs, ours, equal)
}

// Difference shows what is different between two answers.
func Difference(theirs, ours side.Answer) string { return gocmp.Diff(theirs, ours, equal) }

// Fields names the fields in which two answers differ.
func Fields(theirs, ours side.Answer) []string {
	var r reporter
	gocmp.Equal(theirs, ours, equal, gocmp.Reporter(&r))
	slices.Sort(r.names)
	return slices.Compact(r.names)
}

type reporter struct {
	path  gocmp.Path
	names []string
}

func (r *reporter) PushStep(s gocmp.PathStep) { r.path = append(r.path, s) }
func (r *reporter) PopStep()                  { r.path = r.path[:len(r.path)-1] }

func (r *reporter) Report(result gocmp.Result) {
	if !result.Equal() {
		name, _, _ := strings.Cut(r.path.String(), "(")
		r.names = append(r.names, name)
	}
}
