package clerktest_test

import (
	"errors"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// newClient serves h under a base path and returns a client for it.
func newClient(t *testing.T, h *clerktest.Handlers) *clerk.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	client, err := clerk.New("sk_test_roundtrip", clerk.WithBaseURL(srv.URL+"/trap"), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestRoundTrip calls every generated function with every parameter set. It compares
// what the handler receives with what was sent, and what the function returns with what
// the handler returned.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	if n := reflect.TypeFor[clerktest.Handlers]().NumField(); n != len(functions) {
		t.Errorf("Handlers has %d fields, the table %d functions", n, len(functions))
	}
	h := &clerktest.Handlers{}
	client := newClient(t, h)
	for _, f := range functions {
		field := reflect.ValueOf(h).Elem().FieldByName(f.field)
		args := filledArguments(t, reflect.TypeOf(f.function))
		var got []reflect.Value
		given := filledResults(t, field.Type())
		field.Set(reflect.MakeFunc(field.Type(), func(in []reflect.Value) []reflect.Value {
			got = in[1:]
			return given
		}))
		out := callFunction(t, client, f.function, args)
		if err := out[len(out)-1]; !err.IsNil() {
			t.Errorf("%s: %v", f.field, err.Interface())
			continue
		}
		for i, a := range args {
			if diff := cmp.Diff(a.Interface(), got[i].Interface(), byValue...); diff != "" {
				t.Errorf("%s: argument %d (-sent +received):\n%s", f.field, i, diff)
			}
		}
		if len(out) == 2 {
			if diff := difference(given[0].Elem(), out[0].Elem()); diff != "" {
				t.Errorf("%s: result (-handler +function):\n%s", f.field, diff)
			}
		}
	}
}

// difference compares results. It compares lists by their entries and by the total,
// unless the response was a bare array, which has no total.
func difference(given, returned reflect.Value) string {
	if !strings.HasPrefix(given.Type().Name(), "List[") {
		return cmp.Diff(given.Interface(), returned.Interface(), byValue...)
	}
	diff := cmp.Diff(given.FieldByName("Data").Interface(), returned.FieldByName("Data").Interface(), byValue...)
	if total := returned.FieldByName("TotalCount"); !total.IsZero() {
		diff += cmp.Diff(given.FieldByName("TotalCount").Interface(), total.Interface())
	}
	return diff
}

// TestUnsetHandlers calls every function of a double without handlers.
func TestUnsetHandlers(t *testing.T) {
	t.Parallel()
	client := newClient(t, &clerktest.Handlers{})
	for _, f := range functions {
		out := callFunction(t, client, f.function, filledArguments(t, reflect.TypeOf(f.function)))
		err, _ := out[len(out)-1].Interface().(error)
		e, ok := errors.AsType[*clerk.Error](err)
		if !ok || e.StatusCode != 501 || len(e.Problems) != 1 {
			t.Errorf("%s: %v", f.field, err)
			continue
		}
		if message := e.Problems[0].LongMessage; !strings.HasPrefix(message, e.Operation+" ") {
			t.Errorf("%s: the problem is %q", f.field, message)
		}
	}
}

// TestHandlerErrors makes every handler return an API error.
func TestHandlerErrors(t *testing.T) {
	t.Parallel()
	h := &clerktest.Handlers{}
	client := newClient(t, h)
	want := &clerk.Error{StatusCode: 404, TraceID: "trace_1", Problems: []clerk.Problem{{
		Code: "resource_not_found", Message: "not found", LongMessage: "the thing does not exist", Meta: []byte(`{"param_name":"x"}`),
	}}}
	for _, f := range functions {
		field := reflect.ValueOf(h).Elem().FieldByName(f.field)
		field.Set(reflect.MakeFunc(field.Type(), func([]reflect.Value) []reflect.Value {
			out := []reflect.Value{reflect.ValueOf(error(want)).Convert(reflect.TypeFor[error]())}
			if field.Type().NumOut() == 2 {
				out = append([]reflect.Value{reflect.Zero(field.Type().Out(0))}, out...)
			}
			return out
		}))
		out := callFunction(t, client, f.function, filledArguments(t, reflect.TypeOf(f.function)))
		err, _ := out[len(out)-1].Interface().(error)
		got, ok := errors.AsType[*clerk.Error](err)
		if !ok || !errors.Is(err, clerk.ErrNotFound) || got.TraceID != "trace_1" {
			t.Errorf("%s: %v", f.field, err)
			continue
		}
		if diff := cmp.Diff(want.Problems, got.Problems); diff != "" {
			t.Errorf("%s: %s", f.field, diff)
		}
		if len(out) == 2 && !out[0].IsNil() {
			t.Errorf("%s: the function returns a result with the error", f.field)
		}
	}
}
