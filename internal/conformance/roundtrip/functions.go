// Package roundtrip tests every generated function against the descriptions of the API:
// what arrives at a server must be what the function was called with, and what the
// function returns must be what the server sent. It lists the functions with their
// operations, and compares JSON with the Go values that it is decoded into.
package roundtrip

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// A Function is a generated function with the operation that it must call.
type Function struct {
	Method, Path string
	Call         any
}

// Name returns the qualified name of the function, such as users.UpdateUser.
func (f *Function) Name() string {
	full := runtime.FuncForPC(reflect.ValueOf(f.Call).Pointer()).Name()
	return full[strings.LastIndexByte(full, '/')+1:]
}

// Operation returns method and path.
func (f *Function) Operation() string { return f.Method + " " + f.Path }

// Result returns the type that the function returns a pointer to, or nil for a function
// that returns only an error.
func (f *Function) Result() reflect.Type {
	if t := reflect.TypeOf(f.Call); t.NumOut() == 2 {
		return t.Out(0).Elem()
	}
	return nil
}

// Params returns the type of the parameters, or nil for a function that takes only ids.
func (f *Function) Params() reflect.Type {
	t := reflect.TypeOf(f.Call)
	if last := t.In(t.NumIn() - 2); t.NumIn() > 3 && last.Kind() != reflect.String {
		return last
	}
	return nil
}

// IDs returns the number of path parameters.
func (f *Function) IDs() int {
	n := reflect.TypeOf(f.Call).NumIn() - 3 // context, client, options
	if f.Params() != nil {
		n--
	}
	return n
}

// Invoke calls the function and returns its result, or nil without one.
func (f *Function) Invoke(ctx context.Context, client *clerk.Client, ids []string, params reflect.Value) (any, error) {
	if len(ids) != f.IDs() {
		return nil, fmt.Errorf("%s takes %d ids, got %d", f.Name(), f.IDs(), len(ids))
	}
	args := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(client)}
	for _, id := range ids { // some have a named type
		args = append(args, reflect.ValueOf(id).Convert(reflect.TypeOf(f.Call).In(len(args))))
	}
	if f.Params() != nil {
		args = append(args, params)
	}
	out := reflect.ValueOf(f.Call).Call(args)
	err, _ := out[len(out)-1].Interface().(error)
	if len(out) == 1 || out[0].IsNil() {
		return nil, err
	}
	return out[0].Interface(), err
}
