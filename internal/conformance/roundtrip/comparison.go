// Package readback compares a JSON value with the Go value that it was decoded
// into, field by field.
package roundtrip

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Comparison compares what was sent with what is read.
type Comparison struct {
	// Skip is the JSON path of a value that is not compared.
	Skip string
	// Ignore begins the keys of objects that no struct has to have a field for.
	Ignore string
	// Lenient lets null be read as a zero value where nothing told that it may come.
	Lenient bool

	Values   int      // how many values were compared
	Problems []string // where sent and read differ
}

// Compare holds sent, a tree of JSON values, against what got points to.
func (c *Comparison) Compare(sent any, got any) {
	c.value("", sent, reflect.ValueOf(got).Elem())
}

func (c *Comparison) fail(path, format string, args ...any) {
	c.Problems = append(c.Problems, path+": "+fmt.Sprintf(format, args...))
}

func (c *Comparison) value(path string, sent any, got reflect.Value) {
	if path == c.Skip && path != "" {
		return
	}
	switch own := got.Interface().(type) {
	case json.RawMessage:
		c.json(path, sent, own)
		return
	case clerk.Metadata:
		c.json(path, sent, []byte(own.String()))
		return
	case time.Time:
		c.time(path, sent, own)
		return
	}
	if inner, state, ok := optional(got); ok {
		c.optional(path, sent, inner, state)
		return
	}
	if sent == nil {
		c.null(path, got)
		return
	}
	switch got.Kind() {
	case reflect.Pointer:
		if got.IsNil() {
			c.fail(path, "was sent, and nil is read")
			return
		}
		c.value(path, sent, got.Elem())
	case reflect.Struct:
		c.object(path, sent, got)
	case reflect.Slice:
		c.array(path, sent, got)
	case reflect.Map:
		c.dictionary(path, sent, got)
	case reflect.Interface:
		c.Values++
		if !same(sent, got.Interface()) {
			c.fail(path, "sent and read differ")
		}
	default:
		c.scalar(path, reflect.ValueOf(sent), got)
	}
}

func (c *Comparison) null(path string, got reflect.Value) {
	c.Values++
	switch got.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		if !got.IsNil() {
			c.fail(path, "null is read as %v", got)
		}
		return
	case reflect.Struct:
		if raw := fieldsOf(got.Type()).raw; raw >= 0 && c.Lenient && string(got.Field(raw).Bytes()) == "null" {
			return
		}
	}
	if !c.Lenient || !got.IsZero() {
		c.fail(path, "null is read as a %s", got.Type())
	}
}

func (c *Comparison) scalar(path string, sent, got reflect.Value) {
	c.Values++
	switch {
	case got.Kind() != reflect.String && !got.CanInt() && !got.CanFloat() && got.Kind() != reflect.Bool:
		c.fail(path, "is read into a %s", got.Type())
	case kind(got) != kind(sent) && !(got.CanFloat() && sent.CanInt()):
		c.fail(path, "a %s is read into a %s", sent.Type(), got.Type())
	case !sent.Convert(got.Type()).Equal(got):
		c.fail(path, "%v was sent, and %v is read", sent, got)
	}
}

func kind(v reflect.Value) reflect.Kind {
	switch {
	case v.CanInt():
		return reflect.Int64
	case v.CanFloat():
		return reflect.Float64
	}
	return v.Kind()
}

func (c *Comparison) time(path string, sent any, got time.Time) {
	c.Values++
	if sent == nil && c.Lenient && got.IsZero() {
		return
	}
	want, err := time.Parse(time.RFC3339, fmt.Sprint(sent))
	if err != nil || !want.Equal(got) {
		c.fail(path, "%v was sent, and %v is read", sent, got)
	}
}

// json compares with what was kept as it came.
func (c *Comparison) json(path string, sent any, got []byte) {
	c.Values++
	if sent == nil && (len(got) == 0 || string(got) == "null") {
		return
	}
	if !exactly(sent, got) {
		c.fail(path, "the JSON that is read differs from what was sent")
	}
}

func (c *Comparison) array(path string, sent any, got reflect.Value) {
	list, ok := sent.([]any)
	if !ok {
		c.fail(path, "a %T is read into a %s", sent, got.Type())
		return
	}
	if len(list) != got.Len() {
		c.fail(path, "%d elements were sent, and %d are read", len(list), got.Len())
		return
	}
	for i, element := range list {
		c.value(path+"["+strconv.Itoa(i)+"]", element, got.Index(i))
	}
}

func (c *Comparison) dictionary(path string, sent any, got reflect.Value) {
	object := Object(sent)
	if object == nil || len(object) != got.Len() {
		c.fail(path, "a %T of %d is read into a %s of %d", sent, len(object), got.Type(), got.Len())
		return
	}
	for key, v := range object {
		entry := got.MapIndex(reflect.ValueOf(key).Convert(got.Type().Key()))
		switch at := Member(path, key); {
		case entry.IsValid():
			c.value(at, v, entry)
		case at != c.Skip:
			c.fail(at, "was sent, and is not read")
		}
	}
}

// Member is the JSON path of a member of the object at path.
func Member(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }
