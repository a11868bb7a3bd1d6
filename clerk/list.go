package clerk

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// List is one page of a list. The API sends lists in several forms; they all decode
// into a List.
type List[T any] struct {
	Data       []T             `json:"data"`
	TotalCount Optional[int64] `json:"total_count,omitzero"` // of all pages, if the API reports it
}

// UnmarshalJSON decodes a bare array, or an object that has total_count and an array
// in data or m2m_tokens. An object with only total_count is an empty page.
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
	if l.Data == nil { // an empty page, or not a page
		_, _, _, err := pageOf(b)
		return err
	}
	return nil
}

// decode is UnmarshalJSON without the scan that encoding/json makes first.
func (l *List[T]) decode(b []byte) error { return l.UnmarshalJSON(b) }

// pageOf returns the array of a page, the name of that member, and the total.
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
	case page.TotalCount != nil: // a server may omit an empty array
		return json.RawMessage("null"), page.TotalCount, "data", nil
	}
	return nil, nil, "", errors.New("neither an array nor an object with an array in data")
}

// decodePartial decodes the page and the total one by one.
func (l *List[T]) decodePartial(d *decode.Decoder, raw []byte, path string) {
	data, total, name, err := pageOf(raw)
	if err != nil {
		d.Fail(path, err)
		return
	}
	*l = List[T]{}
	d.Value(data, &l.Data, decode.Member(path, name))
	if total != nil {
		d.Value(total, &l.TotalCount, decode.Member(path, "total_count"))
	}
}
