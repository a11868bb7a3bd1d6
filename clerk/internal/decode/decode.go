// Package decode reads what the API sends. It takes what fits the Go types and goes on
// where something does not: it remembers the first value that does not fit, leaves its
// field zero, and reports both at the end. Text that is not JSON is always an error.
//
// On what both accept, the result is that of encoding/json, with these differences:
//
//   - Names of members match exactly, not regardless of case.
//   - Of a member that is there twice, the last one counts, and nothing is left of the
//     first.
//   - A number without a fraction is a whole number however it is written, so 1.7e12 and
//     2.0 fit an integer.
//   - A struct with a field that is tagged clerk:"raw" has its JSON in that field, and its
//     UnmarshalJSON method is not called.
//
// Nothing that is decoded shares memory with the text.
package decode

import (
	"encoding/json"
	"errors"
	"reflect"
	"unsafe"
)

// Decoder reads one JSON text. Its methods that read a value expect one next, and report
// whether it fits. After text that is not JSON they read nothing.
type Decoder struct {
	types    *Types
	scanner  scanner
	memory   memory
	apart    bool // the entries of the next array share no memory with each other
	misfit   error
	misfitAt int
}

// errNotJSON reports text that is not JSON for a reason that encoding/json does not name.
var errNotJSON = errors.New("not JSON")

// Into decodes raw into the value that out points to, a zero value. The error is a
// *Misfit if raw is JSON.
func (t *Types) Into(raw []byte, out any) error {
	v := reflect.ValueOf(out).Elem()
	// The view is valid because nothing writes to raw before the decoder is done.
	d := &Decoder{types: t, scanner: scanner{text: unsafe.String(unsafe.SliceData(raw), len(raw))}}
	t.plan(v.Type())(d, v)
	if d.scanner.next() != 0 || d.scanner.at < len(raw) {
		d.scanner.fail()
	}
	switch {
	case d.scanner.broken:
		return syntaxError(raw)
	case d.misfit == nil:
		return nil
	}
	return &Misfit{Path: path(d.scanner.text, d.misfitAt), Err: d.misfit}
}

// syntaxError returns what encoding/json says about raw, which is not JSON.
func syntaxError(raw []byte) error {
	var discard json.RawMessage
	if err := json.Unmarshal(raw, &discard); err != nil {
		return err
	}
	return errNotJSON
}

// Misfit is the first value of a JSON text that does not fit its Go type.
type Misfit struct {
	Path string // such as data[1].email_addresses[0].id; empty for the root
	Err  error
}

// Error returns the path and the reason.
func (m *Misfit) Error() string {
	if m.Path == "" {
		return m.Err.Error()
	}
	return m.Path + ": " + m.Err.Error()
}

// Unwrap returns the reason.
func (m *Misfit) Unwrap() error { return m.Err }

// Value decodes the next value into the value that out points to.
func (d *Decoder) Value(out any) bool {
	v := reflect.ValueOf(out).Elem()
	v.SetZero()
	return d.types.plan(v.Type())(d, v)
}

// Entries is Value for a list whose entries outlive each other: none of them holds memory
// of another one.
func (d *Decoder) Entries(out any) bool {
	d.apart = true
	fits := d.Value(out)
	d.apart = false
	return fits
}

// Offset returns where in the text the next value is.
func (d *Decoder) Offset() int {
	d.scanner.next()
	return d.scanner.at
}

// Kind returns the first byte of the next value, and 0 if there is none.
func (d *Decoder) Kind() byte { return d.scanner.next() }

// Null reports whether the next value is null, and reads it if so.
func (d *Decoder) Null() bool {
	if d.scanner.next() != 'n' {
		return false
	}
	d.scanner.literal("null")
	return true
}

// Object reads the members of the next value, an object. It calls member with each name,
// which must read the value.
func (d *Decoder) Object(member func(name string)) {
	s := &d.scanner
	for ok := s.open('}'); ok; ok = s.more('}') {
		member(s.name())
	}
}

// Skip reads the next value and discards it.
func (d *Decoder) Skip() { d.scanner.skip() }

// Text returns the next value as it is written, in memory of its own.
func (d *Decoder) Text() string { return d.memory.keep(d.scanner.raw(), d.scanner.left()) }

// Reject reads the next value, which does not fit for the reason err. It returns false.
func (d *Decoder) Reject(err error) bool {
	d.Note(d.Offset(), err)
	d.scanner.skip()
	return false
}

// Mismatch reads the next value, which has another kind than the type t needs. It returns
// false.
func (d *Decoder) Mismatch(t reflect.Type) bool {
	d.mismatch(d.Offset(), kindOf(d.scanner.next()), t)
	d.scanner.skip()
	return false
}

// mismatch notes that the value of some kind at the offset at does not fit t.
func (d *Decoder) mismatch(at int, kind string, t reflect.Type) {
	if d.misfit == nil {
		d.Note(at, &json.UnmarshalTypeError{Value: kind, Type: t, Offset: int64(at)})
	}
}

// Note notes that the value at the offset at does not fit, unless there was one before.
func (d *Decoder) Note(at int, err error) {
	if d.misfit == nil && !d.scanner.broken {
		d.misfit, d.misfitAt = err, at
	}
}

// kindOf returns what encoding/json calls the kind of a value, by its first byte.
func kindOf(first byte) string {
	switch first {
	case '{':
		return "object"
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}
