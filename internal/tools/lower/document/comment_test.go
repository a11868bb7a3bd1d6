package document

import (
	"strings"
	"testing"
)

func TestComment(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 30)
	for _, c := range []struct{ name, text, want string }{
		{"one line", "User is one.", "// User is one."},
		{"paragraphs", "User is one.\n\nPATCH /users", "// User is one.\n//\n// PATCH /users"},
		{"filled again", "User\nis\none.", "// User is one."},
		{"a list stays", "Either:\n\n- a\n- b", "// Either:\n//\n// - a\n// - b"},
		{"code stays", "Like:\n\n\tx := 1\n\ty := 2", "// Like:\n//\n// \tx := 1\n// \ty := 2"},
		{"broken at the width", long, "//" + strings.Repeat(" word", 17) + "\n//" + strings.Repeat(" word", 13)},
	} {
		if got := Comment(c.text); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}
