package clerk

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
)

// seed is for the hashes of seen.
var seed = maphash.MakeSeed()

// seen remembers the items of an iteration, by their ids or, without one, by what they
// hold. It keeps only hashes.
type seen[T any] struct {
	id     func(*T) string // nil if items have no id
	hashes map[uint64]struct{}
}

func newSeen[T any](id func(*T) string) *seen[T] {
	return &seen[T]{id: id, hashes: map[uint64]struct{}{}}
}

// len returns the number of items.
func (s *seen[T]) len() int { return len(s.hashes) }

// isNew reports whether the item was on no page so far.
func (s *seen[T]) isNew(item *T) (bool, error) {
	hash, err := s.hash(item)
	_, found := s.hashes[hash]
	return !found, err
}

// fresh remembers the items of a page and returns those that are new. It reports whether
// the last item is not.
func (s *seen[T]) fresh(l *List[T]) (items []*T, repeated bool, err error) {
	items = make([]*T, 0, len(l.Data))
	for _, item := range l.Data {
		hash, err := s.hash(item)
		if err != nil {
			return nil, false, err
		}
		if _, repeated = s.hashes[hash]; !repeated {
			s.hashes[hash] = struct{}{}
			items = append(items, item)
		}
	}
	return items, repeated, nil
}

func (s *seen[T]) hash(item *T) (uint64, error) {
	if s.id != nil {
		if id := s.id(item); id != "" {
			return maphash.String(seed, id), nil
		}
	}
	raw, err := json.Marshal(item)
	if err != nil {
		return 0, fmt.Errorf("clerk: cannot compare items without ids: %w", err)
	}
	return maphash.Bytes(seed, raw), nil
}
