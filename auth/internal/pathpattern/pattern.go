// Package pathpattern matches paths with patterns such as /orgs/:slug.
package pathpattern

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Pattern matches paths as Clerk's other SDKs do, in whose language patterns
// are written: /orgs/:slug, /orgs/:id/(.*), /me{/:tab}?.
type Pattern struct {
	expression *regexp.Regexp
	keys       []string // of the groups of expression, in their order
}

// Match gives the values of the named parameters that a path has.
func (p *Pattern) Match(path string) (values map[string]string, ok bool) {
	groups := p.expression.FindStringSubmatchIndex(path)
	if groups == nil {
		return nil, false
	}
	values = make(map[string]string, len(p.keys))
	for i, key := range p.keys {
		if start, end := groups[2*i+2], groups[2*i+3]; start >= 0 && key != "" {
			values[key] = path[start:end]
		}
	}
	return values, true
}

// Compile makes a Go expression of a pattern. What Go's expressions cannot
// say is refused here, so that no pattern means one thing in one SDK and another
// thing in another.
func Compile(pattern string) (*Pattern, error) {
	parts, err := parse(pattern)
	if err != nil {
		return nil, err
	}
	p := new(Pattern)
	var source strings.Builder
	source.WriteString("(?i)^")
	for _, part := range parts {
		if err := part.write(&source); err != nil {
			return nil, err
		}
		if part.expression != "" {
			p.keys = append(p.keys, part.name)
		}
	}
	source.WriteString("[/#?]?$")
	if p.expression, err = regexp.Compile(source.String()); err != nil {
		return nil, fmt.Errorf("it cannot be made an expression: %w", err)
	}
	return p, nil
}

// part is a text, or a group that may repeat: in the group stand a prefix,
// an expression, which has a name or not, and a suffix.
type part struct {
	text                       string
	name                       string
	prefix, expression, suffix string
	modifier                   string // ?, * or +
}

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

// checkExpression takes what JavaScript's and Go's expressions both have and mean
// in the same way.
func checkExpression(expression string) error {
	for i := 0; i < len(expression); i++ {
		rest := expression[i:]
		switch {
		case rest[0] == '\\':
			i++
			if c := rest[1]; isWordCharacter(c) && strings.IndexByte("dDwWsSbBfnrtv", c) < 0 {
				return fmt.Errorf(`the escape \%c is not available`, c)
			}
		case rest[0] == '(' && !strings.HasPrefix(rest, "(?:"):
			return errors.New("only (?:…) groups are available inside of (…), and nothing that looks ahead or behind")
		case strings.HasPrefix(rest, "[:"):
			return errors.New("a character class cannot begin with a colon")
		}
	}
	return nil
}

func isWordCharacter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}
