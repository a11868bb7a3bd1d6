package resource

import (
	"maps"
	"reflect"
	"slices"
	"strings"

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
		list := member(before, name)
		for n, inner := range within {
			if inner == nil {
				continue
			}
			if n = placeOf(inner.Identity, list, n); n >= 0 {
				restore(objectAt(member(v, name), n), objectAt(list, n), inner)
			}
		}
	}
}

// Identify notes what the objects are that have the zeros of a resource, so that they are
// found when a list has changed. v is a pointer to the resource.
func Identify(v any, zeros *description.Zeros) { identify(reflect.ValueOf(v).Elem(), zeros) }

func identify(v reflect.Value, zeros *description.Zeros) {
	if zeros == nil {
		return
	}
	for name, within := range zeros.Within {
		for n, inner := range within {
			if o := objectAt(member(v, name), n); o.IsValid() && inner != nil {
				inner.Identity = identityOf(o)
				identify(o, inner)
			}
		}
	}
}

// placeOf returns the place of the object with an identity, which was at a place before, or
// -1.
func placeOf(identity string, list reflect.Value, before int) int {
	is := func(n int) bool {
		o := objectAt(list, n)
		return o.IsValid() && identityOf(o) == identity
	}
	if is(before) {
		return before
	}
	if list.IsValid() && list.Kind() == reflect.Slice {
		for n := range list.Len() {
			if is(n) {
				return n
			}
		}
	}
	return -1
}

// Identity returns what tells a resource from others of its type: its ID, or what it refers
// to and is called by. v is a pointer to the resource.
func Identity(v any) string { return identityOf(reflect.ValueOf(v).Elem()) }

func identityOf(v reflect.Value) string {
	fields := fieldsOf(v.Type(), "json")
	text := func(name string) string {
		if index, ok := fields[name]; ok {
			if m := reflect.Indirect(v.FieldByIndex(index)); m.IsValid() && m.Kind() == reflect.String {
				return m.String()
			}
		}
		return ""
	}
	if id := text("id"); id != "" {
		return id
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if strings.HasSuffix(name, "_id") || slices.Contains(callings, name) {
			parts = append(parts, text(name))
		}
	}
	return strings.Join(parts, " ")
}

// callings are the members that a resource is called by.
var callings = []string{"email_address", "identifier", "key", "name", "phone_number", "secret", "slug", "token", "url", "web3_wallet"}

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
func ZerosOf(v any) *description.Zeros {
	zeros := zerosOf(reflect.ValueOf(v).Elem())
	Identify(v, zeros)
	return zeros
}

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
