package weburl

import "strings"

// The characters that browsers escape in each part of a URL, in addition to control
// characters and everything that is not ASCII.
const (
	escapedInPath     = " \"#<>?`{}"
	escapedInQuery    = " \"#<>'"
	escapedInFragment = " \"<>`"
)

// normalPath escapes a path, resolves its dot segments and turns backslashes into slashes,
// as browsers do before they send it.
func normalPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	kept := segments[:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		case ".":
		default:
			kept = append(kept, escape(segment, escapedInPath))
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}

// escape escapes the characters of special, control characters and everything that is not
// ASCII. Escapes that text already has stay as they are.
func escape(text, special string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > ' ' && c < 0x7f && strings.IndexByte(special, c) < 0 {
			b.WriteByte(c)
		} else {
			writeEscaped(&b, c)
		}
	}
	return b.String()
}

func writeEscaped(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}
