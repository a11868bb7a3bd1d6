package clerk

import "errors"

// cursor is how far an iteration by cursor is.
type cursor[T any] struct {
	begin   Optional[string] // the ID that the first page comes after
	at      Optional[string] // the ID that the next page comes after
	trail   []string         // IDs that were yielded: the last ones of earlier pages, and then all of the last page
	ends    int              // the number of the former
	step    int              // how many IDs to go back, if at is refused
	behind  int              // how many items of earlier pages may come again
	stalled bool             // no page has ended with a new item since at was refused
	seen    *seen[T]
}

func newCursor[T any](after Optional[string], id func(*T) string) *cursor[T] {
	return &cursor[T]{begin: after, at: after, step: 1, seen: newSeen(id)}
}

// advance returns the new items of the page at c and whether there may be more, and moves
// c to the next page.
func (c *cursor[T]) advance(l *List[T], limit int) (items []*T, more bool, err error) {
	if len(l.Data) == 0 {
		return nil, false, nil
	}
	items, repeated, err := c.seen.fresh(l)
	if last := len(l.Data) < limit; err != nil || last {
		return items, false, err
	}
	if !repeated {
		c.behind, c.stalled = 0, false
	} else if c.behind -= len(l.Data) - len(items); c.behind < 0 {
		return nil, false, ErrNotAdvancing
	}
	end := c.seen.id(l.Data[len(l.Data)-1])
	if end == "" {
		return items, false, ErrNotAdvancing
	}
	c.remember(l)
	c.at, c.step = Set(end), 1
	return items, true, nil
}

// remember adds the items of a page to the trail, and keeps only the last one of the page
// before.
func (c *cursor[T]) remember(l *List[T]) {
	if before := c.trail[c.ends:]; len(before) > 0 {
		c.trail = append(c.trail[:c.ends], before[len(before)-1])
		c.ends++
	}
	for _, item := range l.Data {
		c.trail = append(c.trail, c.seen.id(item))
	}
}

// back moves c to an item before the one that the API refused to continue after, each time
// twice as far, and in the end to the beginning. It reports whether err is such a refusal
// and there is something to go back to.
func (c *cursor[T]) back(err error) bool {
	var refused *Error
	if !errors.As(err, &refused) || len(c.trail) == 0 || c.stalled && c.step == 1 {
		return false
	}
	if !errors.Is(err, ErrBadRequest) && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrUnprocessable) {
		return false
	}
	c.trail = c.trail[:max(0, len(c.trail)-c.step)]
	c.ends = min(c.ends, len(c.trail))
	c.at = c.begin
	if n := len(c.trail); n > 0 {
		c.at = Set(c.trail[n-1])
	}
	c.step *= 2
	c.behind, c.stalled = c.seen.len(), true
	return true
}
