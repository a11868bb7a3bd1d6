package clerk

import "iter"

// PagesAfter walks a list that page fetches, each page beginning after the last
// item of the page before. It makes one request a page, for as long as the loop
// asks. limit is the size of a page, 100 when absent and 500 at most; after is
// the id of the item to begin after, absent for the beginning of the list; id
// returns that of an item. It ends at a page that is not full. An error is the
// last thing it yields; ErrNotAdvancing is the one for a server that repeats a
// page.
func PagesAfter[T any](limit Optional[int], after Optional[string], page func(limit Optional[int], after Optional[string]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		after := after
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		before := newSeen(id)
		for {
			l, err := page(size, after)
			if err != nil {
				yield(nil, err)
				return
			}
			if l == nil || len(l.Data) == 0 {
				return
			}
			if !before.yield(l, len(l.Data) < size.Or(defaultPage), yield) {
				return
			}
			last := id(&l.Data[len(l.Data)-1])
			if last == "" {
				yield(nil, ErrNotAdvancing)
				return
			}
			after = Set(last)
		}
	}
}
