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

// checker collects the problems of a request.
type checker struct {
	problems []Problem
	// lenient accepts objects without their required members.
	lenient bool
	known   IDs
}

// IDs reports whether a resource has an ID. Such an ID may be shorter than the description
// demands, as those of seeds are.
type IDs func(id string) bool

// idLengths are the numbers of characters after the prefix that patterns of IDs demand.
var idLengths = []int{27, 32}

// isKnown reports whether v is the ID of a resource of a kind that the pattern allows.
func (c *checker) isKnown(allowed *regexp.Regexp, v string) bool {
	prefix, _, isID := strings.Cut(v, "_")
	return isID && c.known != nil && c.known(v) && slices.ContainsFunc(idLengths, func(n int) bool {
		return allowed.MatchString(prefix + "_" + strings.Repeat("0", n))
	})
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

// checkValue checks a decoded JSON value, which messages call path.
func (c *checker) checkValue(path string, s *Schema, v any) {
	if v == nil {
		if !s.Nullable && s.Type != Any {
			c.add("form_param_nil", "is null", path, "%s cannot be null", nameOf(path))
		}
		return
	}
	if !hasType(s.Type, v) {
		c.add("form_param_type_invalid", "has the wrong type", path, "%s must be of type %s", nameOf(path), s.Type)
		return
	}
	switch v := v.(type) {
	case string:
		c.checkString(path, s, v)
	case json.Number:
		c.checkNumber(path, s, v)
	case []any:
		c.checkArray(path, s, v)
	case *object:
		c.checkObject(path, s, v)
	}
	for _, part := range s.AllOf {
		c.checkValue(path, part, v)
	}
	c.checkAnyOf(path, s, v)
}

func (c *checker) checkAnyOf(path string, s *Schema, v any) {
	if len(s.AnyOf) == 0 {
		return
	}
	for _, branch := range s.AnyOf {
		probe := checker{lenient: c.lenient, known: c.known}
		if probe.checkValue(path, branch, v); len(probe.problems) == 0 {
			return
		}
	}
	c.add("form_param_value_invalid", "has an invalid value", path, "%s does not match any of its allowed forms", nameOf(path))
}

func hasType(t Type, v any) bool {
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

func (c *checker) checkString(path string, s *Schema, v string) {
	length := utf8.RuneCountInString(v)
	for _, l := range s.Limits {
		switch {
		case l.Kind == MinLength && length < int(l.Value):
			c.add("form_param_min_length_exceeded", "is too short", path, "%s needs at least %v characters", nameOf(path), l.Value)
		case l.Kind == MaxLength && length > int(l.Value):
			c.add("form_param_max_length_exceeded", "is too long", path, "%s can have at most %v characters", nameOf(path), l.Value)
		}
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		c.add("form_param_value_invalid", "has an invalid value", path, "%s must be one of %s", nameOf(path), strings.Join(s.Enum, ", "))
	}
	if s.Pattern != "" && !pattern(s.Pattern).MatchString(v) && !c.isKnown(pattern(s.Pattern), v) {
		c.add("form_param_format_invalid", "has an invalid format", path, "%s must match %s", nameOf(path), s.Pattern)
	}
	if !hasFormat(s.Format, v) {
		c.add("form_param_format_invalid", "has an invalid format", path, "%s must be a valid %s", nameOf(path), s.Format)
	}
}

func (c *checker) checkNumber(path string, s *Schema, v json.Number) {
	f, err := v.Float64()
	if s.Type == Integer && err == nil {
		_, err = strconv.ParseInt(v.String(), 10, 64)
	}
	if err != nil {
		c.add("form_param_value_too_large", "is too large", path, "%s is out of range", nameOf(path))
		return
	}
	for _, l := range s.Limits {
		switch {
		case l.Kind == Minimum && f < l.Value:
			c.add("form_param_value_invalid", "is too small", path, "%s must be at least %v", nameOf(path), l.valueText())
		case l.Kind == ExclusiveMinimum && f <= l.Value:
			c.add("form_param_value_invalid", "is too small", path, "%s must be greater than %v", nameOf(path), l.valueText())
		case l.Kind == Maximum && f > l.Value:
			c.add("form_param_value_too_large", "is too large", path, "%s must be at most %v", nameOf(path), l.valueText())
		}
	}
}

func (l Limit) valueText() string { return strconv.FormatFloat(l.Value, 'f', -1, 64) }

func (c *checker) checkArray(path string, s *Schema, v []any) {
	for _, l := range s.Limits {
		switch {
		case l.Kind == MinItems && len(v) < int(l.Value):
			c.add("form_param_missing", "has too few items", path, "%s needs at least %v items", nameOf(path), l.Value)
		case l.Kind == MaxItems && len(v) > int(l.Value):
			c.add("form_param_array_size_exceeded", "has too many items", path, "%s can have at most %v items", nameOf(path), l.Value)
		}
	}
	if s.Unique && hasDuplicates(v) {
		c.add("duplicate_list_items_not_allowed", "has equal items", path, "%s has duplicate items", nameOf(path))
	}
	if s.Items == nil {
		return
	}
	for i, item := range v {
		c.checkValue(fmt.Sprintf("%s[%d]", path, i), s.Items, item)
	}
}

func hasDuplicates(items []any) bool {
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

func nameOf(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}

var patterns sync.Map

// pattern returns a compiled regular expression. It does not fail, because the
// generator has checked every pattern of the tables.
func pattern(text string) *regexp.Regexp {
	if known, ok := patterns.Load(text); ok {
		return known.(*regexp.Regexp)
	}
	compiled := regexp.MustCompile(text)
	patterns.Store(text, compiled)
	return compiled
}

func hasFormat(format, v string) bool {
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
