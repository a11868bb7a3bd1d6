package clerk

import (
	"errors"
	"fmt"
	"iter"
)

const (
	defaultPage = 100
	maxPage     = 500 // the API's limit
)

// Pages returns an iterator over the items of a list that is fetched by offset. It
// calls page for one page at a time, when the loop needs it. limit is the size of a
// page, 100 if absent and at most 500. offset is the number of items to skip. id
// returns the id of an item; it is nil if items have no id. Items without an id are
// compared by what they hold. Each item is yielded once.
//
// Items may be deleted and added during the iteration, also by the loop. Each page
// begins with the last item of the page before. If another item is there, items have
// moved, and the iteration goes back until it finds one that it has yielded, or to
// where it began. An item that is in the list all the time is not left out without an
// error. That does not hold where items change places, as in an order by the time of
// the last change, when items that offset skips are deleted, or if the server sends one
// item a page.
//
// The iteration ends when the offset reaches TotalCount, or, without TotalCount,
// after a page that is not full. It always ends at an empty list. TotalCount is ignored
// when it is less than the number of items read, or when it is just the number of items
// on a full first page. An error ends the iteration and is yielded last, with a nil
// item. It is [ErrNotAdvancing] if the server repeats a page, and [ErrListChanged] if it
// does so after the iteration went back.
func Pages[T any](limit, offset Optional[int], page func(limit, offset Optional[int]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		p := &position[T]{begin: offset.Or(0), at: offset, limit: size, seen: newSeen(id)}
		each(yield, func() ([]*T, bool, error) {
			l, err := page(p.limit, p.at)
			if err != nil || l == nil {
				return nil, false, err
			}
			return p.advance(l)
		})
	}
}

// PagesAfter returns an iterator over the items of a list that is fetched by cursor:
// each page starts after the last item of the previous page. It calls page for one
// page at a time, when the loop needs it. limit is the size of a page, 100 if absent
// and at most 500. after is the id of the item to start after; if absent, the
// iteration starts at the beginning of the list. id returns the id of an item. Items
// that were on an earlier page are skipped.
//
// Items may be deleted during the iteration, also by the loop. If the API refuses to
// continue after an item, because it is not in the list any more, the iteration goes back
// to earlier ones, and to its beginning if none is left.
//
// The iteration ends after a page that is not full. An error ends it and is yielded
// last, with a nil item; it is [ErrNotAdvancing] if the server repeats a page.
func PagesAfter[T any](limit Optional[int], after Optional[string], page func(limit Optional[int], after Optional[string]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		c := newCursor(after, id)
		each(yield, func() ([]*T, bool, error) {
			l, err := page(size, c.at)
			if c.back(err) {
				return nil, true, nil
			}
			if err != nil || l == nil {
				return nil, false, err
			}
			return c.advance(l, size.Or(0))
		})
	}
}

// each yields the items of page after page, and the error that ends them.
func each[T any](yield func(*T, error) bool, next func() (items []*T, more bool, err error)) {
	for more := true; more; {
		var items []*T
		var err error
		items, more, err = next()
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
			return
		}
	}
}

// pageSize returns the size of the pages to ask for, and an error if the API would
// silently send smaller ones.
func pageSize(limit Optional[int]) (Optional[int], error) {
	switch {
	case limit.IsZero():
		return Set(defaultPage), nil
	case limit.Or(0) < 1:
		return limit, &RequestError{Field: "limit", Err: errors.New("must not be less than 1")}
	case limit.Or(0) > maxPage:
		return limit, &RequestError{Field: "limit", Err: fmt.Errorf("must not be greater than %d", maxPage)}
	}
	return limit, nil
}
