package clerk

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"
)

const (
	defaultPage = 100
	maxPage     = 500 // the API's own
)

// Pages walks a list that page fetches, one request a page, for as long as the
// loop asks. limit is the size of a page, 100 when absent and 500 at most;
// offset is where to begin; id returns the id of an item, nil where items have
// none. An item that an earlier page had is passed over: items move into the next
// page when others are added in front of them.
//
// It ends at TotalCount, or without one at a page that is not full, and at an
// empty page always. A full page that TotalCount does not account for is not the
// last. An error is the last thing it yields; ErrNotAdvancing is the one for a
// server that repeats a page.
func Pages[T any](limit, offset Optional[int], page func(limit, offset Optional[int]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return walk(limit, offset, page, id, func(l *List[T], offset Optional[int], size int) (Optional[int], bool) {
		end := offset.Or(0) + len(l.Data)
		return Set(end), l.last(end, size)
	})
}

// PagesAfter walks a list that page fetches, each page beginning after the last
// item of the page before. It makes one request a page, for as long as the loop
// asks. limit is the size of a page, 100 when absent and 500 at most; after is
// the id of the item to begin after, absent for the beginning of the list; id
// returns that of an item. It ends at a page that is not full. An error is the
// last thing it yields; ErrNotAdvancing is the one for a server that repeats a
// page.
func PagesAfter[T any](limit Optional[int], after Optional[string], page func(limit Optional[int], after Optional[string]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return walk(limit, after, page, id, func(l *List[T], _ Optional[string], size int) (next Optional[string], last bool) {
		if end := id(&l.Data[len(l.Data)-1]); end != "" {
			next = Set(end)
		}
		return next, len(l.Data) < size
	})
}

// walk asks for page after page. next tells of a page that is not empty where the
// one after it begins, absent where nobody can tell, and whether it is the last.
func walk[T, P any](limit Optional[int], from Optional[P], page func(limit Optional[int], from Optional[P]) (*List[T], error), id func(*T) string, next func(l *List[T], from Optional[P], size int) (Optional[P], bool)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		from, last := from, false
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		before := newSeen(id)
		for {
			l, err := page(size, from)
			if err != nil {
				yield(nil, err)
				return
			}
			if l == nil || len(l.Data) == 0 {
				return
			}
			from, last = next(l, from, size.Or(defaultPage))
			if !before.yield(l, last, yield) {
				return
			}
			if from.IsZero() {
				yield(nil, ErrNotAdvancing)
				return
			}
		}
	}
}

// pageSize refuses a page that the API would make smaller without a word.
func pageSize(limit Optional[int]) (Optional[int], error) {
	switch {
	case limit.IsZero():
		return Set(defaultPage), nil
	case limit.Or(0) > maxPage:
		return limit, &RequestError{Field: "limit", Err: fmt.Errorf("a page has at most %d entries", maxPage)}
	}
	return limit, nil
}

// last trusts a total more than the size of the page, for a server may give fewer
// entries a page than it was asked for. It does not trust one that is less than
// what was read, nor one that is merely the size of a full page.
func (l *List[T]) last(end, size int) bool {
	total, told := l.TotalCount.Get()
	switch full := len(l.Data) >= size; {
	case told && int64(end) < total:
		return false
	case told && int64(end) == total && total != int64(len(l.Data)):
		return true
	default:
		return !full
	}
}

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
