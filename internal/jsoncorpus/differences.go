package jsoncorpus

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// Differences says what a JSON text has that encoding/json and the decoder of package
// clerk read differently.
type Differences struct {
	Names   bool // a name that is a field's only regardless of case, or one that is there twice
	Numbers bool // a number with a fraction or an exponent, or a negative zero
}

// In returns the differences that raw, which is JSON, may have when it is decoded into a
// value of type t.
func In(raw []byte, t reflect.Type) Differences {
	known := map[string]string{}
	names(t, known, map[reflect.Type]bool{})
	var found Differences
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var open []*object // nil for an array
	for {
		token, err := d.Token()
		if err != nil {
			return found
		}
		if token == json.Delim('}') || token == json.Delim(']') {
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 && open[len(open)-1].nameNext() {
			name := token.(string)
			exact, isField := known[fold(name)]
			if open[len(open)-1].add(name) || isField && exact != name {
				found.Names = true
			}
			continue
		}
		switch v := token.(type) {
		case json.Number:
			found.Numbers = found.Numbers || v == "-0" || strings.ContainsAny(v.String(), ".eE")
		case json.Delim:
			if v == '{' {
				open = append(open, &object{names: map[string]bool{}})
			} else {
				open = append(open, nil)
			}
		}
	}
}

// object is an object that is open.
type object struct {
	tokens int
	names  map[string]bool
}

// nameNext counts a token, and reports whether it is a name.
func (o *object) nameNext() bool {
	if o == nil {
		return false
	}
	o.tokens++
	return o.tokens%2 == 1
}

// add reports whether the object has the name already, regardless of case.
func (o *object) add(name string) bool {
	folded := fold(name)
	had := o.names[folded]
	o.names[folded] = true
	return had
}

// fold returns the same for names that encoding/json takes for the same.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// names adds the names of the members of t and of all types in it, by what fold returns.
func names(t reflect.Type, known map[string]string, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		names(t.Elem(), known, seen)
	case reflect.Struct:
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			known[fold(name)] = name
			names(f.Type, known, seen)
		}
	}
}
