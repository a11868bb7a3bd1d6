// Package pathpattern matches the paths of URLs with patterns in the language of Clerk's
// other SDKs, such as /orgs/:slug, /orgs/:id/(.*) and /me{/:tab}?.
//
// :name stands for one segment and (…) for a regular expression, which may have a name
// before it. Braces group a prefix, one of these and a suffix. ?, * and + make what is before
// them optional or let it repeat, and a backslash makes the next character an ordinary one.
// A slash or a dot just before a parameter is optional or repeats with it.
package pathpattern

import (
	"fmt"
	"regexp"
	"strings"
)

// Pattern is a compiled pattern. It may be used by many goroutines.
type Pattern struct {
	expression *regexp.Regexp
	keys       []string // the name of each group of expression, or "" for a group without a name
}

// Match reports whether the whole path matches, whatever its case and with or without a
// slash at the end, and returns the values of the named parameters that it has. A path is
// compared as it is, without decoding escapes.
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

// Compile compiles a pattern. It refuses what regular expressions in Go lack or read
// differently than those in JavaScript, so that a pattern means the same in every SDK.
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
		return nil, fmt.Errorf("not a valid expression: %w", err)
	}
	return p, nil
}
