package clerk

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"time"
)

var errRequired = errors.New("is required")

// encodeParams encodes the params of an operation. Unlike encoding/json it sends a nil
// slice or map as an empty one, because null means that nothing was said. Metadata that
// is required and absent is an error.
func encodeParams(params any) ([]byte, error) {
	own := reflect.New(reflect.TypeOf(params)).Elem()
	own.Set(reflect.ValueOf(params))
	if err := settle(own); err != nil {
		return nil, err
	}
	return json.Marshal(own.Interface())
}

// settle fills the slices and maps in v, at any depth, turns times into milliseconds in
// UTC, and checks the metadata. It copies what v shares with the caller before it changes
// it.
func settle(v reflect.Value) (err error) {
	switch held := v.Addr().Interface().(type) {
	case interface{ settle() error }:
		return held.settle()
	case *time.Time:
		// The API has no finer times, and JavaScript sends them so, too.
		*held = held.UTC().Truncate(time.Millisecond)
	}
	if encodesItself(v.Type()) {
		return nil
	}
	fill(v)
	switch v.Kind() {
	case reflect.Struct:
		return settleFields(v)
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			err = settle(own.Elem())
			v.Set(own)
		}
	case reflect.Slice:
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		for i := 0; i < own.Len() && err == nil; i++ {
			err = settle(own.Index(i))
		}
		v.Set(own)
	}
	return err
}

// settleFields settles the fields of a struct. Metadata that is not in an Optional is
// required.
func settleFields(v reflect.Value) error {
	for field, value := range v.Fields() {
		if !field.IsExported() {
			continue
		}
		if value.Type() == metadataType && value.IsZero() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			return &RequestError{Field: name, Err: errRequired}
		}
		if err := settle(value); err != nil {
			return err
		}
	}
	return nil
}

// fill replaces v by an empty value if it is one that encoding/json encodes as null
// although it holds nothing but no elements: a nil slice or map, or absent metadata.
func fill(v reflect.Value) {
	held := v
	if v.Kind() == reflect.Interface {
		held = v.Elem()
	}
	switch {
	case !held.IsValid():
	case held.Type() == metadataType && held.IsZero():
		v.Set(reflect.ValueOf(Metadata{raw: "{}"}))
	case encodesItself(held.Type()):
	case held.Kind() == reflect.Slice && held.IsNil():
		v.Set(reflect.MakeSlice(held.Type(), 0, 0))
	case held.Kind() == reflect.Map && held.IsNil():
		v.Set(reflect.MakeMap(held.Type()))
	}
}

var (
	marshalerType     = reflect.TypeFor[json.Marshaler]()
	textMarshalerType = reflect.TypeFor[encoding.TextMarshaler]()
)

// encodesItself reports whether the type t decides how its values are encoded. So do
// bytes, which encoding/json encodes as text.
func encodesItself(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 ||
		reflect.PointerTo(t).Implements(marshalerType) || reflect.PointerTo(t).Implements(textMarshalerType)
}
