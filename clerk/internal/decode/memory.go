package decode

import (
	"strings"
	"unicode/utf8"
)

const (
	textBlock    = 1 << 10 // bytes
	pointerBlock = 16      // strings
)

// memory copies text out of the response, many strings into one block. A block is small,
// because the last string that is kept holds all of it.
type memory struct {
	block    strings.Builder
	pointers []string
}

// keep returns a copy of s. left is how much text there still is, which limits the size
// of a block.
func (m *memory) keep(s string, left int) string {
	if s == "" {
		return ""
	}
	if !m.room(len(s), left) {
		return strings.Clone(s)
	}
	start := m.block.Len()
	m.block.WriteString(s)
	return m.block.String()[start:]
}

// unquoted returns the string that is written as inner.
func (m *memory) unquoted(inner string, left int) string {
	size := len(inner)
	if !utf8.ValidString(inner) {
		size *= len(string(utf8.RuneError)) // which may replace each byte
	}
	if !m.room(size, left) {
		var b strings.Builder
		b.Grow(size)
		unquote(&b, inner)
		return b.String()
	}
	start := m.block.Len()
	unquote(&m.block, inner)
	return m.block.String()[start:]
}

// room makes room for n bytes in the block. It reports false for text that is so long
// that it gets memory of its own.
func (m *memory) room(n, left int) bool {
	if m.block.Cap()-m.block.Len() >= n {
		return true
	}
	if n > textBlock/4 {
		return false
	}
	m.block = strings.Builder{}
	m.block.Grow(min(textBlock, n+left))
	return true
}

// pointer returns a pointer to s.
func (m *memory) pointer(s string) *string {
	if len(m.pointers) == 0 {
		m.pointers = make([]string, pointerBlock)
	}
	p := &m.pointers[0]
	m.pointers = m.pointers[1:]
	*p = s
	return p
}
