package description

import (
	"slices"
	"strings"
	"testing"
)

func TestArrange(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, is, was, want string }{
		{"the same", "a b c", "a b c", "a b c"},
		{"another order", "c a b", "a b c", "a b c"},
		{"something gone", "c a", "a b c", "a c"},
		{"something new stays after its predecessor", "a x b c", "c b a", "c b a x"},
		{"several new ones", "x a y z b w", "a b", "x a y z b w"},
		{"all new", "a b", "c", "a b"},
		{"one gone, one new in its place", "a x c", "a b c", "a x c"},
		{"an empty value", "a _ b", "b _ a", "b _ a"},
		{"a value twice is left alone", "b a a", "a b", "b a a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			is, was := words(tt.is), words(tt.was)
			n := Seq()
			for _, word := range is {
				n.Content = append(n.Content, String(word))
			}
			arrange(n, 1, is, was)
			if got := Strings(n); !slices.Equal(got, words(tt.want)) {
				t.Errorf("got %q, want %q", got, words(tt.want))
			}
		})
	}
}

// words splits at blanks; "_" is the empty word.
func words(s string) []string {
	out := strings.Fields(s)
	for i, word := range out {
		out[i] = strings.ReplaceAll(word, "_", "")
	}
	return out
}
