package decode

import (
	"errors"
	"reflect"
	"strings"
)

// structure is the plan of a struct.
type structure struct {
	of     reflect.Type
	fields []field
	byName map[string]int // index into fields
	raw    int            // index of the field for the JSON itself, or -1
}

// field is a field of a struct, or of a struct that is embedded in it.
type field struct {
	quoted string // the name as it is usually written
	index  []int
	plan   Plan
}

func (b *builder) structure(t reflect.Type) Plan {
	s := &structure{of: t, byName: map[string]int{}, raw: rawField(t)}
	for _, f := range jsonFields(t) {
		plan := b.plan(f.of)
		if f.inString {
			plan = inString(f.of)
		}
		s.byName[f.name] = len(s.fields)
		s.fields = append(s.fields, field{`"` + f.name + `"`, f.index, plan})
	}
	return s.decode
}

func (s *structure) decode(d *Decoder, v reflect.Value) bool {
	kind, fits := d.scanner.next(), true
	start := d.scanner.at
	switch kind {
	case '{':
		s.members(d, v)
	case 'n':
		d.scanner.literal("null")
	default:
		fits = d.Mismatch(s.of)
	}
	if s.raw < 0 || d.scanner.broken {
		return fits
	}
	v.Field(s.raw).SetBytes([]byte(d.scanner.text[start:d.scanner.at]))
	return true
}

func (s *structure) members(d *Decoder, v reflect.Value) {
	next, last := 0, -1
	for ok := d.scanner.open('}'); ok; ok = d.scanner.more('}') {
		i, known := s.member(&d.scanner, next)
		if !known {
			d.scanner.skip()
			continue
		}
		f := &s.fields[i]
		target, ok := f.in(v)
		if !ok {
			d.Reject(errUnexported)
			continue
		}
		if i > last {
			last = i
		} else if target.CanSet() {
			target.SetZero() // the member may have been there before
		}
		next = i + 1
		f.plan(d, target)
	}
}

// member reads the name of a member and returns the index of its field. It looks first
// at the field next, because most servers write members in one order.
func (s *structure) member(in *scanner, next int) (i int, known bool) {
	if in.next() == '"' && next < len(s.fields) && strings.HasPrefix(in.text[in.at:], s.fields[next].quoted) {
		in.at += len(s.fields[next].quoted)
		in.colon()
		return next, true
	}
	i, known = s.byName[in.name()]
	return i, known
}

var errUnexported = errors.New("the field is in an embedded struct that is not exported and cannot be set")

// in returns the field of v, and makes the embedded structs on the way to it. It reports
// whether the field, or the fields that it has, can be set.
func (f *field) in(v reflect.Value) (target reflect.Value, ok bool) {
	if len(f.index) == 1 {
		v = v.Field(f.index[0])
		return v, v.CanSet() || v.Kind() == reflect.Struct
	}
	for depth, i := range f.index {
		if depth > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !v.CanSet() {
					return v, false
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, v.CanSet() || v.Kind() == reflect.Struct
}

// rawField returns the index of the field of t that is tagged as the one for the JSON
// itself, or -1.
func rawField(t reflect.Type) int {
	if t.Kind() != reflect.Struct {
		return -1
	}
	for i := range t.NumField() {
		if f := t.Field(i); f.Type == rawType && f.Tag.Get("clerk") == "raw" {
			return i
		}
	}
	return -1
}
