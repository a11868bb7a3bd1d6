package description

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth bounds the nesting of arrays and objects.
const maxDepth = 64

var errMalformed = errors.New("not well-formed JSON in UTF-8")

// object is a JSON object that records duplicate names.
type object struct {
	names      []string
	members    map[string]any
	duplicates []string
}

// parse decodes one JSON text: objects to *object, numbers to json.Number.
func parse(data []byte) (any, error) {
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, errMalformed
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return nextValue(dec, 0)
}

func nextValue(dec *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	token, err := dec.Token()
	if err != nil {
		return nil, errMalformed
	}
	switch token {
	case json.Delim('{'):
		return nextObject(dec, depth)
	case json.Delim('['):
		items := []any{}
		for dec.More() {
			item, err := nextValue(dec, depth+1)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		}
		_, err = dec.Token()
		return items, err
	}
	return token, nil
}

func nextObject(dec *json.Decoder, depth int) (any, error) {
	o := &object{members: map[string]any{}}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, errMalformed
		}
		name := token.(string)
		value, err := nextValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		if _, known := o.members[name]; known {
			o.duplicates = append(o.duplicates, name)
			continue
		}
		o.names = append(o.names, name)
		o.members[name] = value
	}
	_, err := dec.Token()
	return o, err
}

func (c *checker) checkObject(path string, s *Schema, o *object) {
	for _, name := range o.duplicates {
		c.add("form_param_duplicate", "is duplicate", memberPath(path, name), "%s occurs more than once", memberPath(path, name))
	}
	for _, m := range s.Members {
		value, present := o.members[m.Name]
		switch {
		case present:
			c.checkValue(memberPath(path, m.Name), m.Schema, value)
		case m.Required && !c.lenient:
			c.missing(memberPath(path, m.Name))
		}
	}
	for _, name := range o.names {
		value := o.members[name]
		switch {
		case s.Member(name) != nil || s.Type != Object:
		case s.Values != nil:
			c.checkValue(memberPath(path, name), s.Values, value)
		case s.Open:
			c.duplicatesIn(memberPath(path, name), value)
		case len(s.AllOf) == 0 && len(s.AnyOf) == 0:
			c.add("form_param_unknown", "is unknown", memberPath(path, name), "%s is unknown", memberPath(path, name))
		}
	}
	if len(s.Groups) > 0 && !slices.ContainsFunc(s.Groups, o.has) {
		c.missing(memberPath(path, s.Groups[0][0]))
	}
}

func (c *checker) missing(path string) {
	c.add("form_param_missing", "is missing", path, "%s is required", path)
}

// duplicatesIn reports duplicate names in free-form JSON, which decoders treat
// differently.
func (c *checker) duplicatesIn(path string, v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			c.duplicatesIn(path, item)
		}
	case *object:
		c.checkObject(path, &record, v)
	}
}

func (o *object) has(names []string) bool {
	for _, name := range names {
		if _, ok := o.members[name]; !ok {
			return false
		}
	}
	return true
}

// memberPath returns the path of a member. It is a single line whatever the name is.
func memberPath(path, name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		name = strconv.Quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}
