package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
)

// List is one page of a list, in whichever of its forms the API wrote it.
type List[T any] struct {
	Data       []T             `json:"data"`
	TotalCount Optional[int64] `json:"total_count,omitzero"` // of all pages, where the API tells
}

// UnmarshalJSON takes a bare array and an object with total_count whose array is
// data or m2m_tokens. An object with the count alone is an empty page.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	*l = List[T]{}
	if b = bytes.TrimLeft(b, " \t\r\n"); len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, &l.Data)
	}
	var page struct {
		Data       []T             `json:"data"`
		M2MTokens  []T             `json:"m2m_tokens"`
		TotalCount Optional[int64] `json:"total_count"`
	}
	if err := json.Unmarshal(b, &page); err != nil {
		return err
	}
	l.Data, l.TotalCount = page.Data, page.TotalCount
	if l.Data == nil {
		l.Data = page.M2MTokens
	}
	if l.Data == nil {
		_, _, _, err := pageOf(b)
		return err
	}
	return nil
}

// decode spares encoding/json the look for where the page ends.
func (l *List[T]) decode(b []byte) error { return l.UnmarshalJSON(b) }

// pageOf finds the array of a page, its name, and the total.
func pageOf(b []byte) (data, total json.RawMessage, name string, err error) {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) > 0 && b[0] == '[' {
		return b, nil, "", nil
	}
	var page struct {
		Data       json.RawMessage `json:"data"`
		M2MTokens  json.RawMessage `json:"m2m_tokens"`
		TotalCount json.RawMessage `json:"total_count"`
	}
	if err := json.Unmarshal(b, &page); err != nil {
		return nil, nil, "", err
	}
	switch {
	case page.Data != nil:
		return page.Data, page.TotalCount, "data", nil
	case page.M2MTokens != nil:
		return page.M2MTokens, page.TotalCount, "m2m_tokens", nil
	case page.TotalCount != nil: // a server may leave out what is empty
		return json.RawMessage("null"), page.TotalCount, "data", nil
	}
	return nil, nil, "", errors.New("neither an array nor an object with one in data")
}

func (l *List[T]) salvage(s *salvager, raw []byte, path string) {
	data, total, name, err := pageOf(raw)
	if err != nil {
		s.fail(path, err)
		return
	}
	*l = List[T]{}
	s.into(data, reflect.ValueOf(&l.Data).Elem(), member(path, name))
	if total != nil {
		l.TotalCount.salvage(s, total, member(path, "total_count"))
	}
}

const (
	defaultPage = 100
	maxPage     = 500
)

// Pages walks a list that page fetches, one request a page, for as long as the
// loop asks. limit is the size of a page, 100 when absent and 500 at most;
// offset is where to begin; id returns the id of an item, nil where items have
// none. An item that a page before had is passed over, as one is that moved into
// the next page because another was added in front.
//
// It ends at TotalCount, or without one at a page that is not full, and at an
// empty page always. A full page that TotalCount does not account for is not the
// last. An error is the last thing it yields; ErrNotAdvancing is the one for a
// server that repeats a page.
func Pages[T any](limit, offset Optional[int], page func(limit, offset Optional[int]) (*List[T], error), id func(*T) string) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		offset := offset
		size, err := pageSize(limit)
		if err != nil {
			yield(nil, err)
			return
		}
		before := newSeen(id)
		for {
			l, err := page(size, offset)
			if err != nil {
				yield(nil, err)
				return
			}
			if l == nil || len(l.Data) == 0 {
				return
			}
			offset = Set(offset.Or(0) + len(l.Data))
			if !before.yield(l, l.last(offset.Or(0), size.Or(defaultPage)), yield) {
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
