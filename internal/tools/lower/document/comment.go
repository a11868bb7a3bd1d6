package document

import "strings"

// width is where comment lines are broken.
const width = 88

// Comment writes a text as Go comment lines. Paragraphs are filled again; lists and
// indented lines do not change.
func Comment(text string) string {
	var out []string
	for i, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			out = append(out, "//")
		}
		for _, line := range fill(strings.Trim(p, "\n")) {
			out = append(out, strings.TrimRight("// "+line, " "))
		}
	}
	return strings.Join(out, "\n")
}

func fill(paragraph string) []string {
	lines := strings.Split(paragraph, "\n")
	for _, l := range lines {
		if strings.HasPrefix(l, " ") || strings.HasPrefix(l, "\t") || strings.HasPrefix(l, "- ") || strings.HasPrefix(l, "* ") {
			return lines
		}
	}
	var out []string
	line := ""
	for word := range strings.FieldsSeq(paragraph) {
		if line != "" && len("// ")+len(line)+1+len(word) > width {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(out, line)
}
