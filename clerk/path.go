package clerk

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// CheckID returns an error if id must not become a path segment: if it is empty, is
// "." or "..", or contains a control character or any of / \ ? # %. The error is a
// [*RequestError] whose Field is name. It does not repeat the id.
func CheckID(name, id string) error {
	if err := checkID(id); err != nil {
		return &RequestError{Field: name, Err: err}
	}
	return nil
}

// checkID is CheckID without the name.
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
			return errors.New("contains a control character")
		case strings.ContainsRune(`/\?#%`, c):
			return errors.New("contains " + string(c) + ", which is not allowed in an id")
		}
	}
	return nil
}

// prefix is the beginning of a path, without a slash at its end.
type prefix struct {
	text    string // decoded
	escaped string // as sent
}

// newPrefix returns the path of a base URL.
func newPrefix(u *url.URL) (prefix, error) {
	p := prefix{strings.TrimRight(u.Path, "/"), strings.TrimRight(u.EscapedPath(), "/")}
	for segment := range strings.SplitSeq(strings.ReplaceAll(p.text, `\`, "/"), "/") {
		if segment == "." || segment == ".." {
			return prefix{}, errors.New("must not have a dot segment in its path")
		}
	}
	return p, nil
}

// join returns p with one more segment.
func (p prefix) join(segment string) prefix {
	return prefix{p.text + "/" + segment, p.escaped + "/" + url.PathEscape(segment)}
}

// build returns the URL of the path that template and ids make, below root. It never
// resolves a path: a dot segment is an error.
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

// pathBuilder writes the decoded and the escaped form of a path. It writes the
// escaped form only from the segment on where it differs.
type pathBuilder struct {
	text, escaped strings.Builder
	differ        bool
}

// begin starts with root and allocates for the rest of the path.
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

// add appends a segment whose escaped form is sent.
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

var errPlaceholders = &RequestError{Field: "path", Err: errors.New("the number of ids does not match the number of placeholders")}

// placeholder returns the name in a segment such as {user_id}.
func placeholder(segment string) (name string, ok bool) {
	if len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}' {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// checkSegment accepts a literal segment that does not need escaping. Anything else
// belongs in the ids.
func checkSegment(segment string) error {
	switch segment {
	case "":
		return errors.New("contains an empty segment")
	case ".", "..":
		return errors.New("contains a dot segment")
	}
	for i := range len(segment) {
		c := segment[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~!$&'()*+,;=:@", c) < 0:
			return errors.New("contains a character that must be escaped")
		}
	}
	return nil
}
