package resource

import (
	"reflect"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// Restore sets those members of a resource that its JSON says are zero to what they were
// before it was filled. An ID is never empty. v and before are pointers to the resource.
func Restore(v, before any, zeros *description.Zeros) {
	restore(reflect.ValueOf(v).Elem(), reflect.ValueOf(before).Elem(), zeros)
}

func restore(v, before reflect.Value, zeros *description.Zeros) {
	if zeros == nil {
		return
	}
	for _, name := range zeros.Names {
		// What has not changed may be shared with other instances.
		m, was := member(v, name), member(before, name)
		if m.IsValid() && name != "id" && was.IsZero() && !m.IsZero() {
			m.Set(was)
		}
	}
	for name, within := range zeros.Within {
		for n, inner := range within {
			o, was := objectAt(member(v, name), n), objectAt(member(before, name), n)
			if o.IsValid() && was.IsValid() {
				restore(o, was, inner)
			}
		}
	}
}

// objectAt returns the object at a place of a list, or the object that a member is itself,
// or an invalid value.
func objectAt(m reflect.Value, place int) reflect.Value {
	if m.IsValid() && m.Kind() == reflect.Slice && place < m.Len() {
		m = m.Index(place)
	}
	if m.IsValid() && m.Kind() == reflect.Pointer {
		m = m.Elem()
	}
	if !m.IsValid() || m.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return m
}

// ZerosOf returns the members of a resource that are zero. v is a pointer to the resource.
func ZerosOf(v any) *description.Zeros { return zerosOf(reflect.ValueOf(v).Elem()) }

func zerosOf(v reflect.Value) *description.Zeros {
	var zeros description.Zeros
	for name, index := range fieldsOf(v.Type(), "json") {
		switch m := v.FieldByIndex(index); {
		case m.IsZero():
			zeros.Names = append(zeros.Names, name)
		case m.Kind() == reflect.Slice:
			within := make([]*description.Zeros, m.Len())
			for n := range within {
				if o := objectAt(m, n); o.IsValid() {
					within[n] = zerosOf(o)
				}
			}
			zeros.Add(name, within)
		default:
			if o := objectAt(m, 0); o.IsValid() {
				zeros.Add(name, []*description.Zeros{zerosOf(o)})
			}
		}
	}
	return zeros.OrNone()
}
