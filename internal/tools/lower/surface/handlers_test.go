package surface

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHandlerNames(t *testing.T) {
	t.Parallel()
	a := &Operation{Name: "ListThings", Package: "a"}
	b := &Operation{Name: "ListThings", Package: "b"}
	c := &Operation{Name: "GetThing", Package: "b"}
	s := &Surface{Domains: []*Package{{Name: "a", Operations: []*Operation{a}}, {Name: "b", Operations: []*Operation{b, c}}}}
	got := s.HandlerNames(func(pkg string) string { return map[string]string{"a": "A", "b": "B"}[pkg] })
	want := map[*Operation]string{a: "AListThings", b: "BListThings", c: "GetThing"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
