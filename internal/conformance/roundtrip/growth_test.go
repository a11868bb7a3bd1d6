package roundtrip

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

const future = "from_the_future"

// counts has the number of decoded responses of each kind.
type counts struct {
	dropped, nulled, valued, added, respelled, mistyped, reported atomic.Int64
}

// TestGrowth responds to one function per response schema with its examples, changed in
// one place at a time, as an API does that has grown or shrunk since it was described.
// Every response must decode, and everything else in it must be read; a value of
// another type is read as it is or reported with its path, and an integer is read however
// it is written.
func TestGrowth(t *testing.T) {
	t.Parallel()
	var n counts
	schemas := 0
	t.Run("schemas", func(t *testing.T) {
		for _, s := range subjects(t) {
			schemas++
			t.Run(s.function.Name(), func(t *testing.T) {
				t.Parallel()
				s.grow(t, &n)
			})
		}
	})
	t.Logf("%d schemas: %d fields dropped, %d values null, %d unknown enum values, %d unknown fields, %d numbers written differently, %d values of another type, %d of them reported",
		schemas, n.dropped.Load(), n.nulled.Load(), n.valued.Load(), n.added.Load(), n.respelled.Load(), n.mistyped.Load(), n.reported.Load())
	for _, count := range []*atomic.Int64{&n.dropped, &n.nulled, &n.valued, &n.added, &n.respelled, &n.reported} {
		if count.Load() < int64(schemas) && !t.Failed() {
			t.Error("the examples have too few places to change")
		}
	}
}

// A subject is a response schema with a function that decodes it.
type subject struct {
	examples  []changing
	function  *Function
	arguments *schema.Arguments
	client    *clerk.Client
	body      []byte
	// event is the type of the event whose data is decoded in place of a response.
	event string
}

// changing is an example with the places to change in it.
type changing struct {
	tree  any
	sites []site
}

// grow changes every example in one place at a time.
func (s *subject) grow(t *testing.T, n *counts) {
	t.Helper()
	for _, e := range s.examples {
		s.reads(t, "unchanged", e.tree, comparison{})
		s.add(t, "the root", e.tree, e.tree, n)
		for _, at := range e.sites {
			s.change(t, e.tree, at, n)
			s.add(t, at.path, e.tree, at.value, n)
			s.respell(t, e.tree, at, n)
			s.mistype(t, e.tree, at, n)
		}
	}
}

// subjects returns each response schema once per Go type that it is read into.
func subjects(t *testing.T) []*subject {
	t.Helper()
	type key struct {
		schema *openapi3.Schema
		result reflect.Type
	}
	seen := map[key]bool{}
	w := &walker{seen: map[string]bool{}}
	var all []*subject
	own := schema.Own(t)
	for i := range All {
		f := &All[i]
		o := own.Operation(f.Method, f.Path)
		for _, response := range o.Successes() {
			body := schema.Body(response.Content, "application/json")
			if body == nil || seen[key{body.Value, f.Result()}] {
				continue
			}
			seen[key{body.Value, f.Result()}] = true
			given, err := schema.MakeArguments(&examples.Maker{Mode: examples.Required}, o, f.Params())
			if err != nil {
				t.Fatal(err)
			}
			s := &subject{examples: changes(body, f.Name(), w), function: f, arguments: given[0]}
			s.client, err = clerk.New("sk_test_growth", clerk.WithTransport(s), clerk.WithMaxRetries(0))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
	}
	return all
}

// changes returns the examples of a schema with the places to change; name identifies
// the schema.
func changes(schema *openapi3.SchemaRef, name string, w *walker) []changing {
	var all []changing
	m := &examples.Maker{}
	for _, made := range m.All(schema) {
		tree := clone(made)
		w.found = nil
		w.walk("", name, tree, 1)
		all = append(all, changing{tree, w.found})
	}
	return all
}

// RoundTrip returns a response with the current body.
func (s *subject) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(s.body)),
		ContentLength: int64(len(s.body)),
	}, nil
}

