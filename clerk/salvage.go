package clerk

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// salvager decodes valid JSON member by member, past whatever does not fit, and
// keeps the place of the first misfit. encoding/json stops at the first error of
// an UnmarshalJSON method and does not tell array indices; this is slower and
// runs only after it has failed.
type salvager struct {
	path string
	err  error
}

type salvageable interface {
	salvage(s *salvager, raw []byte, path string)
}

// salvage decodes body into a new value like the one out points to, and returns
// that, with the path and the kind of the first misfit.
func salvage(body []byte, out any, err error) (path string, partial any, _ error) {
	v := reflect.New(reflect.TypeOf(out).Elem())
	s := &salvager{}
	s.into(body, v.Elem(), "")
	switch {
	case s.err == nil:
		return "", v.Interface(), err
	case s.path == "":
		return "", nil, s.err
	}
	return s.path, v.Interface(), s.err
}

func (s *salvager) fail(path string, err error) {
	if s.err == nil {
		s.path, s.err = path, err
	}
}

// into decodes raw into v, which is addressable.
func (s *salvager) into(raw []byte, v reflect.Value, path string) {
	p := v.Addr().Interface()
	if own, ok := p.(salvageable); ok {
		own.salvage(s, raw, path)
		return
	}
	err := json.Unmarshal(raw, p)
	if err == nil {
		return
	}
	before := s.err
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.into(raw, v.Elem(), path)
	case reflect.Struct:
		s.members(raw, v, path)
	case reflect.Slice:
		s.elements(raw, v, path)
	case reflect.Map:
		s.entries(raw, v, path)
	}
	if before == nil && s.err == nil {
		s.fail(path, err)
	}
}

// members decodes each member by itself. What v keeps beside its members, as the
// Raw of a union, stays as v's own UnmarshalJSON has left it.
func (s *salvager) members(raw []byte, v reflect.Value, path string) {
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
			s.into(part, field, member(path, name))
		}
	}
}

// find looks a member up as encoding/json does, which also takes other cases.
// names are those of the object, sorted.
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

func (s *salvager) elements(raw []byte, v reflect.Value, path string) {
	var parts []json.RawMessage
	if json.Unmarshal(raw, &parts) != nil || parts == nil {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(parts), len(parts)))
	for i, part := range parts {
		s.into(part, v.Index(i), path+"["+strconv.Itoa(i)+"]")
	}
}

func (s *salvager) entries(raw []byte, v reflect.Value, path string) {
	var object map[string]json.RawMessage
	if v.Type().Key().Kind() != reflect.String || json.Unmarshal(raw, &object) != nil || object == nil {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(object)))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		entry := reflect.New(v.Type().Elem()).Elem()
		s.into(object[name], entry, member(path, name))
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), entry)
	}
}

func member(path, name string) string {
	switch {
	case name == "":
		return path
	case path == "":
		return name
	}
	return path + "." + name
}
