package clerk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// List is one page of a list. The API sends lists in several forms; they all decode
// into a List.
type List[T any] struct {
	Data       []*T            `json:"data"`                 // decoding never leaves a nil in it
	TotalCount Optional[int64] `json:"total_count,omitzero"` // of all pages, if the API reports it
}

// Format implements fmt.Formatter: the entries print themselves.
func (l List[T]) Format(s fmt.State, _ rune) { FormatHidden(s, l) }

// LogValue implements slog.LogValuer: the entries log themselves.
func (l List[T]) LogValue() slog.Value { return LogHidden(l) }

var errNotAList = errors.New("neither an array nor an object with an array in data")

// UnmarshalJSON decodes a bare array, or an object that has total_count and an array
// in data or m2m_tokens. An object with only total_count is an empty page.
func (l *List[T]) UnmarshalJSON(b []byte) error {
	*l = List[T]{}
	defer l.fill()
	if b = bytes.TrimLeft(b, " \t\r\n"); len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, &l.Data)
	}
	var page struct {
		Data       Optional[[]*T]  `json:"data"`
		M2MTokens  Optional[[]*T]  `json:"m2m_tokens"`
		TotalCount Optional[int64] `json:"total_count"`
	}
	if err := json.Unmarshal(b, &page); err != nil {
		return err
	}
	if page.Data.IsZero() && page.M2MTokens.IsZero() && page.TotalCount.IsZero() && string(b) != "null" {
		return errNotAList
	}
	l.Data, l.TotalCount = page.Data.Or(page.M2MTokens.Or(nil)), page.TotalCount
	return nil
}

// decode is UnmarshalJSON for the responses of the API.
func (l *List[T]) decode(d *decode.Decoder) bool {
	*l = List[T]{}
	defer l.fill()
	switch start := d.Offset(); d.Kind() {
	case '[':
		return d.Entries(&l.Data)
	case '{':
		if !l.decodePage(d) {
			d.Note(start, errNotAList)
			return false
		}
		return true
	}
	return d.Null() || d.Reject(errNotAList)
}

// decodePage decodes an object, and reports whether it is a page.
func (l *List[T]) decodePage(d *decode.Decoder) (isPage bool) {
	var tokens []*T
	d.Object(func(name string) {
		switch name {
		case "data":
			d.Entries(&l.Data)
		case "m2m_tokens":
			d.Entries(&tokens)
		case "total_count":
			d.Value(&l.TotalCount)
		default:
			d.Skip()
			return
		}
		isPage = true
	})
	if l.Data == nil {
		l.Data = tokens
	}
	return isPage
}

// fill replaces each null of the API by a zero value, so that nobody has to check.
func (l *List[T]) fill() {
	for i, item := range l.Data {
		if item == nil {
			l.Data[i] = new(T)
		}
	}
}
