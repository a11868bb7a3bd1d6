package roundtrip

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// objectOf returns sent as an object, or nil if it is not one.
func objectOf(sent any) map[string]any {
	switch o := sent.(type) {
	case map[string]any:
		return o
	case examples.Dictionary:
		return o
	}
	return nil
}

// object compares every member, requires that the fields of all other members are
// empty, and compares the whole object with Raw if there is one.
func (c *comparison) object(path string, sent any, got reflect.Value) {
	fields := fieldsOf(got.Type())
	if list, ok := sent.([]any); ok && fields.list {
		c.array(path, list, got.FieldByIndex(fields.byName["data"]))
		return
	}
	members := objectOf(sent)
	if members == nil {
		c.fail(path, "a %T was read into a %s", sent, got.Type())
		return
	}
	for key, v := range members {
		at := memberPath(path, key)
		i, has := fields.byName[key]
		_, undeclared := v.(examples.Undeclared)
		switch {
		case has:
			c.value(at, v, got.FieldByIndex(i))
		case undeclared, c.ignore != "" && strings.HasPrefix(key, c.ignore):
		case at != c.skip:
			c.fail(at, "%s has no such field", got.Type())
		}
	}
	for key, i := range fields.byName {
		_, was := members[key]
		if key == "data" && fields.list || key == "m2m_tokens" {
			continue // two names of the same field
		}
		if !was && memberPath(path, key) != c.skip && !got.FieldByIndex(i).IsZero() {
			c.fail(memberPath(path, key), "was not sent, but %v was read", got.FieldByIndex(i))
		}
	}
	if fields.raw >= 0 && !exactly(sent, got.Field(fields.raw).Bytes()) {
		c.fail(path, "Raw has %d bytes that are not what was sent", got.Field(fields.raw).Len())
	}
}

// fields has the indices of the fields of a struct.
type fields struct {
	byName map[string][]int
	raw    int  // of Raw in a union, else -1
	list   bool // the struct is a clerk.List
}

var known sync.Map

func fieldsOf(t reflect.Type) *fields {
	if f, ok := known.Load(t); ok {
		return f.(*fields)
	}
	f := &fields{byName: map[string][]int{}, raw: -1, list: strings.HasPrefix(t.Name(), "List[")}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported():
		case field.Name == "Raw" && name == "-":
			f.raw = field.Index[0]
		case name != "-" && name != "":
			f.byName[name] = field.Index
		}
	}
	if f.list {
		f.byName["m2m_tokens"] = f.byName["data"]
	}
	known.Store(t, f)
	return f
}

// optional returns the value of a clerk.Optional and its state: "value", "null" or
// "absent".
func optional(v reflect.Value) (inner reflect.Value, state string, ok bool) {
	o, is := v.Interface().(interface {
		IsNull() bool
		IsZero() bool
	})
	if !is {
		return inner, "", false
	}
	switch {
	case o.IsZero():
		return inner, "absent", true
	case o.IsNull():
		return inner, "null", true
	}
	return v.MethodByName("Get").Call(nil)[0], "value", true
}

func (c *comparison) optional(path string, sent any, inner reflect.Value, state string) {
	switch {
	case sent == nil && state == "null":
		c.values++
	case sent == nil || state != "value":
		c.fail(path, "%v was sent, but the field is %s", sent, state)
	default:
		c.value(path, sent, inner)
	}
}

// exactly reports whether raw is the JSON of sent, to the last digit.
func exactly(sent any, raw []byte) bool {
	got, err := tree(raw, true)
	return err == nil && equal(sent, got)
}

func equal(sent, got any) bool {
	switch s := sent.(type) {
	case nil, bool:
		return s == got
	case []any:
		list, ok := got.([]any)
		return ok && slices.EqualFunc(s, list, equal)
	case int64, float64, json.Number, json.RawMessage:
		data, err := json.Marshal(s)
		if number, ok := got.(json.Number); ok {
			return string(data) == number.String()
		}
		other, errOther := tree(data, true)
		return err == nil && errOther == nil && reflect.DeepEqual(other, got)
	}
	if object := objectOf(sent); object != nil {
		members, ok := got.(map[string]any)
		return ok && maps.EqualFunc(object, members, equal)
	}
	text, ok := got.(string)
	return ok && reflect.ValueOf(sent).String() == text
}

// same reports whether both have the same JSON, with numbers as encoding/json decodes
// them into an any.
func same(sent, got any) bool {
	data, err := json.Marshal(sent)
	if err != nil {
		return false
	}
	want, err := tree(data, false)
	return err == nil && reflect.DeepEqual(want, got)
}

func tree(data []byte, exact bool) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if exact {
		d.UseNumber()
	}
	err = d.Decode(&v)
	return v, err
}
