package decode

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// jsonField is a field that encoding/json decodes.
type jsonField struct {
	name     string
	of       reflect.Type
	index    []int // as of reflect.Value.FieldByIndex
	tagged   bool
	inString bool // the value is written in a string
}

// jsonFields returns the fields that encoding/json decodes into t, in order: of fields
// with one name the least deeply embedded one, or else the only one whose tag has the
// name, or else none.
func jsonFields(t reflect.Type) []jsonField {
	byName := map[string][]jsonField{} // the candidates of the least depth
	seen := map[reflect.Type]bool{}
	for level := []embedded{{of: t}}; len(level) > 0; {
		found := map[string][]jsonField{}
		var below []embedded
		for _, e := range level {
			if seen[e.of] {
				continue
			}
			for i := range e.of.NumField() {
				f, inner := e.field(i)
				switch {
				case inner != nil:
					below = append(below, *inner)
				case f != nil:
					found[f.name] = append(found[f.name], *f)
				}
			}
		}
		for _, e := range level {
			seen[e.of] = true
		}
		for name, candidates := range found {
			if _, ok := byName[name]; !ok {
				byName[name] = candidates
			}
		}
		level = below
	}
	var all []jsonField
	for _, candidates := range byName {
		if f, ok := dominant(candidates); ok {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b jsonField) int { return slices.Compare(a.index, b.index) })
	return all
}

// dominant returns the one of several fields with one name and depth that is decoded.
func dominant(candidates []jsonField) (jsonField, bool) {
	tagged := slices.DeleteFunc(slices.Clone(candidates), func(f jsonField) bool { return !f.tagged })
	switch {
	case len(tagged) == 1:
		return tagged[0], true
	case len(candidates) == 1:
		return candidates[0], true
	}
	return jsonField{}, false
}

// embedded is a struct whose fields are fields of another one.
type embedded struct {
	of    reflect.Type
	index []int
}

// field returns the field i as one with a value, or as an embedded struct, or as neither
// if encoding/json passes it over.
func (e embedded) field(i int) (*jsonField, *embedded) {
	f := e.of.Field(i)
	to := f.Type
	if to.Name() == "" && to.Kind() == reflect.Pointer {
		to = to.Elem()
	}
	isStruct := f.Anonymous && to.Kind() == reflect.Struct
	tag := f.Tag.Get("json")
	if tag == "-" || !f.IsExported() && !isStruct {
		return nil, nil
	}
	name, options, _ := strings.Cut(tag, ",")
	if !isName(name) {
		name = ""
	}
	index := append(slices.Clone(e.index), i)
	if isStruct && name == "" {
		return nil, &embedded{to, index}
	}
	return &jsonField{
		name: cmp.Or(name, f.Name), of: f.Type, index: index, tagged: name != "",
		inString: slices.Contains(strings.Split(options, ","), "string") && isScalar(to),
	}, nil
}

// isName reports whether encoding/json accepts a name in a tag.
func isName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func isScalar(t reflect.Type) bool {
	switch k := t.Kind(); k {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64:
		return true
	default:
		return k >= reflect.Int && k <= reflect.Uintptr
	}
}

// inString is the plan for a field with the option string in its tag. encoding/json has
// the option only for fields, so the plan decodes into a struct with such a field.
func inString(t reflect.Type) Plan {
	holder := reflect.StructOf([]reflect.StructField{{Name: "V", Type: t, Tag: `json:"v,string"`}})
	return func(d *Decoder, v reflect.Value) bool {
		d.scanner.next()
		at := d.scanner.at
		raw := d.scanner.raw()
		if d.scanner.broken {
			return false
		}
		held := reflect.New(holder)
		if err := json.Unmarshal([]byte(`{"v":`+raw+`}`), held.Interface()); err != nil {
			d.Note(at, err)
			return false
		}
		v.Set(held.Elem().Field(0))
		return true
	}
}
