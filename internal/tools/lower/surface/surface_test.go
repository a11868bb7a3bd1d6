package surface

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQualify(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typ, want string }{
		{"User", "api.User"},
		{"clerk.List[User]", "clerk.List[api.User]"},
		{"clerk.List[string]", "clerk.List[string]"},
		{"[]User", "[]api.User"},
		{"clerk.HTML", "clerk.HTML"},
		{"string", "string"},
		{"", ""},
	} {
		if got := Qualify("api", c.typ); got != c.want {
			t.Errorf("Qualify(%q) = %q, want %q", c.typ, got, c.want)
		}
	}
}

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
