package clerk

import (
	"maps"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime"
)

// Query holds the query parameters of a Request by name. A value is a string,
// number or boolean, of a named type or not, a slice of those, or an Optional of
// either. What is absent, nil or an empty slice is not sent; what is set is, also
// when it is zero. Null is refused. A slice is sent as one parameter an element.
type Query map[string]any

func (q Query) encode() (string, error) {
	if len(q) == 0 {
		return "", nil
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(q)) {
		v, err := scalars(q[name])
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
