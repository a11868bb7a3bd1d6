package schema

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// options make openapi3filter leave requests as they are, and report errors without
// the schema and the value.
var options = func() *openapi3filter.Options {
	o := &openapi3filter.Options{
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		IncludeResponseStatus: true,
		SkipSettingDefaults:   true,
	}
	o.WithCustomSchemaErrorFunc(func(err *openapi3.SchemaError) string {
		return "/" + strings.Join(err.JSONPointer(), "/") + ": " + err.Reason
	})
	return o
}()

// Checked is a request that a document allows.
type Checked struct {
	Operation *Operation
	Path      map[string]string
	input     *openapi3filter.RequestValidationInput
}

// Request validates the path, query and body of r. Unlike openapi3filter, it refuses
// query parameters that the operation does not have. The body of r stays readable.
func (d *Document) Request(r *http.Request) (*Checked, error) {
	route, values, err := d.route(r)
	if err != nil {
		return nil, err
	}
	input := &openapi3filter.RequestValidationInput{
		Request: r, Route: route, PathParams: values, Options: options,
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	err = openapi3filter.ValidateRequest(r.Context(), input)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	operation := d.Operation(route.Method, route.Path)
	if operation.RequestBody == nil && len(body) > 0 {
		return nil, fmt.Errorf("%s takes no body, but %d bytes arrived", operation, len(body))
	}
	known := map[string]bool{}
	for _, p := range operation.Parameters {
		known[p.Value.In+" "+p.Value.Name] = true
	}
	for name := range r.URL.Query() {
		if !known["query "+name] {
			return nil, fmt.Errorf("%s has no query parameter %q", operation, name)
		}
	}
	return &Checked{operation, values, input}, nil
}

// Response validates the response to a checked request.
func (c *Checked) Response(ctx context.Context, status int, header http.Header, body []byte) error {
	return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: c.input,
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                options,
	})
}
