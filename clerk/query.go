package clerk

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime"
)

// Query holds the query parameters of a Request by name. A value is a string, a number
// or a boolean, including named types, or a slice of those, or an Optional of either.
// A value that is absent or nil is not sent; a zero value is. Null is an error, and so
// is an empty slice that is not nil, because a filter by nothing would be no filter. A
// slice is sent as one parameter per element.
type Query map[string]any

var errEmpty = errors.New("is empty, which would mean no filter")

// encode returns the query of a URL, with its parameters in order.
func (q Query) encode() (string, error) {
	if len(q) == 0 {
		return "", nil
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(q)) {
		v, err := scalars(q[name])
		if list, ok := v.([]any); ok && len(list) == 0 {
			err = errEmpty
		}
		if err == nil && v != nil {
			var part string
			part, err = runtime.StyleParamWithOptions("form", true, name, v, runtime.StyleParamOptions{
				ParamLocation: runtime.ParamLocationQuery,
			})
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(part)
		}
		if err != nil {
			return "", &RequestError{Field: name, Err: err}
		}
	}
	return b.String(), nil
}
