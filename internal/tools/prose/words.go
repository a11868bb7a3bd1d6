package prose

import (
	"regexp"
	"strings"
	"unicode"
)

// refused are the words that may not come back, and what to write instead. A line break
// in a comment is a blank. No pattern matches itself.
var refused = []struct {
	words   *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`\bgive[s]\b`), "returns, sends, has, sets, says"},
	{regexp.MustCompile(`\bane[w]\b`), "again, or from the start"},
	{regexp.MustCompile(`\bis[\s/]+no[\s/]+[a-z]+`), "is not a, is not, has no"},
}

// Problem is a place with refused words.
type Problem struct {
	Line    int
	Words   string // on one line
	Instead string // what to write
}

// Refused finds the refused words in the text of a file.
func Refused(text string) (problems []Problem) {
	for _, r := range refused {
		for _, at := range r.words.FindAllStringIndex(text, -1) {
			words := strings.Join(strings.FieldsFunc(text[at[0]:at[1]], blank), " ")
			if words == "is no longer" {
				continue
			}
			problems = append(problems, Problem{1 + strings.Count(text[:at[0]], "\n"), words, r.instead})
		}
	}
	return problems
}

// blank reports whether c is between the words of a comment that has several lines.
func blank(c rune) bool { return unicode.IsSpace(c) || c == '/' }
