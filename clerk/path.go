package clerk

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// CheckID refuses what must not become a path segment: an empty id, one that a
// URL parser would fold away ("." and ".."), and one with a control character
// or any of / \ ? # and %. The error is a *RequestError whose Field is name; it
// does not repeat the id.
func CheckID(name, id string) error {
	if err := checkID(id); err != nil {
		return &RequestError{Field: name, Err: err}
	}
	return nil
}

func checkID(id string) error {
	switch id {
	case "":
		return errors.New("is empty")
	case ".", "..":
		return errors.New("is a dot segment")
	}
	for _, c := range id {
		switch {
		case unicode.IsControl(c):
			return errors.New("holds a control character")
		case strings.ContainsRune(`/\?#%`, c):
			return errors.New("holds " + string(c) + ", which no id does")
		}
	}
	return nil
}

// prefix is a path in both of its forms.
type prefix struct {
	text    string // decoded
	escaped string // as it is sent
}

func newPrefix(u *url.URL) (prefix, error) {
	p := prefix{strings.TrimRight(u.Path, "/"), strings.TrimRight(u.EscapedPath(), "/")}
	for segment := range strings.SplitSeq(strings.ReplaceAll(p.text, `\`, "/"), "/") {
		if segment == "." || segment == ".." {
			return prefix{}, errors.New("has a dot segment in its path")
		}
	}
	return p, nil
}

func (p prefix) join(segment string) prefix {
	return prefix{p.text + "/" + segment, p.escaped + "/" + url.PathEscape(segment)}
}

// build returns the URL of a path below root, its placeholders filled from ids.
// Nothing is ever resolved: what the template and the ids say is what is sent.
func (s *settings) build(template string, ids []string) (url.URL, error) {
	u := s.base
	if !strings.HasPrefix(template, "/") {
		return u, &RequestError{Field: "path", Err: errors.New("must start with /")}
	}
	var p pathBuilder
	p.begin(s.root, template, ids)
	used := 0
	for rest := template; rest != ""; {
		segment, _, _ := strings.Cut(rest[1:], "/")
		rest = rest[1+len(segment):]
		name, ok := placeholder(segment)
		if !ok {
			if err := checkSegment(segment); err != nil {
				return u, &RequestError{Field: "path", Err: err}
			}
			p.add(segment, segment)
			continue
		}
		if used == len(ids) {
			return u, errPlaceholders
		}
		id := ids[used]
		used++
		if err := CheckID(name, id); err != nil {
			return u, err
		}
		p.add(id, url.PathEscape(id))
	}
	if used != len(ids) {
		return u, errPlaceholders
	}
	u.Path, u.RawPath = p.text.String(), p.escaped.String()
	return u, nil
}

// pathBuilder writes both forms of a path, the escaped one only from where it
// begins to differ.
type pathBuilder struct {
	text, escaped strings.Builder
	differ        bool
}

func (p *pathBuilder) begin(root prefix, template string, ids []string) {
	size := len(root.text) + len(template)
	for _, id := range ids {
		size += len(id)
	}
	p.text.Grow(size)
	p.text.WriteString(root.text)
	if p.differ = root.text != root.escaped; p.differ {
		p.escaped.WriteString(root.escaped)
	}
}

func (p *pathBuilder) add(value, sent string) {
	if !p.differ && value != sent {
		p.differ = true
		p.escaped.WriteString(p.text.String())
	}
	p.text.WriteByte('/')
	p.text.WriteString(value)
	if p.differ {
		p.escaped.WriteByte('/')
		p.escaped.WriteString(sent)
	}
}

var errPlaceholders = &RequestError{Field: "path", Err: errors.New("the number of ids is not that of the placeholders")}

func placeholder(segment string) (name string, ok bool) {
	if len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}' {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// checkSegment accepts the literal segments that need no escaping; whatever
// does belongs into the ids.
func checkSegment(segment string) error {
	switch segment {
	case "":
		return errors.New("has an empty segment")
	case ".", "..":
		return errors.New("has a dot segment")
	}
	for i := range len(segment) {
		c := segment[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~!$&'()*+,;=:@", c) < 0:
			return errors.New("holds a character that a literal path does not have")
		}
	}
	return nil
}
