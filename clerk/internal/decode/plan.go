package decode

import (
	"encoding"
	"encoding/json"
	"reflect"
	"sync"
	"time"
)

// Plan decodes the next value into v, which can be set and is zero. It reports whether
// the value fits, or at least a part of it.
type Plan func(d *Decoder, v reflect.Value) bool

// Types has the plan of every type that was decoded. It is safe for concurrent use.
type Types struct {
	custom func(reflect.Type) Plan
	plans  sync.Map // of Plan, by reflect.Type
}

// NewTypes returns a Types without plans. custom returns the plan of a type that is not
// decoded by its kind, and otherwise nil.
func NewTypes(custom func(reflect.Type) Plan) *Types { return &Types{custom: custom} }

// plan returns the plan of t.
func (t *Types) plan(of reflect.Type) Plan {
	if p, ok := t.plans.Load(of); ok {
		return p.(Plan)
	}
	b := builder{types: t, begun: map[reflect.Type]*Plan{}}
	p := b.plan(of)
	for of, p := range b.begun {
		t.plans.Store(of, *p)
	}
	return p
}

// builder makes the plan of one type, and of the types that it consists of.
type builder struct {
	types *Types
	begun map[reflect.Type]*Plan // nil until the plan is made
}

func (b *builder) plan(t reflect.Type) Plan {
	if p, ok := b.types.plans.Load(t); ok {
		return p.(Plan)
	}
	p, ok := b.begun[t]
	switch {
	case !ok:
		p = new(Plan)
		b.begun[t] = p
		*p = b.build(t)
	case *p == nil: // t contains itself
		return func(d *Decoder, v reflect.Value) bool { return (*p)(d, v) }
	}
	return *p
}

var (
	rawType         = reflect.TypeFor[json.RawMessage]()
	stringType      = reflect.TypeFor[string]()
	timeType        = reflect.TypeFor[time.Time]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
	textType        = reflect.TypeFor[encoding.TextUnmarshaler]()
)

func (b *builder) build(t reflect.Type) Plan {
	if p := b.types.custom(t); p != nil {
		return p
	}
	switch t {
	case rawType:
		return rawMessage
	case stringType:
		return text
	case timeType:
		return timestamp
	}
	if to := reflect.PointerTo(t); t.Kind() != reflect.Pointer && rawField(t) < 0 && (to.Implements(unmarshalerType) || to.Implements(textType)) {
		return foreign
	}
	switch t.Kind() {
	case reflect.Bool:
		return boolean
	case reflect.String:
		return namedText
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return whole
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return unsigned
	case reflect.Float32, reflect.Float64:
		return float
	case reflect.Pointer:
		if t.Elem() == stringType {
			return textPointer
		}
		return pointer(t.Elem(), b.plan(t.Elem()))
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return foreign // base64
		}
		return slice(t, b.plan(t.Elem()))
	case reflect.Map:
		if key := t.Key(); key.Kind() == reflect.String && !reflect.PointerTo(key).Implements(textType) {
			return mapping(t, b.plan(t.Elem()))
		}
	case reflect.Struct:
		return b.structure(t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return anything
		}
	}
	return foreign
}

// foreign leaves the value to encoding/json: to the type's own UnmarshalJSON method, or
// for kinds that the API does not use.
func foreign(d *Decoder, v reflect.Value) bool {
	if !v.CanSet() {
		return d.Reject(errUnexported)
	}
	d.scanner.next()
	at := d.scanner.at
	raw := d.scanner.raw()
	if d.scanner.broken {
		return false
	}
	if err := json.Unmarshal([]byte(raw), v.Addr().Interface()); err != nil {
		d.Note(at, err)
	}
	return true
}
