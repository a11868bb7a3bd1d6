// Package decode decodes JSON that encoding/json has refused: it decodes member by
// member, skips what does not fit, and reports where the first mismatch is.
package decode

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Decoder decodes valid JSON and keeps the first mismatch. encoding/json stops
// at the first error of an UnmarshalJSON method and does not report array
// indices. A Decoder is slower, so it runs only after encoding/json has failed.
type Decoder struct {
	custom Custom
	path   string
	err    error
}

// Custom decodes raw into out, a pointer, when out has a type that decodes its
// parts itself, and reports whether it has. It calls Value for the parts and
// Fail for a mismatch.
type Custom func(d *Decoder, raw []byte, out any, path string) bool

// Partial decodes raw, which is valid JSON, into the value that out points to,
// and leaves out what does not fit. It returns the path and the error of the
// first mismatch; the path is empty for the root. Custom may be nil.
func Partial(raw []byte, out any, custom Custom) (path string, err error) {
	d := &Decoder{custom: custom}
	d.Value(raw, out, "")
	return d.path, d.err
}

// Fail records a mismatch at path, unless there was one before.
func (d *Decoder) Fail(path string, err error) {
	if d.err == nil {
		d.path, d.err = path, err
	}
}

// Value decodes raw, which was found at path, into the value that out points to.
func (d *Decoder) Value(raw []byte, out any, path string) {
	if d.custom != nil && d.custom(d, raw, out, path) {
		return
	}
	err := json.Unmarshal(raw, out)
	if err == nil {
		return
	}
	switch v := reflect.ValueOf(out).Elem(); v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.Value(raw, v.Interface(), path)
	case reflect.Struct:
		d.members(raw, v, path)
	case reflect.Slice:
		d.elements(raw, v, path)
	case reflect.Map:
		d.entries(raw, v, path)
	}
	d.Fail(path, err)
}

// members decodes each member by itself. Other fields of v, such as the Raw of a
// union, stay as v's own UnmarshalJSON has left them.
func (d *Decoder) members(raw []byte, v reflect.Value, path string) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return
	}
	names := slices.Sorted(maps.Keys(object))
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || f.Anonymous && name == "" || options == "string" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		field, err := v.FieldByIndexErr(f.Index)
		if err != nil {
			continue
		}
		field.SetZero()
		if name, part, ok := find(object, names, name); ok {
			d.Value(part, field.Addr().Interface(), Member(path, name))
		}
	}
}

// find looks up a member as encoding/json does: by its exact name, or else
// ignoring case. names holds the names in object, sorted.
func find(object map[string]json.RawMessage, names []string, name string) (string, json.RawMessage, bool) {
	if part, ok := object[name]; ok {
		return name, part, true
	}
	for _, key := range names {
		if strings.EqualFold(key, name) {
			return key, object[key], true
		}
	}
	return name, nil, false
}

// elements decodes each element of an array by itself.
func (d *Decoder) elements(raw []byte, v reflect.Value, path string) {
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || parts == nil {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(parts), len(parts)))
	for i, part := range parts {
		d.Value(part, v.Index(i).Addr().Interface(), path+"["+strconv.Itoa(i)+"]")
	}
}

// entries decodes each entry of a map by itself.
func (d *Decoder) entries(raw []byte, v reflect.Value, path string) {
	var object map[string]json.RawMessage
	if v.Type().Key().Kind() != reflect.String || json.Unmarshal(raw, &object) != nil || object == nil {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(object)))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		entry := reflect.New(v.Type().Elem())
		d.Value(object[name], entry.Interface(), Member(path, name))
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), entry.Elem())
	}
}

// Member returns the path of a member of the object at path.
func Member(path, name string) string {
	switch {
	case name == "":
		return path
	case path == "":
		return name
	}
	return path + "." + name
}
