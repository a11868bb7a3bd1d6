package decode

import (
	"slices"
	"strconv"
	"strings"
)

// path returns where in text, which is JSON, the value at an offset is. It reads the text
// once more, so that only a response with a misfit costs that.
func path(text string, at int) string {
	w := walker{scanner: scanner{text: text}, target: at}
	w.walk()
	slices.Reverse(w.steps)
	return strings.TrimPrefix(strings.Join(w.steps, ""), ".")
}

// walker looks for the value at an offset. When it has found it, it notes the steps to it
// on its way back to the root.
type walker struct {
	scanner
	target int
	steps  []string
}

// walk reads a value, and reports whether it is or contains the target.
func (w *walker) walk() bool {
	kind := w.next()
	if w.at == w.target {
		return true
	}
	switch kind {
	case '{':
		for ok := w.open('}'); ok; ok = w.more('}') {
			if name := w.name(); w.walk() {
				w.steps = append(w.steps, step(name))
				return true
			}
		}
	case '[':
		n := 0
		for ok := w.open(']'); ok; ok = w.more(']') {
			if w.walk() {
				w.steps = append(w.steps, "["+strconv.Itoa(n)+"]")
				return true
			}
			n++
		}
	default:
		w.skip()
	}
	return false
}

// step returns the part of a path that leads to a member.
func step(name string) string {
	if name == "" {
		return `[""]`
	}
	return "." + name
}
