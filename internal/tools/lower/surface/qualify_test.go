package surface

import "testing"

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
