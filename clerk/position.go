package clerk

// position is how far an iteration by offset is. Every page but the first begins with
// the last item of the page before. If an item that was not yielded is in its place,
// earlier ones were deleted, or that one was added, and some that were not yielded may
// be further in front.
type position[T any] struct {
	begin   int           // the offset of the first page
	at      Optional[int] // the offset of the next page
	limit   Optional[int] // the size of the next page
	overlap bool          // the next page begins with the last item of the one before
	widest  int           // the number of items on the largest page
	changed bool          // a page was set aside because it did not begin so
	back    bool          // the last page was set aside
	stalled bool          // no page has ended with a new item since one was set aside
	seen    *seen[T]
}

// advance returns the new items of the page at p and whether there may be more, and
// moves p to the next page.
func (p *position[T]) advance(l *List[T]) (items []*T, more bool, err error) {
	at, limit := p.at.Or(0), p.limit.Or(0)
	p.limit = Set(max(limit, 2)) // an item to overlap and one more
	p.widest = max(p.widest, len(l.Data))
	if p.overlap && at > p.begin {
		moved, err := p.moved(l)
		if err != nil || moved {
			return nil, err == nil, err
		}
	}
	p.back = false
	if len(l.Data) == 0 {
		return nil, false, nil
	}
	end := at + len(l.Data)
	items, repeated, err := p.seen.fresh(l)
	switch last := l.isLast(end, limit); {
	case err != nil:
		return nil, false, err
	case last:
		return items, false, nil
	case !repeated:
		p.stalled = false
	case len(l.Data) == 1 && p.overlap:
		// TotalCount says that there is more than the server sends. It may send one
		// item a page, so look once where the next one is.
		p.at, p.overlap = Set(end), false
		return nil, true, nil
	case end-p.begin > p.seen.len() && p.changed:
		return nil, false, ErrListChanged
	case end-p.begin > p.seen.len():
		return nil, false, ErrNotAdvancing // nothing that was yielded can be so far behind
	}
	p.at, p.overlap = Set(end-1), true
	return items, true, nil
}

// moved reports whether l does not begin with an item that was yielded. Then it moves p
// back by a page, unless that was of no use before.
func (p *position[T]) moved(l *List[T]) (moved bool, err error) {
	if len(l.Data) > 0 {
		if isNew, err := p.seen.isNew(l.Data[0]); !isNew || err != nil {
			return false, err
		}
	}
	if p.stalled && !p.back {
		return true, ErrListChanged
	}
	p.at = Set(max(p.begin, p.at.Or(0)-max(1, p.widest-1)))
	p.changed, p.back, p.stalled = true, true, true
	return true, nil
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
