package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// fixed are the query parameters that functions set by themselves, with their values.
// Without paginated, the API ignores limit and offset.
var fixed = map[string]string{"paginated": "true"}

// The name and type of every upload. The type does not follow from the name, so that
// a lost type is noticed.
const uploadName, uploadType = "portrait.upload", "image/png"

// Arguments are the arguments of a function, and what must arrive at the server.
type Arguments struct {
	IDs    []string
	Params reflect.Value

	Query map[string]any
	Body  any // JSON, or nil
	Form  map[string]any
}

// MakeArguments returns arguments for every example that the Maker makes of the
// operation's parameters and body. The type params is that of the function's
// parameters, or nil.
func MakeArguments(m *examples.Maker, o *Operation, params reflect.Type) ([]*Arguments, error) {
	query, err := queries(m, o)
	if err != nil {
		return nil, err
	}
	bodies, form := []any{nil}, false
	if o.RequestBody != nil && (m.Mode != examples.Required || o.RequestBody.Value.Required || params != nil) {
		content := o.RequestBody.Value.Content
		schema := Body(content, "application/json")
		if form = schema == nil; form {
			schema = Body(content, "multipart/form-data")
		}
		bodies = m.All(schema)
	}
	var all []*Arguments
	for i := range max(len(query), len(bodies)) {
		a := &Arguments{IDs: ids(m, o), Query: query[i%len(query)]}
		if body := bodies[i%len(bodies)]; form {
			a.Form = body.(map[string]any)
		} else {
			a.Body = body
		}
		if a.Params, err = a.params(o, params); err != nil {
			return nil, fmt.Errorf("%s: %w", o, err)
		}
		all = append(all, a)
	}
	return all, nil
}

// ids returns examples of the path parameters, in the order of the path.
func ids(m *examples.Maker, o *Operation) []string {
	var ids []string
	for _, name := range placeholders(o.Path) {
		ids = append(ids, fmt.Sprint(m.All(o.Parameters.GetByInAndName("path", name).Schema)[0]))
	}
	return ids
}

func placeholders(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") {
			names = append(names, strings.Trim(segment, "{}"))
		}
	}
	return names
}

// queries returns examples of the query parameters, which are never null.
func queries(m *examples.Maker, o *Operation) ([]map[string]any, error) {
	var names []string
	var values [][]any
	longest := 1
	for _, p := range o.Parameters {
		switch _, isFixed := fixed[p.Value.Name]; {
		case isFixed, p.Value.In == "path":
			continue
		case p.Value.In != "query":
			return nil, fmt.Errorf("%s has a parameter in the %s", o, p.Value.In)
		case !p.Value.Required && m.Mode == examples.Required, p.Value.Schema.Value.Nullable && m.Mode == examples.Nulls:
			continue
		}
		examples := m.All(p.Value.Schema)
		names, values, longest = append(names, p.Value.Name), append(values, examples), max(longest, len(examples))
	}
	var all []map[string]any
	for i := range longest {
		query := map[string]any{}
		for j, name := range names {
			query[name] = values[j][i%len(values[j])]
		}
		all = append(all, query)
	}
	return all, nil
}

// params returns a value of the type t with the arguments in its fields. An argument
// without a field is an error.
func (a *Arguments) params(o *Operation, t reflect.Type) (reflect.Value, error) {
	if t == nil {
		if len(a.Query) > 0 || a.Body != nil {
			return reflect.Value{}, errors.New("the function takes no parameters")
		}
		return reflect.Value{}, nil
	}
	v := reflect.New(t)
	if a.Body != nil {
		if err := decode(withoutConstants(o, a.Body), v.Interface()); err != nil {
			return v.Elem(), err
		}
	}
	for tag, values := range map[string]map[string]any{"query": a.Query, "form": a.Form} {
		for name, value := range values {
			field := tagged(v.Elem(), tag, name)
			if !field.IsValid() {
				return v.Elem(), fmt.Errorf("%s has no field for %s %s", t, tag, name)
			}
			if err := set(field, value); err != nil {
				return v.Elem(), fmt.Errorf("%s %s: %w", tag, name, err)
			}
		}
	}
	return v.Elem(), nil
}

// withoutConstants returns a body without the members that functions set by themselves.
func withoutConstants(o *Operation, body any) any {
	schema := Body(o.RequestBody.Value.Content, "application/json")
	members, ok := body.(map[string]any)
	if !ok {
		return body
	}
	members = maps.Clone(members)
	maps.DeleteFunc(members, func(name string, _ any) bool {
		p := schema.Value.Properties[name]
		return p != nil && p.Value.Extensions["x-go-constant"] != nil
	})
	return members
}

func tagged(v reflect.Value, tag, name string) reflect.Value {
	for i := range v.NumField() {
		if own, _, _ := strings.Cut(v.Type().Field(i).Tag.Get(tag), ","); own == name {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func set(field reflect.Value, value any) error {
	if at, ok := field.Addr().Interface().(*clerk.Optional[time.Time]); ok {
		*at = clerk.Set(time.UnixMilli(value.(int64)))
		return nil
	}
	content, ok := value.(examples.Upload)
	if !ok {
		return decode(value, field.Addr().Interface())
	}
	file := clerk.File{Name: uploadName, ContentType: uploadType, Content: strings.NewReader(string(content))}
	switch p := field.Addr().Interface().(type) {
	case *clerk.File:
		*p = file
	case *clerk.Optional[clerk.File]:
		*p = clerk.Set(file)
	default:
		return fmt.Errorf("a file does not fit into %s", field.Type())
	}
	return nil
}

func decode(value, into any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encoding an example: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	return nil
}

// exploded reports whether a list in a query parameter is sent as one value per
// element, which is the default.
func exploded(p *openapi3.Parameter) bool { return p.Explode == nil || *p.Explode }
