package clerk

import (
	"errors"
	"fmt"
	"reflect"
	"time"
)

var errNull = errors.New("must not be null; leave it absent instead")

// scalars returns the value of v without Optionals and pointers: a scalar, a []any of
// scalars, or nil. A nil slice is nil unless it was set in an Optional.
func scalars(v any) (any, error) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice && r.IsNil() {
		return nil, nil
	}
	v, err := unwrap(v)
	if v == nil || err != nil {
		return nil, err
	}
	v = scalar(v)
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return v, checkScalar(r)
	}
	list := make([]any, 0, r.Len())
	for i := range r.Len() {
		element, err := unwrap(r.Index(i).Interface())
		if err != nil {
			return nil, err
		}
		if element == nil {
			return nil, errors.New("contains an absent element")
		}
		if err := checkScalar(reflect.ValueOf(element)); err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	return list, nil
}

// unwrap returns the value of an Optional or a pointer, or nil if it has none.
func unwrap(v any) (any, error) {
	if o, ok := v.(interface{ unwrap() (any, state) }); ok {
		value, state := o.unwrap()
		switch state {
		case absent:
			return nil, nil
		case null:
			return nil, errNull
		}
		v = value
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return nil, nil
		}
		return r.Elem().Interface(), nil
	}
	return v, nil
}

// scalar returns a value as it is sent: times are numbers of milliseconds.
func scalar(v any) any {
	if t, ok := v.(time.Time); ok {
		return At(t)
	}
	return v
}

// checkScalar returns an error if r is not a string, a boolean or a number.
func checkScalar(r reflect.Value) error {
	switch k := r.Kind(); {
	case k == reflect.String, k == reflect.Bool, r.CanInt(), r.CanUint(), r.CanFloat():
		return nil
	}
	return fmt.Errorf("a %s is neither a scalar nor a slice of scalars", r.Type())
}
