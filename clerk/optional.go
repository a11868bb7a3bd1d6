package clerk

import (
	"encoding/json"
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

// Set returns an Optional with the value v, which may be zero or empty.
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
// Values are compared with their Equal method if they have one.
func (o Optional[T]) Equal(other Optional[T]) bool {
	if o.state != other.state {
		return false
	}
	if v, ok := any(o.value).(interface{ Equal(T) bool }); ok && o.state == present {
		return v.Equal(other.value)
	}
	return reflect.DeepEqual(o.value, other.value)
}

// MarshalJSON encodes the value, or null if there is none.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

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