func (s *subject) decode(t *testing.T, tree any) (any, error) {
	t.Helper()
	if s.event != "" {
		return readEvent(t, s.event, tree)
	}
	var err error
	if s.body, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	return s.function.Invoke(t.Context(), s.client, s.arguments.IDs, s.arguments.Params)
}

// reads decodes a tree, which must succeed, and compares all of it.
func (s *subject) reads(t *testing.T, what string, tree any, c comparison) {
	t.Helper()
	got, err := s.decode(t, tree)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	compare(t, what, c, tree, got)
}

func compare(t *testing.T, what string, c comparison, tree, got any) {
	t.Helper()
	c.compare(tree, got)
	for _, problem := range c.problems {
		t.Errorf("%s: %s", what, problem)
	}
}

// change removes a field, sets a value to null, and sets an enum to an unknown value.
func (s *subject) change(t *testing.T, tree any, at site, n *counts) {
	t.Helper()
	if at.remove != nil {
		at.remove()
		s.reads(t, "without "+at.path, tree, comparison{})
		n.dropped.Add(1)
	}
	at.set(nil)
	s.reads(t, "null in "+at.path, tree, comparison{lenient: true})
	n.nulled.Add(1)
	if _, ok := at.value.(examples.Enum); ok {
		at.set(examples.Enum(future))
		s.reads(t, "unknown value in "+at.path, tree, comparison{})
		n.valued.Add(1)
	}
	at.set(at.value)
}

// add adds unknown fields to an object, one of each type and a null.
func (s *subject) add(t *testing.T, path string, tree, object any, n *counts) {
	t.Helper()
	o, ok := object.(map[string]any)
	if !ok {
		return
	}
	o[future] = nil
	for _, kind := range kinds {
		o[future+kind.name] = kind.value
	}
	s.reads(t, "unknown fields in "+path, tree, comparison{ignore: future})
	n.added.Add(int64(len(kinds) + 1))
	maps.DeleteFunc(o, func(key string, _ any) bool { return strings.HasPrefix(key, future) })
}

// respell writes an integer with a fraction of zero, in scientific notation, and with a
// negative exponent. It must be read as the same integer.
func (s *subject) respell(t *testing.T, tree any, at site, n *counts) {
	t.Helper()
	value, ok := at.value.(int64)
	if !ok {
		return
	}
	digits := strconv.FormatInt(value, 10)
	for _, spelling := range []string{
		digits + ".0",
		fmt.Sprintf("%s.%se%d", digits[:1], digits[1:]+"0", len(digits)-1),
		digits + "000E-3",
	} {
		at.set(json.Number(spelling))
		s.reads(t, spelling+" in "+at.path, tree, comparison{})
		n.respelled.Add(1)
	}
	at.set(at.value)
}

// mistype replaces a value by one of every other type. Where the Go type does not
// allow it, the error must have the path and everything else that was decoded.
func (s *subject) mistype(t *testing.T, tree any, at site, n *counts) {
	t.Helper()
	for _, kind := range kinds {
		if kind.name == kindOf(at.value) {
			continue
		}
		at.set(kind.value)
		what := kind.name + " in " + at.path
		got, err := s.decode(t, tree)
		if n.mistyped.Add(1); err == nil {
			compare(t, what, comparison{}, tree, got)
			continue
		}
		n.reported.Add(1)
		s.reported(t, what, at.path, tree, err)
	}
	at.set(at.value)
}

func (s *subject) reported(t *testing.T, what, path string, tree any, err error) {
	t.Helper()
	if s.event != "" {
		eventReported(t, what, path, tree, err)
		return
	}
	e, ok := errors.AsType[*clerk.DecodeError](err)
	switch {
	case !ok:
		t.Errorf("%s: %v", what, err)
	case e.Path != path || e.StatusCode != http.StatusOK || !bytes.Equal(e.Body, s.body[:min(len(s.body), len(e.Body))]):
		t.Errorf("%s: the error has the path %q: %v", what, e.Path, e)
	case reflect.TypeOf(e.Partial) != reflect.PointerTo(s.function.Result()):
		t.Errorf("%s: the partial result is a %T", what, e.Partial)
	default:
		compare(t, what, comparison{skip: path}, tree, e.Partial)
	}
}
