package clerk

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

func formatText(f fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

const maxText = 200

// oneLine makes text from elsewhere fit to stand in an error or a log: one line
// of printable characters, and not long.
func oneLine(text string) string {
	cut := len(text) > maxText
	if cut {
		text = text[:maxText]
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	text = strings.TrimSpace(text)
	if cut {
		text += "…"
	}
	return text
}
