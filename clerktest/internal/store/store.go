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
	journal func(changes []Change) (wait func() error, err error)
	watch   func(changes []Change) (tell func())

	// Of the write in progress.
	writing bool
	changes []Change
	undo    []func()

	unsettled []*written // the writes that wait for the journal, in order
	lost      error      // why nothing is kept any more
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
// leads to the same tables. It is called while other writes wait, and an error of it refuses
// the write. What it returns is called when others no longer wait, and reports whether the
// changes are kept. It must be so for all writes before a kept one, and for none after one
// that is not.
func (s *Store) Journal(keep func(changes []Change) (wait func() error, err error)) { s.journal = keep }

// Watch sets the function that learns of the changes of each write, in order and while
// other writes wait. What it returns is called once the write is kept, in order too.
func (s *Store) Watch(see func(changes []Change) (tell func())) { s.watch = see }

// Read calls f, which must not change a table. No write is in progress meanwhile.
func (s *Store) Read(f func()) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f()
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
