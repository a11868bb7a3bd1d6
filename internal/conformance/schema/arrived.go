package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
)

// Arrived compares a request with the arguments: path parameters, query, and body or
// form must be exactly what the function was called with.
func (a *Arguments) Arrived(o *Operation, path map[string]string, r *http.Request) error {
	for i, name := range placeholders(o.Path) {
		if path[name] != a.IDs[i] {
			return fmt.Errorf("path parameter %s is %q, want %q", name, path[name], a.IDs[i])
		}
	}
	if err := a.queryArrived(o, r); err != nil {
		return err
	}
	if a.Form != nil {
		return a.formArrived(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	if a.Body == nil {
		if len(body) > 0 && o.RequestBody == nil {
			return fmt.Errorf("unexpected body of %d bytes", len(body))
		}
		return nil
	}
	sent, err := json.Marshal(a.Body)
	if err != nil {
		return fmt.Errorf("encoding an example: %w", err)
	}
	if !reflect.DeepEqual(tree(sent), tree(body)) {
		return fmt.Errorf("the body differs:\n    sent %s\n arrived %s", sent, body)
	}
	return nil
}

func tree(data []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

func (a *Arguments) queryArrived(o *Operation, r *http.Request) error {
	arrived := r.URL.Query()
	for name, value := range fixed {
		if o.Parameters.GetByInAndName("query", name) == nil {
			continue
		}
		if !slices.Equal(arrived[name], []string{value}) {
			return fmt.Errorf("query parameter %s is %q, want %q", name, arrived[name], value)
		}
		delete(arrived, name)
	}
	for name, value := range a.Query {
		want := texts(value)
		if !exploded(o.Parameters.GetByInAndName("query", name)) {
			want = []string{strings.Join(want, ",")}
		}
		if !slices.Equal(want, arrived[name]) {
			return fmt.Errorf("query parameter %s is %q, want %q", name, arrived[name], want)
		}
	}
	if len(arrived) != len(a.Query) {
		return fmt.Errorf("the query is %[2]s, want %[1]d parameters", len(a.Query), r.URL.RawQuery)
	}
	return nil
}

func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		return []string{fmt.Sprint(value)}
	}
	var all []string
	for _, v := range list {
		all = append(all, fmt.Sprint(v))
	}
	return all
}

func (a *Arguments) formArrived(r *http.Request) error {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return fmt.Errorf("reading the form: %w", err)
	}
	for name, value := range a.Form {
		content, ok := value.(examples.Upload)
		if !ok {
			if got := r.MultipartForm.Value[name]; !slices.Equal(got, texts(value)) {
				return fmt.Errorf("form field %s is %q, want %q", name, got, texts(value))
			}
			continue
		}
		files := r.MultipartForm.File[name]
		if len(files) != 1 {
			return fmt.Errorf("form field %s has %d files, want 1", name, len(files))
		}
		if kind := files[0].Header.Get("Content-Type"); kind != uploadType || files[0].Filename != uploadName {
			return fmt.Errorf("file %s has the name %s and the type %s", name, files[0].Filename, kind)
		}
		f, err := files[0].Open()
		if err != nil {
			return fmt.Errorf("opening the upload: %w", err)
		}
		defer f.Close()
		if got, _ := io.ReadAll(f); string(got) != string(content) {
			return fmt.Errorf("file %s is %q, want %q", name, got, content)
		}
	}
	if n := len(r.MultipartForm.Value) + len(r.MultipartForm.File); n != len(a.Form) {
		return fmt.Errorf("%d form fields arrived, want %d", n, len(a.Form))
	}
	return nil
}
