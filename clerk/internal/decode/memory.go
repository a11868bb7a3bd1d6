package decode

import (
	"strings"
	"unicode/utf8"
)

const (
	textBlock     = 1 << 10 // bytes
	leastBlock    = 32
	pointersBlock = 16 // strings
)

// memory copies text out of the response, many strings into one block. A block is small,
// because the last string that is kept holds all of it.
type memory struct {
	block    strings.Builder
	pointers []string

	taken      taken // by this entry
	expected   taken // what the entry before took
	isExpected bool
}

// taken is how much an entry of a list takes out of blocks.
type taken struct{ text, pointers int }

// next begins an entry that shares no block with those before. Its blocks are as large as
// what the entry before took, so that many small entries do not take a large block each.
func (m *memory) next() { *m = memory{expected: m.taken, isExpected: true} }

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
	if n > textBlock/4 {
		return false
	}
	if m.block.Cap()-m.block.Len() < n {
		size := min(textBlock, n+left)
		if m.isExpected {
			size = min(size, max(leastBlock, m.expected.text-m.taken.text))
		}
		m.block = strings.Builder{}
		m.block.Grow(max(n, size))
	}
	m.taken.text += n
	return true
}

// pointer returns a pointer to s.
func (m *memory) pointer(s string) *string {
	if len(m.pointers) == 0 {
		size := pointersBlock
		if m.isExpected {
			size = min(size, max(1, m.expected.pointers-m.taken.pointers))
		}
		m.pointers = make([]string, size)
	}
	m.taken.pointers++
	p := &m.pointers[0]
	m.pointers = m.pointers[1:]
	*p = s
	return p
}
