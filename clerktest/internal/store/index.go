package store

import "slices"

// Index finds the resources of a table by keys that they have.
type Index[T any] struct {
	table *Table[T]
	keys  func(*T) []string
	ids   map[string][]string
}

// By adds an index to a table. keys returns the keys of a resource, such as the email
// addresses of a user; empty keys do not count.
func (t *Table[T]) By(keys func(*T) []string) *Index[T] {
	x := &Index[T]{table: t, keys: keys, ids: map[string][]string{}}
	t.indexes = append(t.indexes, x)
	for v := range t.Each() {
		x.move(nil, v)
	}
	return x
}

// First returns the oldest resource with the key, or nil.
func (x *Index[T]) First(key string) *T {
	var first *T
	for _, id := range x.ids[key] {
		if first == nil || x.table.at[id] < x.table.at[x.table.idOf(first)] {
			first = x.table.Get(id)
		}
	}
	return first
}

// All returns the resources with the key, oldest first.
func (x *Index[T]) All(key string) []*T {
	places := make([]int, 0, len(x.ids[key]))
	for _, id := range x.ids[key] {
		places = append(places, x.table.at[id])
	}
	slices.Sort(places)
	list := make([]*T, len(places))
	for n, at := range places {
		list[n] = x.table.rows[at]
	}
	return list
}

// Len returns the number of resources with the key.
func (x *Index[T]) Len(key string) int { return len(x.ids[key]) }

// move takes the keys of one resource out and puts those of another with the same ID in,
// either of which may be nil.
func (x *Index[T]) move(before, after *T) {
	had, has := x.keysOf(before), x.keysOf(after)
	if slices.Equal(had, has) {
		return
	}
	for _, key := range had {
		id := x.table.idOf(before)
		rest := slices.DeleteFunc(x.ids[key], func(other string) bool { return other == id })
		if x.ids[key] = rest; len(rest) == 0 {
			delete(x.ids, key)
		}
	}
	for _, key := range has {
		x.ids[key] = append(x.ids[key], x.table.idOf(after))
	}
}

// keysOf returns the keys of a resource, each once.
func (x *Index[T]) keysOf(v *T) []string {
	if v == nil {
		return nil
	}
	var list []string
	for _, key := range x.keys(v) {
		if key != "" && !slices.Contains(list, key) {
			list = append(list, key)
		}
	}
	return list
}
