package roundtrip

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// A comparison compares a JSON value with the Go value that it was decoded into, field
// by field.
type comparison struct {
	skip    string // JSON path of a value that is not compared
	ignore  string // prefix of keys that need no field
	lenient bool   // null may be read as a zero value where the type has no null

	values   int      // number of values that were compared
	problems []string // where the values differ
}

// compare compares sent, a tree of JSON values, with what got points to.
func (c *comparison) compare(sent any, got any) {
	c.value("", sent, reflect.ValueOf(got).Elem())
}

func (c *comparison) fail(path, format string, args ...any) {
	c.problems = append(c.problems, path+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) value(path string, sent any, got reflect.Value) {
	if path == c.skip && path != "" {
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
	case api.Actor:
		c.actor(path, sent, own)
		return
	case clerk.StringList:
		if text, ok := sent.(string); ok {
			sent = []any{text}
		}
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
			c.fail(path, "was sent, but nil was read")
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
		c.values++
		if !same(sent, got.Interface()) {
			c.fail(path, "the value that was read differs")
		}
	default:
		c.scalar(path, reflect.ValueOf(sent), got)
	}
}

func (c *comparison) null(path string, got reflect.Value) {
	c.values++
	switch got.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		if !got.IsNil() {
			c.fail(path, "null was read as %v", got)
		}
		return
	case reflect.Struct:
		if raw := fieldsOf(got.Type()).raw; raw >= 0 && c.lenient && string(got.Field(raw).Bytes()) == "null" {
			return
		}
	}
	if !c.lenient || !got.IsZero() {
		c.fail(path, "null was read as a %s", got.Type())
	}
}

func (c *comparison) scalar(path string, sent, got reflect.Value) {
	c.values++
	if n, ok := sent.Interface().(json.Number); ok {
		sent = reflect.ValueOf(wholeNumber(n))
	}
	switch {
	case got.Kind() != reflect.String && !got.CanInt() && !got.CanFloat() && got.Kind() != reflect.Bool:
		c.fail(path, "was read into a %s", got.Type())
	case kind(got) != kind(sent) && !(got.CanFloat() && sent.CanInt()):
		c.fail(path, "a %s was read into a %s", sent.Type(), got.Type())
	case !sent.Convert(got.Type()).Equal(got):
		c.fail(path, "%v was sent, but %v was read", sent, got)
	}
}

// wholeNumber returns a number that is written in some way, or what is not a number if it
// is not whole.
func wholeNumber(n json.Number) any {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return n.String()
	}
	return r.Num().Int64()
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

func (c *comparison) time(path string, sent any, got time.Time) {
	c.values++
	if sent == nil && c.lenient && got.IsZero() {
		return
	}
	want, err := time.Parse(time.RFC3339, fmt.Sprint(sent))
	if err != nil || !want.Equal(got) {
		c.fail(path, "%v was sent, but %v was read", sent, got)
	}
}

// json compares with JSON that was kept unchanged.
func (c *comparison) json(path string, sent any, got []byte) {
	c.values++
	if sent == nil && (len(got) == 0 || string(got) == "null") {
		return
	}
	if !exactly(sent, got) {
		c.fail(path, "the JSON that was read differs")
	}
}

// actor compares the one member that an actor has a field for, and its JSON.
func (c *comparison) actor(path string, sent any, got api.Actor) {
	subject, _ := objectOf(sent)["sub"].(string)
	if memberPath(path, "sub") != c.skip && got.Subject != subject {
		c.fail(path, "the subject %q was sent, but %q was read", subject, got.Subject)
	}
	c.json(path, sent, got.Raw)
}

func (c *comparison) array(path string, sent any, got reflect.Value) {
	list, ok := sent.([]any)
	if !ok {
		c.fail(path, "a %T was read into a %s", sent, got.Type())
		return
	}
	if len(list) != got.Len() {
		c.fail(path, "%d elements were sent, but %d were read", len(list), got.Len())
		return
	}
	for i, element := range list {
		entry := got.Index(i)
		if entry.Kind() == reflect.Pointer && !entry.IsNil() { // of a List, which has no nil
			entry = entry.Elem()
		}
		c.value(path+"["+strconv.Itoa(i)+"]", element, entry)
	}
}

func (c *comparison) dictionary(path string, sent any, got reflect.Value) {
	object := objectOf(sent)
	if object == nil || len(object) != got.Len() {
		c.fail(path, "a %T with %d members was read into a %s with %d", sent, len(object), got.Type(), got.Len())
		return
	}
	for key, v := range object {
		entry := got.MapIndex(reflect.ValueOf(key).Convert(got.Type().Key()))
		switch at := memberPath(path, key); {
		case entry.IsValid():
			c.value(at, v, entry)
		case at != c.skip:
			c.fail(at, "was sent, but not read")
		}
	}
}

// memberPath returns the JSON path of a member of the object at path.
func memberPath(path, key string) string { return strings.TrimPrefix(path+"."+key, ".") }
