package clerktest

import "slices"

// table stores resources by ID and in the order of their insertion.
type table[T any] struct {
	byID map[string]*T
	ids  []string
}

func (t *table[T]) get(id string) *T { return t.byID[id] }

func (t *table[T]) put(id string, v *T) {
	if t.byID == nil {
		t.byID = map[string]*T{}
	}
	if _, known := t.byID[id]; !known {
		t.ids = append(t.ids, id)
	}
	t.byID[id] = v
}

func (t *table[T]) remove(id string) {
	if _, known := t.byID[id]; known {
		delete(t.byID, id)
		t.ids = slices.DeleteFunc(t.ids, func(other string) bool { return other == id })
	}
}

// all returns every resource, oldest first.
func (t *table[T]) all() []*T {
	list := make([]*T, len(t.ids))
	for i, id := range t.ids {
		list[i] = t.byID[id]
	}
	return list
}

// find returns the first resource for which fits returns true, or nil.
func (t *table[T]) find(fits func(*T) bool) *T {
	for _, id := range t.ids {
		if v := t.byID[id]; fits(v) {
			return v
		}
	}
	return nil
}

// page returns the part of a list that limit and offset select.
func page[T any](list []*T, limit, offset int) []*T {
	list = list[min(offset, len(list)):]
	return list[:min(limit, len(list))]
}

const defaultLimit = 10
