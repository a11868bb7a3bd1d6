package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// sentence makes a comment of the description's words: a text that begins with a small
// letter is the predicate after name, and one that begins with a capital is complete.
// Without words it is fallback.
func sentence(name, words, fallback string) string {
	words = strings.TrimSpace(words)
	if words == "" {
		return fallback
	}
	if unicode.IsLower([]rune(words)[0]) {
		words = name + " " + words
	}
	return closed(words)
}

// closed ends a text with a full stop, without which gofmt treats a short last line as
// a heading.
func closed(s string) string {
	last := []rune(s)[len([]rune(s))-1]
	if unicode.IsLetter(last) || unicode.IsDigit(last) || strings.ContainsRune(")]`\"", last) {
		return s + "."
	}
	return s
}

// typeDoc is the comment of a type: it starts with the type's name, however the words
// begin.
func typeDoc(name, words string, s *yaml.Node, fact string) string {
	words = strings.TrimSpace(words)
	switch {
	case words == "":
	case unicode.IsLower([]rune(words)[0]), strings.HasPrefix(words, name+" "):
		fact = sentence(name, words, "")
	default:
		fact = paragraphs(fact, closed(words))
	}
	return paragraphs(fact, deprecation(s, "type"))
}

// ownLink matches the beginning of a link to a name of the package itself.
var ownLink = regexp.MustCompile(`\[(\*?)([A-Z])`)

// aliasDoc is the comment of another package's alias for a model: the first sentence of
// the model's comment, and its further paragraphs, such as warnings.
func aliasDoc(model *surface.Type) string {
	first, rest, _ := strings.Cut(ownLink.ReplaceAllString(model.Doc, "[${1}api.${2}"), "\n\n")
	if sentence, _, more := strings.Cut(first, ". "); more {
		first = sentence + "."
	}
	return paragraphs(first, rest, model.Name+" is an alias for [api."+model.Name+"].")
}

// fieldDoc is the comment of a field, empty without words.
func fieldDoc(name string, s *yaml.Node) string {
	return paragraphs(sentence(name, description.Text(s, "description"), ""), deprecation(s, "field"))
}

// deprecation is the paragraph that Go's tools recognize, unless the words already have
// one.
func deprecation(s *yaml.Node, what string) string {
	if !flag(s, "deprecated") || description.Text(s, "x-go-deprecated") == "false" || strings.Contains(description.Text(s, "description"), "Deprecated: ") {
		return ""
	}
	return fmt.Sprintf("Deprecated: the API marks this %s as deprecated.", what)
}

func paragraphs(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	return strings.Join(parts, "\n\n")
}

// operationDoc is the comment of a function. Its last line is method and path.
func operationDoc(name, method, path string, op *yaml.Node) string {
	summary := strings.TrimSpace(description.Text(op, "summary"))
	fact := operationFact(name, method, path, op)
	switch {
	case summary == "":
		summary = fact
	case unicode.IsLower([]rune(summary)[0]), strings.HasPrefix(summary, name+" "):
		summary = sentence(name, summary, "")
	default:
		summary = paragraphs(fact, closed(summary))
	}
	body := strings.TrimSpace(description.Text(op, "description"))
	if body != "" {
		body = closed(body)
	}
	return paragraphs(summary, body, deprecation(op, "operation"), method+" "+path)
}

// operationFact says what is known about an operation without words.
func operationFact(name, method, path string, op *yaml.Node) string {
	var failures []string
	for code := range description.Pairs(description.Get(op, "responses")) {
		if code >= "400" && code < "600" {
			failures = append(failures, code)
		}
	}
	slices.Sort(failures)
	fact := fmt.Sprintf("%s sends %s %s.", name, method, path)
	if len(failures) > 0 {
		fact += " The API documents these failures: " + strings.Join(failures, ", ") + "."
	}
	return fact
}
