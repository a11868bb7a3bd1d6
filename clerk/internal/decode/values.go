package decode

import (
	"reflect"
	"time"
)

// string reads a string into memory of its own.
func (d *Decoder) string() string {
	inner, plain := d.scanner.quoted()
	if plain {
		return d.memory.keep(inner, d.scanner.left())
	}
	return d.memory.unquoted(inner, d.scanner.left())
}

func text(d *Decoder, v reflect.Value) bool {
	switch d.scanner.next() {
	case '"':
		*v.Addr().Interface().(*string) = d.string()
		return true
	case 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}

func namedText(d *Decoder, v reflect.Value) bool {
	switch d.scanner.next() {
	case '"':
		v.SetString(d.string())
		return true
	case 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}

func textPointer(d *Decoder, v reflect.Value) bool {
	switch d.scanner.next() {
	case '"':
		*v.Addr().Interface().(**string) = d.memory.pointer(d.string())
		return true
	case 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(stringType)
}

func boolean(d *Decoder, v reflect.Value) bool {
	switch d.scanner.next() {
	case 't':
		d.scanner.literal("true")
		v.SetBool(true)
		return true
	case 'f':
		d.scanner.literal("false")
		return true
	case 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}

func rawMessage(d *Decoder, v reflect.Value) bool {
	v.SetBytes([]byte(d.scanner.raw()))
	return true
}

// timestamp decodes a time.Time, whose own error would show the text.
func timestamp(d *Decoder, v reflect.Value) bool {
	kind := kindOf(d.scanner.next())
	at := d.scanner.at
	raw := d.scanner.raw()
	if d.scanner.broken {
		return false
	}
	if err := v.Addr().Interface().(*time.Time).UnmarshalJSON([]byte(raw)); err != nil {
		v.SetZero()
		d.mismatch(at, kind, timeType)
		return false
	}
	return true
}

// pointer decodes into a new value. Null, and what does not fit at all, leave nil.
func pointer(to reflect.Type, p Plan) Plan {
	return func(d *Decoder, v reflect.Value) bool {
		if d.Null() {
			return true
		}
		target := reflect.New(to)
		fits := p(d, target.Elem())
		if fits {
			v.Set(target)
		}
		return fits
	}
}

// slice decodes an array. An element that does not fit is zero.
func slice(t reflect.Type, p Plan) Plan {
	empty := reflect.MakeSlice(t, 0, 0)
	return func(d *Decoder, v reflect.Value) bool {
		switch d.scanner.next() {
		case '[':
		case 'n':
			d.scanner.literal("null")
			return true
		default:
			return d.Mismatch(t)
		}
		s := &d.scanner
		apart := d.apart || s.depth == 0
		d.apart = false
		n := 0
		for ok := s.open(']'); ok; ok = s.more(']') {
			if apart {
				d.memory.next()
			}
			if n == v.Cap() {
				v.Grow(max(1, n))
			}
			v.SetLen(n + 1)
			p(d, v.Index(n))
			n++
		}
		if n == 0 {
			v.Set(empty)
		}
		return true
	}
}

// mapping decodes an object into a map.
func mapping(t reflect.Type, p Plan) Plan {
	return func(d *Decoder, v reflect.Value) bool {
		switch d.scanner.next() {
		case '{':
		case 'n':
			d.scanner.literal("null")
			return true
		default:
			return d.Mismatch(t)
		}
		s := &d.scanner
		m := reflect.MakeMap(t)
		for ok := s.open('}'); ok; ok = s.more('}') {
			key := reflect.New(t.Key()).Elem()
			key.SetString(d.memory.keep(s.name(), s.left()))
			element := reflect.New(t.Elem()).Elem()
			p(d, element)
			m.SetMapIndex(key, element)
		}
		v.Set(m)
		return true
	}
}

// anything decodes a value as encoding/json decodes it into an any.
func anything(d *Decoder, v reflect.Value) bool {
	switch c := d.scanner.next(); {
	case c == '"':
		v.Set(reflect.ValueOf(d.string()))
	case c == '{':
		return into[map[string]any](d, v)
	case c == '[':
		return into[[]any](d, v)
	case c == 't', c == 'f':
		return into[bool](d, v)
	case c == 'n':
		d.scanner.literal("null")
	default:
		return into[float64](d, v)
	}
	return true
}

// into decodes a T into v, which is an any.
func into[T any](d *Decoder, v reflect.Value) bool {
	var value T
	fits := d.Value(&value)
	if fits {
		v.Set(reflect.ValueOf(value))
	}
	return fits
}
