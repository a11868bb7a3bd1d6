package store

import (
	"encoding/json"
	"iter"
	"slices"
)

// Table keeps the resources of one type by ID and in the order of their creation.
type Table[T any] struct {
	store   *Store
	name    string
	idOf    func(*T) string
	rows    []*T // nil where a resource was removed
	at      map[string]int
	removed int
	indexes []*Index[T]
}

// New adds a table to a store.
func New[T any](s *Store, name string, id func(*T) string) *Table[T] {
	t := &Table[T]{store: s, name: name, idOf: id, at: map[string]int{}}
	s.tables = append(s.tables, t)
	return t
}

// IDOf returns the ID of a resource.
func (t *Table[T]) IDOf(v *T) string { return t.idOf(v) }

// Get returns the resource with this ID, or nil.
func (t *Table[T]) Get(id string) *T {
	if n, known := t.at[id]; known {
		return t.rows[n]
	}
	return nil
}

func (t *Table[T]) has(id string) bool {
	_, known := t.at[id]
	return known
}

// Len returns the number of resources.
func (t *Table[T]) Len() int { return len(t.at) }

// All returns every resource, oldest first.
func (t *Table[T]) All() []*T {
	list := make([]*T, 0, len(t.at))
	for v := range t.Each() {
		list = append(list, v)
	}
	return list
}

// Snapshot is All outside of a read or a write.
func (t *Table[T]) Snapshot() []*T {
	t.store.mu.RLock()
	defer t.store.mu.RUnlock()
	return t.All()
}

// Each iterates over every resource, oldest first.
func (t *Table[T]) Each() iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, v := range t.rows {
			if v != nil && !yield(v) {
				return
			}
		}
	}
}

// Find returns the oldest resource for which fits returns true, or nil. An [Index] is
// faster.
func (t *Table[T]) Find(fits func(*T) bool) *T {
	for v := range t.Each() {
		if fits(v) {
			return v
		}
	}
	return nil
}

// Put stores v under its ID, in place of the resource that has it. It panics outside of a
// write. v must not change afterwards.
func (t *Table[T]) Put(v *T) {
	id, before := t.idOf(v), t.Get(t.idOf(v))
	t.change(id, before, v)
	t.set(id, v)
	t.store.undo = append(t.store.undo, func() { t.set(id, before) })
}

// Remove deletes the resource with this ID, if there is one. It panics outside of a write.
func (t *Table[T]) Remove(id string) {
	before := t.Get(id)
	if before == nil {
		return
	}
	at := t.at[id]
	t.change(id, before, nil)
	t.set(id, nil)
	t.store.undo = append(t.store.undo, func() {
		t.rows[at], t.at[id] = before, at
		t.removed--
		t.index(nil, before)
	})
}

func (t *Table[T]) change(id string, before, after *T) {
	if !t.store.writing {
		panic("store: " + t.name + " changes outside of a write")
	}
	c := Change{Table: t.name, ID: id}
	if before != nil {
		c.Before = before
	}
	if after != nil {
		c.After = after
	}
	t.store.changes = append(t.store.changes, c)
}

// set stores v under an ID, or removes the ID if v is nil.
func (t *Table[T]) set(id string, v *T) {
	n, known := t.at[id]
	var before *T
	if known {
		before = t.rows[n]
	}
	switch {
	case v == nil && !known:
		return
	case v == nil:
		t.rows[n] = nil
		delete(t.at, id)
		t.removed++
	case known:
		t.rows[n] = v
	default:
		t.at[id] = len(t.rows)
		t.rows = append(t.rows, v)
	}
	t.index(before, v)
}

func (t *Table[T]) index(before, after *T) {
	for _, x := range t.indexes {
		x.move(before, after)
	}
}

// tidy closes the gaps that removals have left once they are the greater part. That is
// undone as a change is, because what undoes one knows the place of its resource.
func (t *Table[T]) tidy() {
	if t.removed < 64 || t.removed < len(t.rows)/2 {
		return
	}
	rows, removed := t.rows, t.removed
	t.arrange(slices.DeleteFunc(slices.Clone(rows), func(v *T) bool { return v == nil }), 0)
	t.store.undo = append(t.store.undo, func() { t.arrange(rows, removed) })
}

// arrange sets where the resources of the table are.
func (t *Table[T]) arrange(rows []*T, removed int) {
	t.rows, t.removed = rows, removed
	for n, v := range rows {
		if v != nil {
			t.at[t.idOf(v)] = n
		}
	}
}

func (t *Table[T]) reset() {
	for _, v := range t.All() {
		t.Remove(t.idOf(v))
	}
}

// Name returns the name of the table.
func (t *Table[T]) Name() string { return t.name }

func (t *Table[T]) load(id string, raw json.RawMessage) error {
	if raw == nil {
		t.set(id, nil)
		return nil
	}
	v := new(T)
	if err := json.Unmarshal(raw, v); err != nil {
		return err
	}
	t.set(id, v)
	return nil
}

func (t *Table[T]) appendAll(list []Change) []Change {
	for v := range t.Each() {
		list = append(list, Change{Table: t.name, ID: t.idOf(v), After: v})
	}
	return list
}
