package documents

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var (
	fenced  = regexp.MustCompile("(?ms)^```.*?^```")
	inline  = regexp.MustCompile("`[^`\n]*`")
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinks follows the links of every document to files and headings.
func TestLinks(t *testing.T) {
	t.Parallel()
	links := 0
	for _, name := range tracked(t, "*.md") {
		for _, target := range targets(read(t, name)) {
			links++
			if problem := follow(t, name, target); problem != "" {
				t.Errorf("%s: %s: %s", name, target, problem)
			}
		}
	}
	if links == 0 {
		t.Error("no document has a link")
	}
}

// targets returns the targets of the links of a document that are not addresses.
func targets(document string) []string {
	document = inline.ReplaceAllString(fenced.ReplaceAllString(document, ""), "")
	var all []string
	for _, match := range link.FindAllStringSubmatch(document, -1) {
		if !strings.Contains(match[1], "://") && !strings.HasPrefix(match[1], "mailto:") {
			all = append(all, match[1])
		}
	}
	return all
}

// follow returns what is wrong with a link of a document.
func follow(t *testing.T, from, target string) string {
	t.Helper()
	file, anchor, anchored := strings.Cut(target, "#")
	if file == "" {
		file = from
	} else {
		file = path.Join(path.Dir(from), file)
	}
	switch {
	case !exists(file):
		return "the file does not exist"
	case anchored && !slices.Contains(anchors(read(t, file)), anchor):
		return "the heading does not exist"
	}
	return ""
}

// anchors returns the anchors that GitHub makes of the headings of a document.
func anchors(document string) []string {
	var all []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(document, ""), -1) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, match[1]))
	}
	return all
}

func TestTargetsAndAnchors(t *testing.T) {
	t.Parallel()
	document := "# One's `two`, three\n\n[a](b.md#c) `[x](code)` [d](https://example.com) [![e](f.svg)](g)\n\n```\n# no heading\n[h](code)\n```\n\n## Next-one\n"
	if diff := cmp.Diff([]string{"b.md#c", "f.svg", "g"}, targets(document)); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ones-two-three", "next-one"}, anchors(document)); diff != "" {
		t.Errorf("anchors (-want +got):\n%s", diff)
	}
}

// TestEveryPageCanBeReached follows the links from README.md to each page.
func TestEveryPageCanBeReached(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{"README.md": true}
	for next := []string{"README.md"}; len(next) > 0; next = next[1:] {
		for _, target := range targets(read(t, next[0])) {
			page, _, _ := strings.Cut(target, "#")
			page = path.Join(path.Dir(next[0]), page)
			if strings.HasSuffix(page, ".md") && exists(page) && !reached[page] {
				reached[page] = true
				next = append(next, page)
			}
		}
	}
	for _, page := range tracked(t, "docs/*.md") {
		if !reached[page] {
			t.Errorf("no link leads from README.md to %s", page)
		}
	}
}

// file matches what is written as the path of a file or folder of this repository.
var file = regexp.MustCompile("`((?:[\\w.-]+/)*[\\w.-]+\\.(?:go|md|mod|mjs|json|yaml|txt)|(?:internal|auth|clerk|clerktest|openapi|docs|examples|\\.ci)/[\\w./-]*)`")

// TestFilesExist looks for the files that documents name.
func TestFilesExist(t *testing.T) {
	t.Parallel()
	named := 0
	for _, name := range []string{"README.md", "SECURITY.md", "docs/CONTRIBUTING.md", "docs/DESIGN.md", "docs/differences.md", "docs/operations.md", "docs/frontend-proxy.md", "docs/resource-servers.md", "docs/webhooks.md", "docs/testing.md", "docs/troubleshooting.md", "docs/bulk.md", "docs/replicas.md", "docs/tracing.md", "docs/performance.md"} {
		for _, match := range file.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, name), ""), -1) {
			named++
			if !exists(match[1]) {
				t.Errorf("%s names %s, which does not exist", name, match[1])
			}
		}
	}
	if named == 0 {
		t.Error("no document names a file")
	}
}
