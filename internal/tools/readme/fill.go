package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

var block = regexp.MustCompile("(?s)<!-- code: (\\S+)(?: (\\w+))?( without setup)? -->\n```go\n.*?```")

// fill replaces every marked block of doc with the code that its comment names.
func fill(doc []byte, read func(string) ([]byte, error)) ([]byte, error) {
	if marks, blocks := bytes.Count(doc, []byte("<!-- code: ")), len(block.FindAll(doc, -1)); marks != blocks {
		return nil, fmt.Errorf("%d code comments, but %d are followed by a block of Go", marks, blocks)
	}
	var failed error
	filled := block.ReplaceAllFunc(doc, func(old []byte) []byte {
		names := block.FindSubmatch(old)
		path, function := string(names[1]), string(names[2])
		source, err := read(path)
		if err == nil && function != "" {
			source, err = body(source, function)
		}
		if len(names[3]) > 0 {
			source = withoutSetup(source)
		}
		if err != nil {
			failed = fmt.Errorf("%s %s: %w", path, function, err)
			return old
		}
		mark, _, _ := bytes.Cut(old, []byte("\n"))
		return fmt.Appendf(nil, "%s\n```go\n%s\n```", mark, bytes.TrimSpace(source))
	})
	return filled, failed
}

// body returns the text between the braces of a function, indented one tab less.
func body(source []byte, function string) ([]byte, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, "", source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, decl := range parsed.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == function {
			from, to := files.Position(f.Body.Lbrace).Offset+1, files.Position(f.Body.Rbrace).Offset
			text := strings.Trim(string(source[from:to]), "\n")
			lines := strings.Split(text, "\n")
			for i, line := range lines {
				lines[i] = strings.TrimPrefix(line, "\t")
			}
			return []byte(strings.Join(lines, "\n")), nil
		}
	}
	return nil, fmt.Errorf("no function of that name")
}

// withoutSetup drops the first paragraph, which the example needs but the reader does
// not, and the comment with the output.
func withoutSetup(source []byte) []byte {
	_, source, _ = bytes.Cut(source, []byte("\n\n"))
	source, _, _ = bytes.Cut(source, []byte("// Output:"))
	return source
}
