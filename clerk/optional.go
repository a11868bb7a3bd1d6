package clerk

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

type state uint8

const (
	absent state = iota
	null
	present
)

// Optional is absent, null, or a value. The zero Optional is absent: the field is not
// sent. Use Set for a value and Null for null. An Optional is comparable if T is.
type Optional[T any] struct {
	value T
	state state
}

// Set returns an Optional with the value v, which may be zero or empty. A nil slice or map
// and the zero Metadata are sent as empty ones; only Null is sent as null.
func Set[T any](v T) Optional[T] { return Optional[T]{v, present} }

// Null returns an Optional that is sent as null, which clears the field.
func Null[T any]() Optional[T] { return Optional[T]{state: null} }

// From returns an Optional with the value *p, or an absent Optional if p is nil. Use
// it to pass on a field of a result, which is a pointer, as a parameter.
func From[T any](p *T) Optional[T] {
	if p == nil {
		return Optional[T]{}
	}
	return Set(*p)
}

// Value returns *p, or the zero value if p is nil. Use it to read a field of a result
// that may be absent where that means the same as empty.
func Value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Get returns the value, and whether there is one.
func (o Optional[T]) Get() (T, bool) { return o.value, o.state == present }

// Or returns the value, or v if there is none.
func (o Optional[T]) Or(v T) T {
	if o.state == present {
		return o.value
	}
	return v
}

// IsNull reports whether o is null.
func (o Optional[T]) IsNull() bool { return o.state == null }

// IsZero reports whether o is absent. encoding/json calls it for the omitzero option.
func (o Optional[T]) IsZero() bool { return o.state == absent }

// Equal reports whether o and other are both absent, both null, or have equal values.
// Values are compared with their Equal method if they have one. Nil and empty slices and
// maps are equal, as they are when they are sent.
func (o Optional[T]) Equal(other Optional[T]) bool {
	if o.state != present || other.state != present {
		return o.state == other.state
	}
	fill(reflect.ValueOf(&o.value).Elem())
	fill(reflect.ValueOf(&other.value).Elem())
	if v, ok := any(o.value).(interface{ Equal(T) bool }); ok {
		return v.Equal(other.value)
	}
	return reflect.DeepEqual(o.value, other.value)
}

// MarshalJSON encodes the value, or null if there is none.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	fill(reflect.ValueOf(&o.value).Elem())
	return json.Marshal(o.value)
}

// settle settles the value of an Optional in params.
func (o *Optional[T]) settle() error { return settle(reflect.ValueOf(&o.value).Elem()) }

// UnmarshalJSON decodes null into Null, and anything else into a value.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	*o = Null[T]()
	if string(b) == "null" {
		return nil
	}
	if err := json.Unmarshal(b, &o.value); err != nil {
		return err
	}
	o.state = present
	return nil
}

// Format implements fmt.Formatter: it prints absent, null, or the value as that prints
// itself.
func (o Optional[T]) Format(s fmt.State, verb rune) {
	switch o.state {
	case absent:
		_, _ = io.WriteString(s, "absent")
	case null:
		_, _ = io.WriteString(s, "null")
	default:
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), o.value)
	}
}

// LogValue implements slog.LogValuer: the value logs itself, and without one it is nil.
func (o Optional[T]) LogValue() slog.Value { return logged(reflect.ValueOf(o)) }

// unwrap returns the value without its type, for queries and forms.
func (o Optional[T]) unwrap() (any, state) { return o.value, o.state }

// decode is UnmarshalJSON for the responses of the API. What does not fit leaves o absent.
func (o *Optional[T]) decode(d *decode.Decoder) bool {
	*o = Null[T]()
	if d.Null() {
		return true
	}
	if !d.Value(&o.value) {
		*o = Optional[T]{}
		return false
	}
	o.state = present
	return true
}
