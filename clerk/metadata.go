package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// Metadata is a JSON object that is kept exactly as it was received, so that reading
// it, changing one member and writing it back loses nothing, not even the digits of
// large integers. The zero Metadata is absent.
type Metadata struct {
	raw string
	err error // of NewMetadata; reported by Decode and by encoding
}

// SetMetadata returns Set(NewMetadata(v)), for a field of a request. If v does not
// encode to a JSON object, the call returns a [*RequestError].
//
// An operation that replaces metadata empties it when v is an empty map, and stores
// null for Null[Metadata](). One that merges metadata leaves it as it is when v is an
// empty map, and removes each member that is null in v.
func SetMetadata(v any) Optional[Metadata] { return Set(NewMetadata(v)) }

// NewMetadata returns the metadata that v encodes to. v is a map, a struct, a
// json.RawMessage, a Metadata, or anything else that encodes to a JSON object. If it
// does not, Decode and MarshalJSON return an error.
func NewMetadata(v any) Metadata {
	m, ok := v.(Metadata)
	if !ok {
		raw, err := json.Marshal(v)
		m = Metadata{raw: string(raw), err: err}
	}
	if m.err == nil && !strings.HasPrefix(m.raw, "{") {
		m = Metadata{err: errors.New("metadata must be a JSON object")}
	}
	return m
}

// Decode decodes the object into the value that v points to, as json.Unmarshal does.
// If m is absent, the value does not change.
func (m Metadata) Decode(v any) error {
	if m.err != nil {
		return fmt.Errorf("clerk: metadata: %w", m.err)
	}
	if m.raw == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(m.raw), v); err != nil {
		return fmt.Errorf("clerk: metadata: %w", err)
	}
	return nil
}

// IsZero reports whether m is absent.
func (m Metadata) IsZero() bool { return m.raw == "" && m.err == nil }

// Equal reports whether m and other are the same object, regardless of white space
// and the order of members. Numbers are compared as they are written.
func (m Metadata) Equal(other Metadata) bool {
	if m.raw == other.raw || m.raw == "" || other.raw == "" {
		return m.raw == other.raw && (m.err == nil) == (other.err == nil)
	}
	a, errA := exact(m.raw)
	b, errB := exact(other.raw)
	return errA == nil && errB == nil && reflect.DeepEqual(a, b)
}

// exact decodes raw and keeps numbers as they are written.
func exact(raw string) (any, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(raw)))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// String returns the JSON as it was received, or "" when m is absent.
func (m Metadata) String() string { return m.raw }

// MarshalJSON encodes the object, or null when m is absent.
func (m Metadata) MarshalJSON() ([]byte, error) {
	switch {
	case m.err != nil:
		return nil, m.err
	case m.raw == "":
		return []byte("null"), nil
	}
	return []byte(m.raw), nil
}

// UnmarshalJSON stores the object as it is; null makes m absent.
func (m *Metadata) UnmarshalJSON(b []byte) error {
	*m = Metadata{}
	switch {
	case string(b) == "null":
		return nil
	case !bytes.HasPrefix(b, []byte("{")):
		return &json.UnmarshalTypeError{Value: kindOf(b[0]), Type: metadataType}
	}
	m.raw = string(b)
	return nil
}

// decode is UnmarshalJSON for the responses of the API.
func (m *Metadata) decode(d *decode.Decoder) bool {
	*m = Metadata{}
	if d.Kind() == '{' {
		m.raw = d.Text()
		return true
	}
	return d.Null() || d.Mismatch(metadataType)
}

// kindOf returns the name of a value that is not an object, as encoding/json has it,
// by its first byte.
func kindOf(first byte) string {
	switch first {
	case '[':
		return "array"
	case '"':
		return "string"
	case 't', 'f':
		return "bool"
	}
	return "number"
}
