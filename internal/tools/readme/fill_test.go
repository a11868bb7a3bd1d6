package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const source = `package p

func Example() {
	if ok {
		use()
	}
	// Output: x
}

func ExampleUse() {
	setUp()

	use()

	useAgain()
	// Output: x
}
`

func TestFill(t *testing.T) {
	t.Parallel()
	read := func(path string) ([]byte, error) {
		if path == "p/x_test.go" {
			return []byte(source), nil
		}
		return nil, errors.New("not there")
	}
	tests := []struct{ name, doc, want, err string }{
		{
			name: "function",
			doc:  "a\n<!-- code: p/x_test.go Example -->\n```go\nold\n```\nb\n",
			want: "a\n<!-- code: p/x_test.go Example -->\n```go\nif ok {\n\tuse()\n}\n// Output: x\n```\nb\n",
		},
		{
			name: "file",
			doc:  "<!-- code: p/x_test.go -->\n```go\n```\n",
			want: "<!-- code: p/x_test.go -->\n```go\n" + strings.TrimSpace(source) + "\n```\n",
		},
		{
			name: "function without its setup",
			doc:  "<!-- code: p/x_test.go ExampleUse without setup -->\n```go\n```\n",
			want: "<!-- code: p/x_test.go ExampleUse without setup -->\n```go\nuse()\n\nuseAgain()\n```\n",
		},
		{name: "unmarked code stays", doc: "```go\nx := 1\n```\n", want: "```go\nx := 1\n```\n"},
		{name: "missing file", doc: "<!-- code: q.go -->\n```go\n```\n", err: "not there"},
		{name: "missing function", doc: "<!-- code: p/x_test.go Nope -->\n```go\n```\n", err: "no function"},
		{name: "comment without a block", doc: "<!-- code: p/x_test.go -->\ntext\n", err: "1 code comments, but 0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := fill([]byte(tt.doc), read)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("fill: %v, want an error with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("fill = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEveryPageIsFilled(t *testing.T) {
	t.Chdir(t.TempDir())
	const stale = "<!-- code: x.go Example -->\n```go\nold\n```\n"
	pages := []string{"README.md", filepath.Join("docs", "one.md"), filepath.Join("docs", "two.md")}
	if err := os.Mkdir("docs", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(pages, "x.go") {
		content := stale
		if name == "x.go" {
			content = source
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	err := fillAll(true)
	for _, page := range pages {
		if err == nil || !strings.Contains(err.Error(), page+" differs") {
			t.Errorf("the error does not name %s: %v", page, err)
		}
	}
	if err := fillAll(false); err != nil {
		t.Fatal(err)
	}
	if err := fillAll(true); err != nil {
		t.Error(err)
	}
}
