package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Metadata is a JSON object kept exactly as it was received, so that what is
// read, changed in one place and written back loses nothing, large integers
// included. The zero Metadata is absent.
type Metadata struct {
	raw string
	err error // of NewMetadata, reported when it is encoded or decoded
}

// SetMetadata is Set of [NewMetadata], for a field of a request. Where v is no
// object, the call that it is given to fails with a *RequestError.
// Null[Metadata]() clears metadata.
func SetMetadata(v any) Optional[Metadata] { return Set(NewMetadata(v)) }

// NewMetadata returns the metadata that v encodes to: a map, a struct,
// json.RawMessage, Metadata, or anything else that encodes to a JSON object.
// Where it does not, Decode and encoding fail.
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

// Decode stores the object in what v points to, as json.Unmarshal does. Absent
// metadata leaves v alone.
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

// Equal reports whether both say the same, however it is spaced and ordered.
// Numbers are compared as they are written.
func (m Metadata) Equal(other Metadata) bool {
	if m.raw == other.raw || m.raw == "" || other.raw == "" {
		return m.raw == other.raw && (m.err == nil) == (other.err == nil)
	}
	a, errA := exact(m.raw)
	b, errB := exact(other.raw)
	return errA == nil && errB == nil && reflect.DeepEqual(a, b)
}

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

// UnmarshalJSON keeps the object as it is; null leaves m absent.
func (m *Metadata) UnmarshalJSON(b []byte) error {
	*m = Metadata{}
	switch {
	case string(b) == "null":
		return nil
	case !bytes.HasPrefix(b, []byte("{")):
		return &json.UnmarshalTypeError{Value: kindOf(b[0]), Type: reflect.TypeFor[Metadata]()}
	}
	m.raw = string(b)
	return nil
}

// kindOf names a value that is no object by its first byte, as encoding/json does.
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
