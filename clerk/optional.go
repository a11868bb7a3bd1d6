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

// Optional is a value that may be absent, null, or there. The zero Optional is
// absent: nothing is sent for it. Set and Null make the others. It is comparable
// where T is.
type Optional[T any] struct {
	value T
	state state
}

// Set returns an Optional that holds v, also when v is zero or empty.
func Set[T any](v T) Optional[T] { return Optional[T]{v, present} }

// Null returns an Optional that is sent as null, which clears the field.
func Null[T any]() Optional[T] { return Optional[T]{state: null} }

// From returns an Optional that holds *p, or an absent one for nil: results
// have pointers where parameters have Optionals.
func From[T any](p *T) Optional[T] {
	if p == nil {
		return Optional[T]{}
	}
	return Set(*p)
}

// Get returns the value and whether there is one.
func (o Optional[T]) Get() (T, bool) { return o.value, o.state == present }

// Or returns the value, or v when there is none.
func (o Optional[T]) Or(v T) T {
	if o.state == present {
		return o.value
	}
	return v
}

// IsNull reports whether o is null.
func (o Optional[T]) IsNull() bool { return o.state == null }

// IsZero reports whether o is absent. The omitzero of encoding/json asks it.
func (o Optional[T]) IsZero() bool { return o.state == absent }

// Equal reports whether both are absent, both null, or both hold equal values.
// Values are compared with their own Equal method if they have one.
func (o Optional[T]) Equal(other Optional[T]) bool {
	if o.state != other.state {
		return false
	}
	if v, ok := any(o.value).(interface{ Equal(T) bool }); ok && o.state == present {
		return v.Equal(other.value)
	}
	return reflect.DeepEqual(o.value, other.value)
}

// MarshalJSON encodes the value, or null when there is none.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if o.state != present {
		return []byte("null"), nil
	}
	return json.Marshal(o.value)
}

// UnmarshalJSON decodes null to Null and anything else to a value.
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

func (o Optional[T]) unwrap() (any, state) { return o.value, o.state }

func (o *Optional[T]) decodePartial(d *decode.Decoder, raw []byte, path string) {
	*o = Null[T]()
	if string(raw) == "null" {
		return
	}
	o.state = present
	d.Value(raw, &o.value, path)
}
