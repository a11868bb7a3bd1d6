package pathpattern

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// part is a piece of a pattern: either text, or a group that may be optional or repeat. A
// group has a prefix, an expression and a suffix, each of them possibly empty.
type part struct {
	text                       string
	name                       string // of the expression, or ""
	prefix, expression, suffix string
	modifier                   string // ?, * or +, or ""
}

// write appends p to the source of a regular expression.
func (p *part) write(source *strings.Builder) error {
	if p.text != "" {
		source.WriteString(regexp.QuoteMeta(p.text))
		return nil
	}
	prefix, suffix := regexp.QuoteMeta(p.prefix), regexp.QuoteMeta(p.suffix)
	repeats := p.modifier == "*" || p.modifier == "+"
	switch {
	case p.expression == "":
		fmt.Fprintf(source, "(?:%s%s)%s", prefix, suffix, p.modifier)
	case repeats && (p.name == "id" || p.name == "slug"):
		return fmt.Errorf("the parameter %s names one organization and cannot repeat", p.name)
	case repeats && prefix == "" && suffix == "":
		return errors.New("a parameter that repeats needs a prefix or a suffix")
	case repeats:
		fmt.Fprintf(source, "(?:%s((?:%s)(?:%s%s(?:%s))*)%s)", prefix, p.expression, suffix, prefix, p.expression, suffix)
		if p.modifier == "*" {
			source.WriteByte('?')
		}
	case prefix == "" && suffix == "":
		fmt.Fprintf(source, "(%s)%s", p.expression, p.modifier)
	default:
		fmt.Fprintf(source, "(?:%s(%s)%s)%s", prefix, p.expression, suffix, p.modifier)
	}
	return nil
}
