package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/google/go-cmp/cmp"
)

type pet struct {
	ID    string   `json:"id"`
	Owner string   `json:"owner"`
	Names []string `json:"names"`
}

type pets struct {
	store  *store.Store
	table  *store.Table[pet]
	named  *store.Index[pet]
	owners *store.Index[pet]
}

func newPets() pets {
	s := &store.Store{}
	t := store.New(s, "pets", func(p *pet) string { return p.ID })
	return pets{s, t, t.By(func(p *pet) []string { return p.Names }), t.By(func(p *pet) []string { return []string{p.Owner} })}
}

func (p pets) write(t *testing.T, f func()) {
	t.Helper()
	if err := p.store.Write(func() error { f(); return nil }); err != nil {
		t.Fatal(err)
	}
}

func ids(list []*pet) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.ID)
	}
	return out
}

func TestTableAndIndexes(t *testing.T) {
	t.Parallel()
	p := newPets()
	p.write(t, func() {
		p.table.Put(&pet{"1", "ada", []string{"rex", "rex", ""}})
		p.table.Put(&pet{"2", "bob", []string{"tom"}})
		p.table.Put(&pet{"3", "ada", []string{"kit"}})
		p.table.Put(&pet{"1", "ada", []string{"max", "rex"}})
	})
	p.write(t, func() { p.table.Put(&pet{"2", "ada", []string{"rex"}}) })
	for _, c := range []struct{ got, want []string }{
		{ids(p.table.All()), []string{"1", "2", "3"}},
		{ids(p.owners.All("ada")), []string{"1", "2", "3"}},
		{ids(p.owners.All("bob")), nil},
		{ids(p.named.All("rex")), []string{"1", "2"}},
		{ids(p.named.All("tom")), nil},
		{ids(p.named.All("")), nil},
		{ids([]*pet{p.named.First("max"), p.table.Get("3"), p.owners.First("ada")}), []string{"1", "3", "1"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if p.named.First("tom") != nil || p.table.Get("4") != nil || p.table.Len() != 3 || p.owners.Len("ada") != 3 {
		t.Error("the table has what it should not have")
	}
}

func TestFailedWriteChangesNothing(t *testing.T) {
	t.Parallel()
	failed := errors.New("failed")
	for name, end := range map[string]func() error{
		"error": func() error { return failed },
		"panic": func() error { panic(failed) },
	} {
		p := newPets()
		p.write(t, func() {
			p.table.Put(&pet{"1", "ada", []string{"rex"}})
			p.table.Put(&pet{"2", "bob", []string{"tom"}})
		})
		seen := 0
		p.store.Watch(func([]store.Change) func() { seen++; return func() {} })
		func() {
			defer func() { recover() }()
			err := p.store.Write(func() error {
				p.table.Remove("1")
				p.table.Put(&pet{"2", "ada", []string{"rex"}})
				p.table.Put(&pet{"3", "ada", []string{"kit"}})
				p.table.Put(&pet{"1", "cid", []string{"new"}})
				p.table.Remove("2")
				return end()
			})
			if !errors.Is(err, failed) {
				t.Errorf("%s: Write returned %v", name, err)
			}
		}()
		if got := ids(p.table.All()); !slices.Equal(got, []string{"1", "2"}) || p.table.Len() != 2 || seen != 0 {
			t.Errorf("%s: the table has %v, and %d writes were seen", name, got, seen)
		}
		if p.named.First("rex").Owner != "ada" || p.named.First("tom").Owner != "bob" || p.named.First("new") != nil || p.owners.First("cid") != nil {
			t.Errorf("%s: the indexes have changed", name)
		}
		p.write(t, func() { p.table.Put(&pet{"3", "ada", nil}) }) // the lock is free
	}
}

func TestChangesOfOneResourceAreOneChange(t *testing.T) {
	t.Parallel()
	p := newPets()
	p.write(t, func() { p.table.Put(&pet{"1", "ada", nil}); p.table.Put(&pet{"2", "bob", nil}) })
	var seen []string
	note := func(changes []store.Change) func() {
		for _, c := range changes {
			text := func(v any) string {
				if v == nil {
					return "-"
				}
				return v.(*pet).Owner
			}
			seen = append(seen, c.Table+" "+c.ID+" "+text(c.Before)+" "+text(c.After))
		}
		return func() {}
	}
	p.store.Watch(note)
	p.write(t, func() {
		p.table.Put(&pet{"1", "cid", nil})
		p.table.Put(&pet{"3", "dan", nil})
		p.table.Remove("2")
		p.table.Put(&pet{"1", "eva", nil})
		p.table.Put(&pet{"4", "flo", nil})
		p.table.Remove("4")
		p.table.Remove("5")
	})
	if diff := cmp.Diff([]string{"pets 1 ada eva", "pets 3 - dan", "pets 2 bob -"}, seen); diff != "" {
		t.Error(diff)
	}
	p.write(t, func() {}) // is not seen
	if len(seen) != 3 {
		t.Errorf("a write without changes was seen: %v", seen)
	}
}

func TestChangeOutsideOfAWritePanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("Put outside of a write did not panic")
		}
	}()
	newPets().table.Put(&pet{ID: "1"})
}

