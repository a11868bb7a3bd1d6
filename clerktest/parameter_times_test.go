package clerktest_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// TestTimesAreSentInMillisecondsAndUTC sends each time of every function with a JSON body,
// one with nanoseconds in a zone of its own.
func TestTimesAreSentInMillisecondsAndUTC(t *testing.T) {
	t.Parallel()
	c := newNilCaller(t)
	at := time.Date(2026, 5, 12, 3, 4, 5, 123456789, time.FixedZone("", 2*60*60))
	const want = `"2026-05-12T01:04:05.123Z"`
	times := 0
	for _, f := range functions {
		typ := paramsOf(f)
		if typ.Kind() != reflect.Struct || typ.PkgPath() == "" {
			continue
		}
		for i := range typ.NumField() {
			name, required := jsonName(typ.Field(i))
			params := completeParams(t, typ)
			if name == "" || !setTime(t, params.Field(i), required, at) {
				continue
			}
			times++
			before := params.Field(i).Interface()
			err := c.call(f, params)
			if got := string(c.members()[name]); got != want {
				t.Errorf("%s, %s: sent as %s, want %s: %v", f.field, typ.Field(i).Name, got, want, err)
			}
			if !reflect.DeepEqual(params.Field(i).Interface(), before) {
				t.Errorf("%s, %s: the caller's time was changed", f.field, typ.Field(i).Name)
			}
		}
	}
	if times < 7 {
		t.Errorf("%d times", times)
	}
}

// setTime sets a field that is a time, or an Optional of one, and reports whether it is.
func setTime(t *testing.T, field reflect.Value, required bool, at time.Time) bool {
	t.Helper()
	value := field
	if !required {
		if value = field.FieldByName("value"); !value.IsValid() {
			return false
		}
	}
	if value.Type() != reflect.TypeFor[time.Time]() {
		return false
	}
	raw, err := json.Marshal(at)
	if err == nil {
		err = json.Unmarshal(raw, field.Addr().Interface())
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}
