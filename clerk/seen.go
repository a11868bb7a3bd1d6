package clerk

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
)

// ErrNotAdvancing ends an iteration whose server answered with a page that it
// had given before, or with one that ends where another did.
var ErrNotAdvancing = errors.New("clerk: the server repeats a page of the list")

var seed = maphash.MakeSeed()

// seen remembers what a walk has met: items by their ids, pages of items without
// one by what they hold.
type seen[T any] struct {
	id     func(*T) string // nil where items have none
	prints map[uint64]struct{}
}

func newSeen[T any](id func(*T) string) *seen[T] {
	return &seen[T]{id: id, prints: map[uint64]struct{}{}}
}

// fresh returns the items of a page that no page before had. An entry that is
// added in front of the list while it is walked pushes the others into the next
// page, where they would come a second time. A page that is not the last and ends
// with an item of before leads nowhere.
func (s *seen[T]) fresh(l *List[T], last bool) ([]*T, error) {
	items := make([]*T, 0, len(l.Data))
	nameless, again := false, false
	for i := range l.Data {
		id := ""
		if s.id != nil {
			id = s.id(&l.Data[i])
		}
		again = id != "" && !s.add([]byte(id))
		nameless = nameless || id == ""
		if !again {
			items = append(items, &l.Data[i])
		}
	}
	if nameless {
		raw, err := json.Marshal(l.Data)
		if err != nil {
			return nil, fmt.Errorf("clerk: items without an id that cannot be told apart: %w", err)
		}
		if !s.add(raw) {
			return nil, ErrNotAdvancing
		}
	}
	if again && !last {
		return nil, ErrNotAdvancing
	}
	return items, nil
}

// yield hands the loop what is new on a page, or why there is none. It reports
// whether the walk goes on.
func (s *seen[T]) yield(l *List[T], last bool, yield func(*T, error) bool) bool {
	items, err := s.fresh(l, last)
	if err != nil {
		yield(nil, err)
		return false
	}
	for _, item := range items {
		if !yield(item, nil) {
			return false
		}
	}
	return !last
}

// add reports whether raw was not met before.
func (s *seen[T]) add(raw []byte) bool {
	before := len(s.prints)
	s.prints[maphash.Bytes(seed, raw)] = struct{}{}
	return len(s.prints) > before
}
