package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// journalOf returns a list to which the journal of a store adds every change.
func journalOf(s *store.Store) *[]store.Change {
	list := new([]store.Change)
	s.Journal(func(changes []store.Change) (func() error, error) {
		*list = append(*list, changes...)
		return func() error { return nil }, nil
	})
	return list
}

// loaded returns tables with the changes of a journal.
func loaded(t *testing.T, changes []store.Change) pets {
	t.Helper()
	p := newPets()
	for _, c := range changes {
		var raw json.RawMessage
		if c.After != nil {
			raw, _ = json.Marshal(c.After) // a pet can be encoded
		}
		if err := p.store.Load(c.Table, c.ID, raw); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestLoadedChangesHaveTheSameOrder(t *testing.T) {
	t.Parallel()
	p := newPets()
	kept := journalOf(p.store)
	p.write(t, func() { p.table.Put(&pet{"1", "ada", nil}); p.table.Put(&pet{"2", "bob", nil}) })
	var seen []store.Change
	p.store.Watch(func(changes []store.Change) func() {
		return func() { seen = append(seen, changes...) }
	})
	p.write(t, func() {
		p.table.Remove("1")
		p.table.Put(&pet{"1", "ada", nil})
	})
	if got, want := ids(loaded(t, *kept).table.All()), ids(p.table.All()); !slices.Equal(got, want) || want[0] != "2" {
		t.Errorf("the order is %v, and %v when it is loaded", want, got)
	}
	if len(seen) != 1 || seen[0].Before == nil || seen[0].After == nil {
		t.Errorf("a resource that was removed and put again has the changes %+v", seen)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 2000 {
		p.write(t, func() {
			for range r.IntN(8) {
				if id := fmt.Sprint(r.IntN(100)); r.IntN(2) == 0 {
					p.table.Remove(id)
				} else {
					p.table.Put(&pet{id, fmt.Sprint(n), nil})
				}
			}
		})
		if r.IntN(20) == 0 { // as a compaction does
			p.store.Read(func() { *kept = p.store.All() })
		}
	}
	if diff := cmp.Diff(p.table.All(), loaded(t, *kept).table.All()); diff != "" {
		t.Error(diff)
	}
}

func TestALostWriteIsUndone(t *testing.T) {
	t.Parallel()
	p := newPets()
	kept := journalOf(p.store)
	p.write(t, func() { p.table.Put(&pet{"1", "ada", nil}) })
	told, full := 0, errors.New("disk full")
	p.store.Watch(func([]store.Change) func() { return func() { told++ } })
	p.store.Journal(func([]store.Change) (func() error, error) {
		return func() error {
			p.store.Read(func() {}) // others go on meanwhile
			return full
		}, nil
	})
	lost := p.store.Write(func() error { p.table.Put(&pet{"2", "bob", nil}); return nil })
	journalOf(p.store) // the disk has room again
	later := p.store.Write(func() error { p.table.Remove("1"); return nil })
	for _, err := range []error{lost, later} {
		if !errors.Is(err, full) || !errors.Is(err, store.ErrReadOnly) || err.Error() != "the content cannot be changed until a restart: disk full" {
			t.Errorf("Write returned %v", err)
		}
	}
	if got := ids(p.table.All()); !slices.Equal(got, []string{"1"}) || told != 0 || len(*kept) != 1 {
		t.Errorf("the table has %v, %d writes were told, and %d kept", got, told, len(*kept))
	}
	refused := errors.New("refused")
	if err := p.store.Write(func() error { return refused }); err != refused {
		t.Errorf("a write that fails returned %v", err)
	}
	p.write(t, func() {}) // changes nothing
}

func TestAWriteThatCannotBeKeptIsUndoneAlone(t *testing.T) {
	t.Parallel()
	p := newPets()
	failed := errors.New("cannot be encoded")
	p.store.Journal(func([]store.Change) (func() error, error) { return nil, failed })
	if err := p.store.Write(func() error { p.table.Put(&pet{"1", "ada", nil}); return nil }); err != failed || p.table.Len() != 0 {
		t.Errorf("Write returned %v, and the table has %d resources", err, p.table.Len())
	}
	journalOf(p.store)
	p.write(t, func() { p.table.Put(&pet{"1", "ada", nil}) })
}

// TestLostWritesOfManyAreUndone lets the journal lose all writes after some while many wait
// for it, and compares with what it has kept.
func TestLostWritesOfManyAreUndone(t *testing.T) {
	t.Parallel()
	const writers = 20
	for round := range uint64(50) {
		p := newPets()
		p.write(t, func() {
			for n := range 200 {
				p.table.Put(&pet{fmt.Sprint(n), fmt.Sprint("owner", n%10), nil})
			}
		})
		kept := p.store.All()
		limit, count, told := int(round)%writers, 0, 0
		answered, full := make(chan struct{}), errors.New("disk full")
		p.store.Watch(func([]store.Change) func() {
			n := count
			return func() {
				if n != told {
					t.Errorf("write %d was told after %d others", n, told)
				}
				told++
			}
		})
		p.store.Journal(func(changes []store.Change) (func() error, error) {
			lost := count >= limit
			if count++; !lost {
				kept = append(kept, changes...)
			}
			return func() error {
				if <-answered; lost {
					return full
				}
				return nil
			}, nil
		})
		var group sync.WaitGroup
		for writer := range uint64(writers) {
			group.Go(func() {
				r, own := rand.New(rand.NewPCG(round, writer)), fmt.Sprint("of writer ", writer)
				err := p.store.Write(func() error {
					p.table.Put(&pet{own, "nobody", nil})
					for range 40 {
						if id := fmt.Sprint(r.IntN(200)); r.IntN(4) > 0 {
							p.table.Remove(id)
						} else {
							p.table.Put(&pet{id, fmt.Sprint("owner", r.IntN(10)), nil})
						}
					}
					return nil
				})
				p.store.Read(func() {
					if there := p.table.Get(own) != nil; there != (err == nil) {
						t.Errorf("a write is there: %t, although Write returned %v", there, err)
					}
				})
			})
		}
		for waiting := 0; waiting < writers; {
			p.store.Read(func() { waiting = count })
			runtime.Gosched()
		}
		close(answered)
		group.Wait()
		want := loaded(t, kept)
		if diff := cmp.Diff(want.table.All(), p.table.All()); diff != "" || told != limit {
			t.Fatalf("round %d: %d of %d kept writes were told, and the table differs:\n%s", round, told, limit, diff)
		}
		for n := range 10 {
			owner := fmt.Sprint("owner", n)
			if diff := cmp.Diff(want.owners.All(owner), p.owners.All(owner)); diff != "" {
				t.Fatalf("round %d: the index differs: %s", round, diff)
			}
		}
	}
}
