package clerk

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"iter"
)

const (
	defaultPage = 100
	maxPage     = 500 // the API's limit
)

// Pages returns an iterator over the items of a list that is fetched by offset. It
// calls page for one page at a time, when the loop needs it. limit is the size of a
// page, 100 if absent and at most 500. offset is the number of items to skip. id
// returns the id of an item; it is nil if items have no id. Items that were on an
// earlier page are skipped, because items move to the next page when others are
// inserted before them.
//
// The iteration ends when the offset reaches TotalCount, or, without TotalCount,
// after a page that is not full. It always ends at an empty page. TotalCount is
// ignored when it is less than the number of items read, or when it is just the
// number of items on a full first page. An error ends the iteration and is yielded
// last, with a nil item; it is [ErrNotAdvancing] if the server repeats a page.
func Pages[T any](limit, offset Optional[int], page func(limit, offset Optional[int]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return walk(limit, offset, page, id, func(l *List[T], offset Optional[int], size int) (Optional[int], bool) {
		end := offset.Or(0) + len(l.Data)
		return Set(end), l.isLast(end, size)
	})
}

// PagesAfter returns an iterator over the items of a list that is fetched by cursor:
// each page starts after the last item of the previous page. It calls page for one
// page at a time, when the loop needs it. limit is the size of a page, 100 if absent
// and at most 500. after is the id of the item to start after; if absent, the
// iteration starts at the beginning of the list. id returns the id of an item. Items
// that were on an earlier page are skipped.
//
// The iteration ends after a page that is not full. An error ends it and is yielded
// last, with a nil item; it is [ErrNotAdvancing] if the server repeats a page.
func PagesAfter[T any](limit Optional[int], after Optional[string], page func(limit Optional[int], after Optional[string]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return walk(limit, after, page, id, func(l *List[T], _ Optional[string], size int) (next Optional[string], last bool) {
		if end := id(l.Data[len(l.Data)-1]); end != "" {
			next = Set(end)
		}
		return next, len(l.Data) < size
	})
}

// walk fetches page after page. next returns where the page after l starts, absent if
// that is unknown, and whether l is the last page; l is never empty.
func walk[T, P any](limit Optional[int], from Optional[P], page func(limit Optional[int], from Optional[P]) (*List[T], error), id func(*T) string, next func(l *List[T], from Optional[P], size int) (Optional[P], bool)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		from, last := from, false
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		items := newSeen(id)
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
			if !items.yieldNew(l, last, yield) {
				return
			}
			if from.IsZero() {
				yield(nil, ErrNotAdvancing)
				return
			}
		}
	}
}

// pageSize returns the size of the pages to ask for, and an error if the API would
// silently send smaller ones.
func pageSize(limit Optional[int]) (Optional[int], error) {
	switch {
	case limit.IsZero():
		return Set(defaultPage), nil
	case limit.Or(0) > maxPage:
		return limit, &RequestError{Field: "limit", Err: fmt.Errorf("must not be greater than %d", maxPage)}
	}
	return limit, nil
}

// isLast reports whether l, which ends at the offset end, is the last page. It trusts
// the total more than the size of the page, because a server may send fewer items
// than it was asked for. It does not trust a total that is less than what was read,
// or that is just the size of a full page.
func (l *List[T]) isLast(end, size int) bool {
	total, known := l.TotalCount.Get()
	switch full := len(l.Data) >= size; {
	case known && int64(end) < total:
		return false
	case known && int64(end) == total && total != int64(len(l.Data)):
		return true
	default:
		return !full
	}
}

// seed is for the hashes of seen.
var seed = maphash.MakeSeed()

// seen remembers the items of an iteration by their ids, and pages that have items
// without ids by their content. It keeps only hashes.
type seen[T any] struct {
	id     func(*T) string // nil if items have no id
	hashes map[uint64]struct{}
}

func newSeen[T any](id func(*T) string) *seen[T] {
	return &seen[T]{id: id, hashes: map[uint64]struct{}{}}
}

// fresh returns the items of a page that were not on an earlier page. An item that is
// inserted at the front of the list during an iteration moves the others to the next
// page, where they would be yielded again. A page that ends with an item already
// seen, and is not the last, does not advance.
func (s *seen[T]) fresh(l *List[T], last bool) ([]*T, error) {
	items := make([]*T, 0, len(l.Data))
	withoutID, repeated := false, false
	for _, item := range l.Data {
		id := ""
		if s.id != nil {
			id = s.id(item)
		}
		repeated = id != "" && !s.add([]byte(id))
		withoutID = withoutID || id == ""
		if !repeated {
			items = append(items, item)
		}
	}
	if withoutID {
		raw, err := json.Marshal(l.Data)
		if err != nil {
			return nil, fmt.Errorf("clerk: cannot compare items without ids: %w", err)
		}
		if !s.add(raw) {
			return nil, ErrNotAdvancing
		}
	}
	if repeated && !last {
		return nil, ErrNotAdvancing
	}
	return items, nil
}

// yieldNew yields the items of a page that were not on an earlier page, or the error
// of fresh. It reports whether the iteration continues.
func (s *seen[T]) yieldNew(l *List[T], last bool, yield func(*T, error) bool) bool {
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

// add remembers raw and reports whether it is new.
func (s *seen[T]) add(raw []byte) bool {
	before := len(s.hashes)
	s.hashes[maphash.Bytes(seed, raw)] = struct{}{}
	return len(s.hashes) > before
}
