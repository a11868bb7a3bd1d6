package clerk_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// changes says how a list changes while it is iterated over.
type changes struct {
	name        string
	add, remove int // of 100 times that it may change
	removeRead  int // of 100 times that the loop has read an item
}

// liveList is a list that others change. Its items are numbers, in the order of the list.
type liveList struct {
	rand     *rand.Rand
	changes  changes
	items    []int
	next     int // the number of the next item that is added
	most     int // how many items are added at most
	counted  bool
	perPage  int
	requests int
}

// change adds or removes some items, at any place.
func (l *liveList) change() {
	for l.rand.IntN(100) < l.changes.remove && len(l.items) > 0 {
		at := l.rand.IntN(len(l.items))
		l.items = slices.Delete(l.items, at, at+1)
	}
	for l.rand.IntN(100) < l.changes.add && l.next < l.most {
		at := 0 // where most lists add
		if l.rand.IntN(2) == 0 {
			at = l.rand.IntN(len(l.items) + 1)
		}
		l.items = slices.Insert(l.items, at, l.next)
		l.next++
	}
}

// page changes the list and returns one page of it.
func (l *liveList) page(limit, offset clerk.Optional[int]) (*clerk.List[int], error) {
	l.requests++
	l.change()
	page := &clerk.List[int]{}
	from := min(offset.Or(0), len(l.items))
	for _, item := range l.items[from:min(from+limit.Or(0), from+l.perPage, len(l.items))] {
		page.Data = append(page.Data, &item)
	}
	if l.counted {
		page.TotalCount = clerk.Set(int64(len(l.items)))
	}
	return page, nil
}

// walk iterates over the list, which changes all the time. It returns the items that
// were in the list all the time and were not yielded, and reports those that were
// yielded twice.
func (l *liveList) walk(t *testing.T, limit int) (lost []int, failed error) {
	t.Helper()
	before := slices.Clone(l.items)
	var got []int
	for item, err := range clerk.Pages(clerk.Set(limit), clerk.Optional[int]{}, l.page, func(n *int) string { return fmt.Sprint(*n) }) {
		if err != nil {
			failed = err
			continue
		}
		if slices.Contains(got, *item) {
			t.Errorf("%d was yielded twice", *item)
		}
		got = append(got, *item)
		if l.rand.IntN(100) < l.changes.removeRead {
			l.items = slices.DeleteFunc(l.items, func(n int) bool { return n == *item })
		}
		if l.rand.IntN(10) == 0 {
			l.change()
		}
	}
	for _, item := range before {
		if slices.Contains(l.items, item) && !slices.Contains(got, item) {
			lost = append(lost, item)
		}
	}
	return lost, failed
}

// TestNoItemIsLostWhileAListChanges iterates over lists that change at random, from the
// same seeds each time.
func TestNoItemIsLostWhileAListChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []changes{
		{"nothing", 0, 0, 0},
		{"the loop deletes everything", 0, 0, 100},
		{"the loop deletes some", 0, 0, 40},
		{"others delete", 0, 70, 0},
		{"the loop and others delete", 0, 60, 60},
		{"others add", 60, 0, 0},
		{"others add and delete", 50, 50, 0},
		{"others add and delete, and so does the loop", 60, 40, 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const walks = 2000
			failures := 0
			for seed := range uint64(walks) {
				r := rand.New(rand.NewPCG(seed, 7))
				limit := 1 + r.IntN(12)
				l := &liveList{rand: r, changes: c, counted: r.IntN(2) == 0, perPage: 500}
				if l.counted && r.IntN(4) == 0 {
					l.perPage = 1 + r.IntN(limit) // sends less than it is asked for
				}
				size := r.IntN(80)
				l.most = size + r.IntN(80)
				for ; l.next < size; l.next++ {
					l.items = append(l.items, l.next)
				}
				lost, err := l.walk(t, limit)
				if err != nil {
					failures++
				}
				switch {
				case err != nil && !errors.Is(err, clerk.ErrListChanged) && !errors.Is(err, clerk.ErrNotAdvancing):
					t.Errorf("seed %d: %v", seed, err)
				case err != nil && c.add == 0 && l.perPage > 1:
					t.Errorf("seed %d: deletions alone end with %v", seed, err)
				case err == nil && len(lost) > 0 && l.perPage > 1:
					t.Errorf("seed %d: pages of %d (%d sent) of %d items: %v are lost without an error", seed, limit, l.perPage, size, lost)
				}
			}
			t.Logf("%d of %d iterations ended with an error", failures, walks)
		})
	}
}
