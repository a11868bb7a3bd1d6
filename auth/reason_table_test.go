package auth

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestReasonsAreExplained compares the tables of docs/troubleshooting.md with the constants:
// each reason, and each word that says why an expired token was not refreshed, has a row, and
// each row is one of them.
func TestReasonsAreExplained(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range append(constants(t, "errors.go", "Reason"), constants(t, "refresh.go", "refresh")...) {
		if name != refreshTransportError { // which is reported as another
			known[name] = true
		}
	}
	explained := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]*`) \\|").FindAllStringSubmatch(string(page), -1) {
		for _, cell := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
			word := strings.TrimSuffix(cell[1], "-refresh-…")
			if explained[word] {
				t.Errorf("%s is explained twice", word)
			}
			explained[word] = true
			if !known[word] {
				t.Errorf("%s is explained, and is not a reason", word)
			}
		}
	}
	for word := range known {
		if !explained[word] {
			t.Errorf("docs/troubleshooting.md does not explain %s", word)
		}
	}
}

// constants returns the texts of the constants of a file whose names begin with prefix.
func constants(t *testing.T, file, prefix string) (texts []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) != 1 {
			return true
		}
		if value, ok := spec.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
			text, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
		return true
	})
	if len(texts) == 0 {
		t.Fatalf("%s has no constants that begin with %s", file, prefix)
	}
	return texts
}
