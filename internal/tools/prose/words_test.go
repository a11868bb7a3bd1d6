package prose

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// excused lists the refused words that stay: a file and its words, as a problem names
// them, with the reason.
var excused = map[string]string{}

// TestRepository looks for refused words in the Go code and in the description of the
// API, generated code and tests included.
func TestRepository(t *testing.T) {
	t.Parallel()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.go", "openapi/*.yaml")
	list.Dir = module
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	read, met := 0, map[string]bool{}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(module, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, but not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		read++
		for _, problem := range Refused(string(text)) {
			if key := name + ": " + problem.Words; excused[key] != "" {
				met[key] = true
				continue
			}
			t.Errorf("%s:%d: %q: write instead: %s", name, problem.Line, problem.Words, problem.Instead)
		}
	}
	if read < 300 {
		t.Errorf("%d files were read", read)
	}
	for key := range excused {
		if !met[key] {
			t.Errorf("%s: excused, but not found", key)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	const (
		given = "giv" + "es"
		renew = "a" + "new"
		isNo  = "is n" + "o"
	)
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"GetUser " + given + " a user.", 1, given},
		{"a\n// b\n// Read it " + renew + ".", 3, renew},
		{"nbf " + isNo + " number", 1, isNo + " number"},
		{"// what is\n\t// no fact", 1, isNo + " fact"},
		{"summary: |-\n    that is\n    no fact", 2, isNo + " fact"},
		{"a key that " + isNo + " longer valid", 0, ""},
		{"a key that is\n// no longer valid", 0, ""},
		{"for" + given + " and renewed, is not, is none, his no", 0, ""},
	} {
		var line int
		var words string
		for _, problem := range Refused(c.text) {
			line, words = problem.Line, words+problem.Words
		}
		if diff := cmp.Diff([]any{c.line, c.want}, []any{line, words}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}
