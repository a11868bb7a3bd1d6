package resource

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// given returns the value of a parameter and whether it is set. null reports that it is to
// be cleared.
func given(param reflect.Value) (value reflect.Value, ok, null bool) {
	optional, isOptional := param.Interface().(interface{ IsNull() bool })
	if !isOptional {
		if m, isMetadata := param.Interface().(clerk.Metadata); isMetadata {
			return param, !m.IsZero(), false
		}
		if param.Kind() == reflect.Slice || param.Kind() == reflect.Pointer {
			return param, !param.IsNil(), false
		}
		return param, true, false
	}
	if optional.IsNull() {
		return reflect.Value{}, false, true
	}
	got := param.MethodByName("Get").Call(nil)
	return got[0], got[1].Bool(), false
}

// copyValue sets a member to a parameter. It shares nothing with the member's old value.
func copyValue(member, param reflect.Value) {
	value, ok, null := given(param)
	switch {
	case null:
		member.SetZero()
		return
	case !ok:
		return
	}
	into := member
	if member.Kind() == reflect.Pointer && value.Kind() != reflect.Pointer {
		into = reflect.New(member.Type().Elem()).Elem()
	}
	if !convert(into, value) {
		return
	}
	if into != member {
		member.Set(into.Addr())
	}
}

// convert stores value in into, which has a type with the same JSON, and reports whether
// that was possible.
func convert(into, value reflect.Value) bool {
	if at, ok := value.Interface().(time.Time); ok && into.Kind() == reflect.Int64 {
		into.SetInt(int64(clerk.At(at)))
		return true
	}
	if value.Type() == into.Type() && value.Kind() != reflect.Slice {
		into.Set(value)
		return true
	}
	raw, err := json.Marshal(value.Interface())
	if err != nil {
		return false
	}
	fresh := reflect.New(into.Type())
	if json.Unmarshal(raw, fresh.Interface()) != nil {
		return false
	}
	into.Set(fresh.Elem())
	return true
}
