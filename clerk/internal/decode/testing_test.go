package decode_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// account has fields of every kind that models have.
type account struct {
	ID        string              `json:"id"`
	Name      *string             `json:"name"`
	Kind      kind                `json:"kind"`
	Count     *int                `json:"count"`
	Small     int8                `json:"small"`
	Unsigned  uint16              `json:"unsigned"`
	Ratio     float64             `json:"ratio"`
	Single    float32             `json:"single"`
	Active    bool                `json:"active"`
	Created   millis              `json:"created"`
	At        time.Time           `json:"at"`
	Tags      []string            `json:"tags"`
	Contacts  map[string]contact  `json:"contacts"`
	Primary   *contact            `json:"primary"`
	Fallback  contact             `json:"fallback"`
	Friends   []*account          `json:"friends"`
	ByKind    map[kind]*account   `json:"by_kind"`
	Union     union               `json:"union"`
	Unions    []*union            `json:"unions"`
	Claims    json.RawMessage     `json:"claims"`
	Any       any                 `json:"any"`
	Anything  map[string]any      `json:"anything"`
	Reversed  reversed            `json:"reversed"`
	Custom    custom              `json:"custom"`
	Text      level               `json:"text"`
	Levels    map[level]int       `json:"levels"`
	ByNumber  map[int]string      `json:"by_number"`
	Pair      [2]int              `json:"pair"`
	Blob      []byte              `json:"blob"`
	Quoted    int                 `json:"quoted,string"`
	QuotedTwo *bool               `json:"quoted_two,string"`
	Nested    [][]map[string]*int `json:"nested"`
	Secret    string              `json:"-"`
	Untagged  int
	embedded
	*Deeper
}

type kind string

type contact struct {
	Email string `json:"email"`
	Phone string `json:"phone"`
}

type embedded struct {
	Inner int    `json:"inner"`
	Tags  string // hidden by the field of account
}

// Deeper is embedded as a pointer.
type Deeper struct {
	Deep string `json:"deep"`
}

// union keeps its JSON beside its fields.
type union struct {
	Raw  json.RawMessage `json:"-" clerk:"raw"`
	Kind int             `json:"kind"`
	Mail contact         `json:"mail"`
}

func (u *union) UnmarshalJSON(b []byte) error {
	type plain union
	err := json.Unmarshal(b, (*plain)(u))
	u.Raw = append(json.RawMessage(nil), b...)
	return err
}

// custom has an UnmarshalJSON method that refuses some values.
type custom struct{ Text string }

var errRefused = errors.New("refused")

func (c *custom) UnmarshalJSON(b []byte) error {
	if c.Text = string(b); c.Text == "7" {
		return errRefused
	}
	return nil
}

// level has an UnmarshalText method.
type level int

func (l *level) UnmarshalText(b []byte) error {
	if *l = level(len(b)); *l > 5 {
		return errRefused
	}
	return nil
}

// millis is an integer whose fraction is cut off.
type millis int64

// reversed is decoded from an object by the plan that types has for it.
type reversed struct{ First, Second int }

func (r *reversed) UnmarshalJSON(b []byte) error {
	var v struct{ First, Second int }
	if string(b) != "null" && b[0] != '{' {
		return errRefused
	}
	err := json.Unmarshal(b, &v)
	r.First, r.Second = v.Second, v.First
	return err
}

func (r *reversed) read(d *decode.Decoder) bool {
	if d.Null() {
		return true
	}
	if d.Kind() != '{' {
		return d.Reject(errRefused)
	}
	d.Object(func(name string) {
		switch name {
		case "First":
			d.Value(&r.Second)
		case "Second":
			d.Value(&r.First)
		default:
			d.Skip()
		}
	})
	return true
}

var types = decode.NewTypes(func(t reflect.Type) decode.Plan {
	switch t {
	case reflect.TypeFor[millis]():
		return decode.Truncated
	case reflect.TypeFor[reversed]():
		return func(d *decode.Decoder, v reflect.Value) bool { return v.Addr().Interface().(*reversed).read(d) }
	}
	return nil
})

func into(raw string, out any) error { return types.Into([]byte(raw), out) }

// isMisfit reports whether err is about JSON that does not fit.
func isMisfit(err error) bool {
	_, ok := errors.AsType[*decode.Misfit](err)
	return ok
}
