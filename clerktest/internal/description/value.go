package description

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// checker collects what is wrong with a request.
type checker struct {
	problems []Problem
	// lenient accepts missing members, for values that show a part of a resource.
	lenient bool
}

func (c *checker) add(code, message, param, format string, args ...any) {
	c.problems = append(c.problems, Problem{Code: code, Message: message, Param: param, Detail: fmt.Sprintf(format, args...)})
}

func (c *checker) refusal(status int) *Refusal {
	if len(c.problems) == 0 {
		return nil
	}
	return &Refusal{Status: status, Problems: c.problems}
}

// value checks one decoded JSON value, called path in messages.
func (c *checker) value(path string, s *Schema, v any) {
	if v == nil {
		if !s.Nullable && s.Type != Any {
			c.add("form_param_nil", "is null", path, "%s cannot be null", name(path))
		}
		return
	}
	if !typed(s.Type, v) {
		c.add("form_param_type_invalid", "has the wrong type", path, "%s must be of type %s", name(path), s.Type)
		return
	}
	switch v := v.(type) {
	case string:
		c.text(path, s, v)
	case json.Number:
		c.number(path, s, v)
	case []any:
		c.array(path, s, v)
	case *object:
		c.object(path, s, v)
	}
	for _, part := range s.AllOf {
		c.value(path, part, v)
	}
	c.anyOf(path, s, v)
}

func (c *checker) anyOf(path string, s *Schema, v any) {
	if len(s.AnyOf) == 0 {
		return
	}
	for _, branch := range s.AnyOf {
		probe := checker{lenient: c.lenient}
		if probe.value(path, branch, v); len(probe.problems) == 0 {
			return
		}
	}
	c.add("form_param_value_invalid", "has an invalid value", path, "%s fits none of the forms that it may have", name(path))
}

func typed(t Type, v any) bool {
	switch t {
	case String:
		_, ok := v.(string)
		return ok
	case Boolean:
		_, ok := v.(bool)
		return ok
	case Array:
		_, ok := v.([]any)
		return ok
	case Object:
		_, ok := v.(*object)
		return ok
	case Integer:
		n, ok := v.(json.Number)
		return ok && !strings.ContainsAny(n.String(), ".eE")
	case Number:
		_, ok := v.(json.Number)
		return ok
	}
	return true
}

func (c *checker) text(path string, s *Schema, v string) {
	length := utf8.RuneCountInString(v)
	for _, l := range s.Limits {
		switch {
		case l.Kind == MinLength && length < int(l.Value):
			c.add("form_param_min_length_exceeded", "is too short", path, "%s needs at least %v characters", name(path), l.Value)
		case l.Kind == MaxLength && length > int(l.Value):
			c.add("form_param_max_length_exceeded", "is too long", path, "%s can have at most %v characters", name(path), l.Value)
		}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		c.add("form_param_value_invalid", "has an invalid value", path, "%s must be one of %s", name(path), strings.Join(s.Enum, ", "))
	}
	if s.Pattern != "" && !pattern(s.Pattern).MatchString(v) {
		c.add("form_param_format_invalid", "has an invalid format", path, "%s must match %s", name(path), s.Pattern)
	}
	if !formatted(s.Format, v) {
		c.add("form_param_format_invalid", "has an invalid format", path, "%s must be a valid %s", name(path), s.Format)
	}
}

func (c *checker) number(path string, s *Schema, v json.Number) {
	f, err := v.Float64()
	if s.Type == Integer && err == nil {
		_, err = strconv.ParseInt(v.String(), 10, 64)
	}
	if err != nil {
		c.add("form_param_value_too_large", "is too large", path, "%s is out of range", name(path))
		return
	}
	for _, l := range s.Limits {
		switch {
		case l.Kind == Minimum && f < l.Value:
			c.add("form_param_value_invalid", "is too small", path, "%s must be at least %v", name(path), l.text())
		case l.Kind == ExclusiveMinimum && f <= l.Value:
			c.add("form_param_value_invalid", "is too small", path, "%s must be greater than %v", name(path), l.text())
		case l.Kind == Maximum && f > l.Value:
			c.add("form_param_value_too_large", "is too large", path, "%s must be at most %v", name(path), l.text())
		}
	}
}

func (l Limit) text() string { return strconv.FormatFloat(l.Value, 'f', -1, 64) }

func (c *checker) array(path string, s *Schema, v []any) {
	for _, l := range s.Limits {
		switch {
		case l.Kind == MinItems && len(v) < int(l.Value):
			c.add("form_param_missing", "has too few items", path, "%s needs at least %v items", name(path), l.Value)
		case l.Kind == MaxItems && len(v) > int(l.Value):
			c.add("form_param_array_size_exceeded", "has too many items", path, "%s can have at most %v items", name(path), l.Value)
		}
	}
	if s.Unique && duplicates(v) {
		c.add("duplicate_list_items_not_allowed", "has equal items", path, "%s has an item twice", name(path))
	}
	if s.Items == nil {
		return
	}
	for i, item := range v {
		c.value(fmt.Sprintf("%s[%d]", path, i), s.Items, item)
	}
}

func duplicates(items []any) bool {
	seen := map[string]bool{}
	for _, item := range items {
		if key, ok := item.(string); ok {
			if seen[key] {
				return true
			}
			seen[key] = true
		}
	}
	return false
}

func name(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}

var patterns sync.Map

// pattern compiles a regular expression once. The generator has compiled every
// pattern of the tables before, so that none fails here.
func pattern(text string) *regexp.Regexp {
	if known, ok := patterns.Load(text); ok {
		return known.(*regexp.Regexp)
	}
	compiled := regexp.MustCompile(text)
	patterns.Store(text, compiled)
	return compiled
}

func formatted(format, v string) bool {
	switch format {
	case "email":
		a, err := mail.ParseAddress(v)
		return err == nil && a.Address == v
	case "uri":
		u, err := url.Parse(v)
		return err == nil && u.IsAbs()
	case "date-time":
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	}
	return true
}
