package auth

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// design returns the part of docs/DESIGN.md under that heading.
func design(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, found := strings.Cut(string(text), "\n"+heading+"\n")
	if !found {
		t.Fatalf("docs/DESIGN.md has no heading %q", heading)
	}
	part, _, _ = strings.Cut(part, "\n##")
	return part
}

func parsed(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sourceFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

// declared returns the declaration of the variable or function of that name.
func declared(t *testing.T, f *ast.File, name string) (found ast.Node) {
	t.Helper()
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == name {
				found = n
			}
		case *ast.ValueSpec:
			if n.Names[0].Name == name {
				found = n
			}
		}
		return true
	})
	if found == nil {
		t.Fatalf("%s is not declared", name)
	}
	return found
}

// optionOf returns the name of the option that an entry of variables is made with.
func optionOf(entry ast.Node) (name string) {
	ast.Inspect(entry, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, "With") {
			name = id.Name
		}
		return true
	})
	return name
}

// variableOptions returns each variable with its option, as the source pairs them.
func variableOptions(t *testing.T, f *ast.File) (pairs [][2]string) {
	t.Helper()
	entries := declared(t, f, "variables").(*ast.ValueSpec).Values[0].(*ast.CompositeLit).Elts
	if len(entries) != len(variables) {
		t.Fatalf("read %d of %d variables", len(entries), len(variables))
	}
	for i, entry := range entries {
		pairs = append(pairs, [2]string{variables[i].name, optionOf(entry)})
	}
	return pairs
}

func TestFromEnvListsItsVariables(t *testing.T) {
	t.Parallel()
	f := parsed(t, "environment.go")
	var listed [][2]string
	table := regexp.MustCompile(`(?m)^\t(CLERK_\w+) +(With\w+)`)
	for _, row := range table.FindAllStringSubmatch(declared(t, f, "FromEnv").(*ast.FuncDecl).Doc.Text(), -1) {
		listed = append(listed, [2]string{row[1], row[2]})
	}
	if diff := cmp.Diff(variableOptions(t, f), listed); diff != "" {
		t.Errorf("variables (-read +listed):\n%s", diff)
	}
}

func TestEveryOptionHasAVariableOrIsADecision(t *testing.T) {
	t.Parallel()
	var accounted, options []string
	for _, pair := range variableOptions(t, parsed(t, "environment.go")) {
		accounted = append(accounted, pair[1])
	}
	for _, match := range regexp.MustCompile("`(With\\w+)`").FindAllStringSubmatch(design(t, "### Options that are Go values"), -1) {
		accounted = append(accounted, match[1])
	}
	for _, file := range sourceFiles(t) {
		for _, decl := range parsed(t, file).Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "With") {
				options = append(options, f.Name.Name)
			}
		}
	}
	slices.Sort(accounted)
	slices.Sort(options)
	if diff := cmp.Diff(options, accounted); diff != "" {
		t.Errorf("options (-there +accounted for):\n%s", diff)
	}
}
