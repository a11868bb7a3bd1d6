// Package store keeps the resources of an emulated instance in memory: tables with
// indexes that change together, one write at a time. Whoever reads sees the state between
// two writes. A stored value never changes; a write replaces it.
package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// Store is a set of tables.
type Store struct {
	mu      sync.RWMutex
	tables  []tabular
	writing bool
	changes []Change // of the write in progress
	undo    []func()
	journal func(changes []Change) (wait func() error)
	watch   func(changes []Change)
}

// Change is what a write does to one resource.
type Change struct {
	Table string
	ID    string
	// Before is nil for a new resource and After is nil for one that is deleted. Both are
	// pointers to the values of the table.
	Before, After any
}

// tabular is a table of any type.
type tabular interface {
	Name() string
	Len() int
	has(id string) bool
	load(id string, raw json.RawMessage) error
	appendAll(list []Change) []Change
	reset()
	tidy()
}

// Journal sets the function that keeps the changes of each write, in order: to load them
// leads to the same tables. It is called while other writes wait, and what it returns when
// they no longer do: the write succeeds when that returns nil.
func (s *Store) Journal(keep func(changes []Change) (wait func() error)) { s.journal = keep }

// Watch sets the function that learns of the changes of each write, in order and while
// other writes wait.
func (s *Store) Watch(see func(changes []Change)) { s.watch = see }

// Read calls f, which must not change a table. No write is in progress meanwhile.
func (s *Store) Read(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f()
}

// Write calls f, which may change tables. If f fails or panics, nothing has changed.
func (s *Store) Write(f func() error) error {
	wait, err := s.write(f)
	if err != nil || wait == nil {
		return err
	}
	return wait()
}

func (s *Store) write(f func() error) (wait func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = true
	done := false
	defer func() {
		if !done {
			for _, undo := range slices.Backward(s.undo) {
				undo()
			}
		}
		s.writing, s.changes, s.undo = false, nil, nil
	}()
	if err := f(); err != nil {
		return nil, err
	}
	done = true
	if len(s.changes) == 0 {
		return nil, nil
	}
	for _, t := range s.tables {
		t.tidy()
	}
	if s.journal != nil {
		wait = s.journal(merged(s.changes, true))
	}
	if s.watch != nil {
		s.watch(merged(s.changes, false))
	}
	return wait, nil
}

// merged joins the changes of each resource to one, in the order of the first. If moves is
// true, a resource that is removed and put again has two, because it is the last of its
// table from then on.
func merged(changes []Change, moves bool) []Change {
	type place struct{ table, id string }
	at := make(map[place]int, len(changes))
	var list []Change
	for _, c := range changes {
		p := place{c.Table, c.ID}
		if n, known := at[p]; known && !(moves && list[n].After == nil) {
			list[n].After = c.After
			continue
		}
		at[p] = len(list)
		list = append(list, c)
	}
	return slices.DeleteFunc(list, func(c Change) bool { return c.Before == nil && c.After == nil })
}

// Has reports whether a resource has this ID. It is called in the course of a read or of a
// write.
func (s *Store) Has(id string) bool {
	return slices.ContainsFunc(s.tables, func(t tabular) bool { return t.has(id) })
}

// Load stores the resource of a Change, encoded as JSON, or removes the one with that ID
// if raw is nil. It is for filling a store before it is used.
func (s *Store) Load(table, id string, raw json.RawMessage) error {
	for _, t := range s.tables {
		if t.Name() == table {
			return t.load(id, raw)
		}
	}
	return fmt.Errorf("the table %q does not exist", table)
}

// All returns a Change for every resource as if it were new, table by table and oldest
// first. It is called in the course of a read or of a write.
func (s *Store) All() []Change {
	var list []Change
	for _, t := range s.tables {
		list = t.appendAll(list)
	}
	return list
}

// Sizes returns the number of resources in each table. It is called in the course of a read
// or of a write.
func (s *Store) Sizes() map[string]int {
	sizes := make(map[string]int, len(s.tables))
	for _, t := range s.tables {
		sizes[t.Name()] = t.Len()
	}
	return sizes
}

// Clear removes every resource in the course of a write.
func (s *Store) Clear() {
	for _, t := range s.tables {
		t.reset()
	}
}
