// Package schema validates requests and responses against a description of the API:
// the project's own in openapi/, or the published document that CLERK_PUBLISHED_SPEC
// names. It also makes the arguments of functions from a description.
package schema

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// Base is the path of the base URL of clients, and root the path of the API below it.
const (
	Base = "/trap"
	root = Base + "/v1"
)

// variable is the environment variable that names the published document of the
// SDK's API version, or the folder that has it as bapi-<version>.yml.
const variable = "CLERK_PUBLISHED_SPEC"

// An Operation is one operation of a document.
type Operation struct {
	Method, Path string
	Parameters   openapi3.Parameters
	*openapi3.Operation
}

// String returns method and path.
func (o *Operation) String() string { return o.Method + " " + o.Path }

// A Document is a loaded description.
type Document struct {
	operations map[string]*Operation
	router     routers.Router
}

// Repository returns the root folder of the repository.
func Repository() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Own loads openapi/ with its amendments.
func Own(tb testing.TB) *Document {
	tb.Helper()
	doc, err := description.LoadAmended(folder())
	if err != nil {
		tb.Fatal(err)
	}
	return build(tb, load(tb, doc))
}

func folder() string { return filepath.Join(Repository(), "openapi") }

// Published loads the published document, and skips the test without one. The amendments
// of openapi/ are the only liberty that the project takes with it.
func Published(tb testing.TB) *Document {
	tb.Helper()
	file := os.Getenv(variable)
	if file == "" {
		tb.Skipf("%s is not set: nothing was compared with the published document", variable)
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		file = filepath.Join(file, "bapi-"+clerk.APIVersion+".yml")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	published, err := description.Parse(data)
	if err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	if version := description.Text(published, "info", "version"); version != clerk.APIVersion {
		tb.Skipf("%s has version %s, the SDK has %s", file, version, clerk.APIVersion)
	}
	amendments, err := description.ReadAmendments(folder())
	if err != nil {
		tb.Fatal(err)
	}
	if err := description.Amend(published, amendments); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	return build(tb, load(tb, published))
}

func load(tb testing.TB, n *yaml.Node) *openapi3.T {
	tb.Helper()
	data, err := description.Encode("", n)
	if err != nil {
		tb.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		tb.Fatal(err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation(), openapi3.AllowExtraSiblingFields("description")); err != nil {
		tb.Fatal(err)
	}
	return doc
}

func build(tb testing.TB, doc *openapi3.T) *Document {
	tb.Helper()
	doc.Servers = openapi3.Servers{{URL: root}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		tb.Fatal(err)
	}
	relax(doc)
	d := &Document{operations: map[string]*Operation{}, router: router}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			d.operations[method+" "+path] = &Operation{
				method, path, slices.Concat(item.Parameters, operation.Parameters), operation,
			}
		}
	}
	return d
}

// Operation returns the operation of a method and a path.
func (d *Document) Operation(method, path string) *Operation { return d.operations[method+" "+path] }

// Operations returns all operations in no particular order.
func (d *Document) Operations() []*Operation {
	all := make([]*Operation, 0, len(d.operations))
	for _, o := range d.operations {
		all = append(all, o)
	}
	return all
}

// Successes returns the documented 2xx responses by status.
func (o *Operation) Successes() map[string]*openapi3.Response {
	found := map[string]*openapi3.Response{}
	for status, response := range o.Responses.Map() {
		if strings.HasPrefix(status, "2") {
			found[status] = response.Value
		}
	}
	return found
}

// Body returns the schema of a body with that media type, or nil without one.
func Body(content openapi3.Content, media string) *openapi3.SchemaRef {
	if m := content[media]; m != nil {
		return m.Schema
	}
	return nil
}

// route returns the route of a request and its path parameters.
func (d *Document) route(r *http.Request) (*routers.Route, map[string]string, error) {
	route, values, err := d.router.FindRoute(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s %s: %w", r.Method, r.URL.Path, err)
	}
	for name, value := range values { // which the router leaves escaped
		if values[name], err = url.PathUnescape(value); err != nil {
			return nil, nil, fmt.Errorf("path parameter %s: %w", name, err)
		}
	}
	return route, values, nil
}
