// Package jsonfold finds members of JSON objects that encoding/json takes for each other.
//
// When encoding/json decodes an object into a struct, it ignores the case of names, and of
// several members for one field the last one counts. A reader who compares names byte by
// byte reads the first one of two that differ in case, and both read the same signed text
// differently.
package jsonfold

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// Check returns an error if an object in text, which must be a valid JSON object itself,
// would be decoded into a struct and has two names that differ only in case. It follows
// target, a pointer, as encoding/json does; a type that decodes itself is left alone, and
// so are maps, which keep both members.
func Check(text string, target any) error {
	return check(strictjson.Value{Text: text, Kind: '{'}, reflect.ValueOf(target))
}

func check(value strictjson.Value, target reflect.Value) error {
	target, own := settle(target)
	if own {
		return nil
	}
	switch target.Kind() {
	case reflect.Struct:
		return checkStruct(value, target)
	case reflect.Map:
		return checkMembers(value, func(string) []reflect.Value { return []reflect.Value{reflect.Zero(target.Type().Elem())} })
	case reflect.Slice, reflect.Array:
		return checkElements(value, target)
	default:
		return nil
	}
}

// settle follows pointers and interfaces to what is decoded into. own reports whether that
// decodes itself.
func settle(target reflect.Value) (_ reflect.Value, own bool) {
	for target.IsValid() {
		if decodesItself(target.Type()) {
			return target, true
		}
		switch target.Kind() {
		case reflect.Pointer:
			if target.IsNil() {
				target = reflect.Zero(target.Type().Elem())
			} else {
				target = target.Elem()
			}
		case reflect.Interface:
			// encoding/json decodes into a pointer that an interface holds, and else makes
			// maps.
			if target.Elem().Kind() != reflect.Pointer || target.Elem().IsNil() {
				return target, true
			}
			target = target.Elem()
		default:
			return target, false
		}
	}
	return target, true
}

var unmarshaler = reflect.TypeFor[json.Unmarshaler]()

func decodesItself(t reflect.Type) bool {
	return t.Implements(unmarshaler) || t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(unmarshaler)
}

func checkStruct(value strictjson.Value, target reflect.Value) error {
	if value.Kind != '{' {
		return nil
	}
	seen := make(map[string]string)
	var ambiguous error
	strictjson.Object(value.Text, func(name string, _ strictjson.Value) {
		folded := fold(name)
		if before, found := seen[folded]; found && ambiguous == nil {
			ambiguous = fmt.Errorf("the members %q and %q differ only in case", before, name)
		}
		seen[folded] = name
	})
	if ambiguous != nil {
		return ambiguous
	}
	fields := make(map[string][]reflect.Value)
	collect(fields, target, make(map[reflect.Type]bool))
	return checkMembers(value, func(name string) []reflect.Value { return fields[fold(name)] })
}

// checkMembers checks each member of an object against everything that it may be decoded
// into.
func checkMembers(value strictjson.Value, targets func(name string) []reflect.Value) (err error) {
	if value.Kind != '{' {
		return nil
	}
	strictjson.Object(value.Text, func(name string, v strictjson.Value) {
		for _, target := range targets(name) {
			if err == nil {
				err = check(v, target)
			}
		}
	})
	return err
}

func checkElements(value strictjson.Value, target reflect.Value) (err error) {
	if value.Kind != '[' {
		return nil
	}
	i := 0
	strictjson.List(value.Text, func(v strictjson.Value) {
		element := reflect.Zero(target.Type().Elem())
		if i < target.Len() {
			element = target.Index(i)
		}
		if err == nil {
			err = check(v, element)
		}
		i++
	})
	return err
}

// collect adds the fields of a struct by their folded names, those of embedded structs
// included, even where another field hides them. visited are the structs that it is in.
func collect(fields map[string][]reflect.Value, target reflect.Value, visited map[reflect.Type]bool) {
	if visited[target.Type()] {
		return
	}
	visited[target.Type()] = true
	for i := range target.NumField() {
		field := target.Type().Field(i)
		tag := field.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if tag == "-" || !field.IsExported() && !field.Anonymous {
			continue
		}
		if name == "" && field.Anonymous {
			if embedded, own := embeddedStruct(target.Field(i)); embedded.IsValid() && !own {
				collect(fields, embedded, visited)
				continue
			}
		}
		if name == "" {
			name = field.Name
		}
		fields[fold(name)] = append(fields[fold(name)], target.Field(i))
	}
}

func embeddedStruct(field reflect.Value) (_ reflect.Value, own bool) {
	if field.Kind() == reflect.Pointer {
		if field.Type().Elem().Kind() != reflect.Struct {
			return reflect.Value{}, false
		}
		if field.IsNil() {
			field = reflect.Zero(field.Type().Elem())
		} else {
			field = field.Elem()
		}
	}
	if field.Kind() != reflect.Struct {
		return reflect.Value{}, false
	}
	return field, decodesItself(field.Type())
}

// fold returns the same text for names that differ only in case.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		for least := r; ; {
			if r = unicode.SimpleFold(r); r == least {
				return r
			} else if r < least {
				least = r
			}
		}
	}, name)
}
