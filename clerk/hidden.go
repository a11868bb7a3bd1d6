package clerk

import (
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strings"
)

// hidden is printed in place of a credential.
const hidden = "hidden"

// FormatHidden writes the struct v with the names of its fields, and without what its
// fields with the tag clerk:"credential" hold. The generated packages use it for types
// with such fields, whatever the verb.
func FormatHidden(w io.Writer, v any) {
	s := reflect.ValueOf(v)
	var text strings.Builder
	text.WriteString("{")
	for i := range s.NumField() {
		f, shown := s.Type().Field(i), hidden
		if !f.IsExported() && !f.Anonymous {
			continue
		}
		if i > 0 {
			text.WriteString(" ")
		}
		if !hides(f) || s.Field(i).IsZero() {
			shown = printed(s.Field(i))
		}
		text.WriteString(f.Name + ":" + shown)
	}
	_, _ = io.WriteString(w, text.String()+"}")
}

// printed returns a value as text. Pointers, which fmt prints as addresses, are followed.
func printed(v reflect.Value) string {
	if _, ok := v.Interface().(fmt.Formatter); ok || v.IsZero() {
		return fmt.Sprintf("%+v", v.Interface())
	}
	switch v.Kind() {
	case reflect.Pointer:
		return printed(v.Elem())
	case reflect.Slice:
		entries := make([]string, v.Len())
		for i := range entries {
			entries[i] = printed(v.Index(i))
		}
		return "[" + strings.Join(entries, " ") + "]"
	default:
		return fmt.Sprintf("%+v", v.Interface())
	}
}

// hides reports whether a field is a credential, or the JSON of the whole value, which
// contains the credentials.
func hides(f reflect.StructField) bool {
	kind := f.Tag.Get("clerk")
	return kind == "credential" || kind == "raw"
}

// LogHidden returns the struct v as a group with a member for each field that is encoded
// in JSON, and without credentials. The generated packages use it for types that have
// credentials or hold some, because slog asks only the outermost value.
func LogHidden(v any) slog.Value { return slog.GroupValue(membersOf(reflect.ValueOf(v))...) }

func membersOf(s reflect.Value) []slog.Attr {
	var members []slog.Attr
	for i := range s.NumField() {
		f, v := s.Type().Field(i), s.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported() && !f.Anonymous:
		case name == "-" || strings.Contains(options, "omit") && v.IsZero():
		case f.Anonymous && name == "":
			members = append(members, membersOf(v)...)
		case hides(f) && !v.IsZero():
			members = append(members, slog.String(name, hidden))
		default:
			members = append(members, slog.Attr{Key: name, Value: logged(v)})
		}
	}
	return members
}

// logged returns a value whose credentials no handler can reach.
func logged(v reflect.Value) slog.Value {
	if !v.IsValid() {
		return slog.AnyValue(nil)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return slog.AnyValue(nil)
		}
		return logged(v.Elem())
	case reflect.Slice, reflect.Map, reflect.Array:
		if holdsHidden(v.Type().Elem()) && !v.IsZero() {
			return slog.StringValue(printed(v))
		}
	}
	if o, ok := v.Interface().(interface{ unwrap() (any, state) }); ok {
		inner, state := o.unwrap()
		if state != present {
			return slog.AnyValue(nil)
		}
		return logged(reflect.ValueOf(&inner).Elem().Elem())
	}
	return slog.AnyValue(v.Interface())
}

// holdsHidden reports whether values of type t, or what they lead to, log themselves.
func holdsHidden(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		return holdsHidden(t.Elem())
	default:
		return t.Implements(reflect.TypeFor[slog.LogValuer]())
	}
}
