package clerk

import (
	"encoding/json"
	"errors"
	"reflect"

	"github.com/backend-sdk/clerk-go/clerk/internal/decode"
)

// types has the plans of all results.
var types = decode.NewTypes(plan)

// self is a type of this package that decodes itself. It reports whether the next value
// fits.
type self interface{ decode(d *decode.Decoder) bool }

var (
	selfType      = reflect.TypeFor[self]()
	metadataType  = reflect.TypeFor[Metadata]()
	timestampType = reflect.TypeFor[Timestamp]()
)

// plan returns how a type of this package is decoded, and nil for other types, also for
// those that have a method of this package because they embed one of its types.
func plan(t reflect.Type) decode.Plan {
	switch {
	case t == timestampType:
		return decode.Truncated
	case t.PkgPath() == metadataType.PkgPath() && reflect.PointerTo(t).Implements(selfType):
		return func(d *decode.Decoder, v reflect.Value) bool { return v.Addr().Interface().(self).decode(d) }
	}
	return nil
}

// Decode decodes raw into the value that out points to, as the results of operations are
// decoded. What the value was before is gone.
//
// It differs from json.Unmarshal in this: a member that does not fit its field leaves the
// field zero, and everything else is decoded even so; the error is then a [*DecodeError]
// with the path of the first such member, and Partial is out. A number without a fraction
// is a whole number however it is written. Names of members match exactly. The error is
// also a *DecodeError, without Partial, if raw is not JSON; the value is then of no use.
func Decode(raw []byte, out any) error {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return &DecodeError{Err: &json.InvalidUnmarshalError{Type: reflect.TypeOf(out)}}
	}
	v.Elem().SetZero()
	err := types.Into(raw, out)
	if err == nil {
		return nil
	}
	e := &DecodeError{}
	e.explain(err, out)
	return e
}

// explain sets what err says about out, which was decoded as far as possible. It reports
// whether that was JSON.
func (e *DecodeError) explain(err error, out any) (isJSON bool) {
	misfit, isJSON := errors.AsType[*decode.Misfit](err)
	if !isJSON {
		e.Err = err
		return false
	}
	e.Path, e.Err = misfit.Path, misfit.Err
	if e.Path != "" {
		e.Partial = out
	}
	return true
}
