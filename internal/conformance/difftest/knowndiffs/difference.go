package knowndiffs

import (
	"cmp"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

var equal = gocmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(peer.Outcome{}, "Branches"),
	// Each side reports a wrong configuration in its own words.
	gocmp.FilterPath(func(p gocmp.Path) bool { return p.String() == "Error" },
		gocmp.Comparer(func(a, b string) bool { return (a == "") == (b == "") })),
	cmpopts.SortSlices(func(a, b peer.Call) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Body, b.Body))
	}),
}

// Same reports whether two outcomes are equal in every field that is compared.
func Same(theirs, ours peer.Outcome) bool {
	return theirs.Error != "" && ours.Error != "" || gocmp.Equal(theirs, ours, equal)
}

// Difference describes how two outcomes differ.
func Difference(theirs, ours peer.Outcome) string { return gocmp.Diff(theirs, ours, equal) }

// Fields returns the names of the fields in which two outcomes differ.
func Fields(theirs, ours peer.Outcome) []string {
	var r reporter
	gocmp.Equal(theirs, ours, equal, gocmp.Reporter(&r))
	return r.sorted()
}

// Parts returns the names of the parts in which two cases differ. Each header field
// is a part, and so is each reply of the API.
func Parts(before, after *generator.Case) []string {
	r := reporter{depth: 2}
	gocmp.Equal(before, after, gocmp.Reporter(&r), cmpopts.IgnoreFields(generator.Case{}, "Header"))
	for _, f := range slices.Concat(before.Header, after.Header) {
		if !slices.Equal(values(before, f[0]), values(after, f[0])) {
			r.names = append(r.names, "Header."+f[0])
		}
	}
	return r.sorted()
}

func values(c *generator.Case, name string) (list []string) {
	for _, f := range c.Header {
		if strings.EqualFold(f[0], name) {
			list = append(list, f[1])
		}
	}
	return list
}

type reporter struct {
	path  gocmp.Path
	depth int // of the names, if it is limited
	names []string
}

func (r *reporter) PushStep(s gocmp.PathStep) { r.path = append(r.path, s) }
func (r *reporter) PopStep()                  { r.path = r.path[:len(r.path)-1] }

func (r *reporter) Report(result gocmp.Result) {
	if result.Equal() {
		return
	}
	name, _, _ := strings.Cut(r.path.String(), "(")
	if parts := strings.Split(name, "."); r.depth > 0 && len(parts) > r.depth {
		name = strings.Join(parts[:r.depth], ".")
	}
	r.names = append(r.names, name)
}

func (r *reporter) sorted() []string {
	slices.Sort(r.names)
	return slices.Compact(r.names)
}