func TestAllAndLoad(t *testing.T) {
	t.Parallel()
	from, to := newPets(), newPets()
	from.write(t, func() {
		for n := range 5 {
			from.table.Put(&pet{fmt.Sprint(n), "ada", []string{fmt.Sprint("name", n)}})
		}
		from.table.Remove("1")
	})
	for _, c := range from.store.All() {
		raw, err := json.Marshal(c.After)
		if err != nil {
			t.Fatal(err)
		}
		if err := to.store.Load(c.Table, c.ID, raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.store.Load("pets", "2", nil); err != nil {
		t.Fatal(err)
	}
	if got := ids(to.table.All()); !slices.Equal(got, []string{"0", "3", "4"}) || to.named.First("name3") == nil || to.named.First("name2") != nil {
		t.Errorf("the other store has %v", got)
	}
	if err := to.store.Load("cars", "1", nil); err == nil {
		t.Error("a table that does not exist was loaded")
	}
	to.write(t, to.store.Clear)
	if to.table.Len() != 0 || to.named.First("name3") != nil {
		t.Error("Clear left something")
	}
}

// TestAgainstAPlainMap makes random writes, of which some fail, and compares with a map.
func TestAgainstAPlainMap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	p, want := newPets(), map[string]pet{}
	for range 3000 {
		next, fails := map[string]pet{}, r.IntN(4) == 0
		maps.Copy(next, want)
		p.store.Write(func() error {
			for range r.IntN(20) {
				id := fmt.Sprint(r.IntN(200))
				if r.IntN(2) == 0 {
					p.table.Remove(id)
					delete(next, id)
					continue
				}
				v := pet{id, fmt.Sprint("owner", r.IntN(10)), []string{fmt.Sprint(r.IntN(50)), fmt.Sprint(r.IntN(50))}}
				p.table.Put(&v)
				next[id] = v
			}
			if fails {
				return errors.New("fails")
			}
			return nil
		})
		if !fails {
			want = next
		}
	}
	got := map[string]pet{}
	for _, v := range p.table.All() {
		got[v.ID] = *v
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for n := range 10 {
		owner, of := fmt.Sprint("owner", n), 0
		for _, v := range want {
			if v.Owner == owner {
				of++
			}
		}
		if len(p.owners.All(owner)) != of || p.owners.Len(owner) != of {
			t.Errorf("the index has %d of %s, want %d", len(p.owners.All(owner)), owner, of)
		}
	}
}

func TestReadersSeeWholeWrites(t *testing.T) {
	t.Parallel()
	p := newPets()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for n := range 200 {
				p.write(t, func() {
					p.table.Put(&pet{"1", fmt.Sprint(n), nil})
					p.table.Put(&pet{"2", fmt.Sprint(n), nil})
				})
				p.store.Read(func() {
					if a, b := p.table.Get("1"), p.table.Get("2"); a.Owner != b.Owner {
						t.Errorf("half of a write was read: %s, %s", a.Owner, b.Owner)
					}
				})
			}
		})
	}
	group.Wait()
}
