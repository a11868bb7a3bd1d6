// Package resource holds what the resources of the API have in common: which members a
// request and a resource share, when a resource began, and how a list of them is searched,
// sorted and cut into pages. It goes by the names that the description has for members and
// parameters.
package resource

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// fieldsOf returns the fields of a struct type, also those of embedded structs, by the
// names in a tag.
func fieldsOf(t reflect.Type, tag string) map[string][]int {
	type key struct {
		t   reflect.Type
		tag string
	}
	if known, ok := fieldCache.Load(key{t, tag}); ok {
		return known.(map[string][]int)
	}
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get(tag), ",")
		if name != "" && name != "-" && f.IsExported() {
			fields[name] = f.Index
		}
	}
	fieldCache.Store(key{t, tag}, fields)
	return fields
}

var fieldCache sync.Map

// member returns the member of a resource with this name, or an invalid value.
func member(v reflect.Value, name string) reflect.Value {
	if index, ok := fieldsOf(v.Type(), "json")[name]; ok {
		return v.FieldByIndex(index)
	}
	return reflect.Value{}
}

// Begin sets those of the members id, object, created_at and updated_at that a resource
// has, and completes it. v is a pointer to the resource.
func Begin(v any, id, object string, now time.Time) {
	set(v, "id", id)
	set(v, "object", object)
	set(v, "created_at", clerk.At(now))
	set(v, "updated_at", clerk.At(now))
	Complete(v)
}

// Date sets those of the members created_at and updated_at that a resource of a seed lacks.
func Date(v any, began time.Time) {
	r := reflect.ValueOf(v).Elem()
	if created := member(r, "created_at"); created.IsValid() && created.IsZero() {
		set(v, "created_at", clerk.At(began))
	}
	if updated := member(r, "updated_at"); updated.IsValid() && updated.IsZero() {
		updated.Set(member(r, "created_at"))
	}
}

// Plant sets the member object of a resource of a seed, and completes it and the resources
// in its lists. The lists become copies, since other instances may have the same seed.
func Plant(v any, object string) {
	set(v, "object", object)
	completeItems(reflect.ValueOf(v).Elem())
	Complete(v)
}

func completeItems(v reflect.Value) {
	for n := range v.NumField() {
		list := v.Field(n)
		if !v.Type().Field(n).IsExported() || list.Kind() != reflect.Slice || list.Len() == 0 || !hasLists(list.Type().Elem()) {
			continue
		}
		copied := reflect.MakeSlice(list.Type(), list.Len(), list.Len())
		reflect.Copy(copied, list)
		for at := range copied.Len() {
			completeItems(copied.Index(at))
			complete(copied.Index(at))
		}
		list.Set(copied)
	}
}

// hasLists reports whether there is something to complete in values of type t.
func hasLists(t reflect.Type) bool {
	if t == reflect.TypeFor[clerk.Metadata]() {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for f := range t.Fields() {
		if f.IsExported() && (f.Type.Kind() == reflect.Slice || hasLists(f.Type)) {
			return true
		}
	}
	return false
}

// Fill sets the members that v leaves out to those of a value of its type.
func Fill[T any](v *T, from T) {
	to, source := reflect.ValueOf(v).Elem(), reflect.ValueOf(from)
	for n := range to.NumField() {
		if to.Type().Field(n).IsExported() && to.Field(n).IsZero() {
			to.Field(n).Set(source.Field(n))
		}
	}
}

// Touch sets the member updated_at of a resource that changes, if it has one. It is later
// than before even within a millisecond, so that the newest version can always be told.
func Touch(v any, now time.Time) {
	updated := member(reflect.ValueOf(v).Elem(), "updated_at")
	if !updated.IsValid() {
		return
	}
	at := clerk.At(now)
	if last := reflect.Indirect(updated); last.IsValid() && last.CanInt() {
		at = max(at, clerk.Timestamp(last.Int())+1)
	}
	set(v, "updated_at", at)
}

func set(v any, name string, value any) {
	m := member(reflect.ValueOf(v).Elem(), name)
	from := reflect.ValueOf(value)
	switch {
	case !m.IsValid():
	case from.CanConvert(m.Type()):
		m.Set(from.Convert(m.Type()))
	case m.Kind() == reflect.Pointer && from.CanConvert(m.Type().Elem()):
		pointer := reflect.New(m.Type().Elem())
		pointer.Elem().Set(from.Convert(m.Type().Elem()))
		m.Set(pointer)
	}
}

// Complete replaces nil lists of a resource, and of the resources in it, by empty ones, and
// absent metadata by an empty object. v is a pointer to the resource.
func Complete(v any) { complete(reflect.ValueOf(v).Elem()) }

func complete(v reflect.Value) {
	switch m := v.Addr().Interface().(type) {
	case *clerk.Metadata:
		if m.IsZero() {
			*m = clerk.NewMetadata(struct{}{})
		}
		return
	case *time.Time:
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for n := range v.NumField() {
			if v.Type().Field(n).IsExported() {
				complete(v.Field(n))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // raw JSON
		}
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
	}
}

// Copy sets the members of a resource to the parameters with the same names. An absent
// parameter changes nothing, and null clears the member. resource and params are pointers
// or structs; except lists parameters that are not copied.
func Copy(resource, params any, except ...string) {
	from, to := reflect.Indirect(reflect.ValueOf(params)), reflect.ValueOf(resource).Elem()
	for name, index := range fieldsOf(from.Type(), "json") {
		m := member(to, name)
		if !m.IsValid() || slices.Contains(except, name) {
			continue
		}
		copyValue(m, from.FieldByIndex(index))
	}
}
