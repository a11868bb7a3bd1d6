package examples

import (
	"fmt"
	"math"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// number returns a number within the limits. A number has a fraction unless the
// description chose an integer type; an integer without a format exceeds 32 bits.
func (m *Maker) number(s *openapi3.Schema) any {
	low, high := math.Inf(-1), math.Inf(1)
	if s.Min != nil {
		low = *s.Min
	}
	if s.Max != nil {
		high = *s.Max
	}
	if s.ExclusiveMin.IsTrue() {
		low++
	}
	if s.ExclusiveMax.IsTrue() {
		high--
	}
	fraction := s.Type.Is("number") && s.Extensions["x-go-type"] == nil
	start := 1_716_883_200_000.0
	switch {
	case s.Format == "int32":
		start = 1 << 20
	case fraction:
		start = 0
	}
	if start > high || start < low {
		start = max(low, 0)
	}
	n := float64(m.next())
	if room := high - start; n > room {
		n = math.Mod(n, room+1)
	}
	if fraction {
		return min(start+n+0.5, high)
	}
	return int64(start + n)
}

// text returns a string with the pattern, format and length of the schema.
func (m *Maker) text(s *openapi3.Schema) any {
	n := m.next()
	format := s.Format
	if goType(s) == "time.Time" {
		format = "date-time"
	}
	switch format {
	case "binary":
		return Upload(fmt.Sprintf("pixels %d", n))
	case "date-time":
		return Time(time.Unix(1_716_883_200+n, 0).UTC().Format(time.RFC3339))
	case "date":
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(n)).Format(time.DateOnly)
	case "email":
		return fmt.Sprintf("ada+%d@example.com", n)
	case "uri", "url":
		return fmt.Sprintf("https://example.com/%d?a=b&c=ü", n)
	case "", "password":
	default:
		panic("examples: unknown string format " + s.Format)
	}
	if s.Pattern != "" {
		parsed, err := syntax.Parse(s.Pattern, syntax.Perl)
		if err != nil {
			panic(fmt.Sprintf("examples: pattern %s: %v", s.Pattern, err))
		}
		var b strings.Builder
		matching(&b, parsed, n)
		return b.String()
	}
	text := fmt.Sprintf(`%d "ä" & 日本`, n)
	for uint64(len([]rune(text))) < s.MinLength {
		text += "."
	}
	if s.MaxLength != nil && uint64(len([]rune(text))) > *s.MaxLength {
		text = string([]rune(text)[:*s.MaxLength])
	}
	return text
}

// matching writes a string that the expression matches, a different one for each n.
func matching(b *strings.Builder, e *syntax.Regexp, n int64) {
	repeat := func(times int) {
		for i := range times {
			matching(b, e.Sub[0], n>>(4*i))
		}
	}
	switch e.Op {
	case syntax.OpLiteral:
		b.WriteString(string(e.Rune))
	case syntax.OpCharClass:
		b.WriteRune(pick(e.Rune, n))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune('a' + rune(n%26))
	case syntax.OpCapture, syntax.OpQuest:
		repeat(1)
	case syntax.OpStar, syntax.OpPlus:
		repeat(8)
	case syntax.OpRepeat:
		repeat(max(e.Min, min(e.Max, 1)))
	case syntax.OpConcat:
		for _, part := range e.Sub {
			matching(b, part, n)
		}
	case syntax.OpAlternate:
		matching(b, e.Sub[n%int64(len(e.Sub))], n)
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine:
	default:
		panic("examples: unknown expression " + e.String())
	}
}

// pick returns a printable ASCII character of a class, which is a list of pairs of
// bounds.
func pick(class []rune, n int64) rune {
	var choice []rune
	for i := 0; i < len(class); i += 2 {
		for r := max(class[i], '!'); r <= min(class[i+1], '~'); r++ {
			choice = append(choice, r)
		}
	}
	return choice[n%int64(len(choice))]
}
