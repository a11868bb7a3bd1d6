package clerktest_test

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// byValue compares files by their content and ignores the raw JSON of unions.
var byValue = []cmp.Option{
	cmp.Comparer(func(a, b clerk.File) bool {
		return a.Name == b.Name && a.ContentType == b.ContentType && contentOf(a.Content) == contentOf(b.Content)
	}),
	cmp.Comparer(func(a, b clerk.Optional[clerk.File]) bool {
		x, okX := a.Get()
		y, okY := b.Get()
		return okX == okY && (!okX || x.Name == y.Name && x.ContentType == y.ContentType && contentOf(x.Content) == contentOf(y.Content))
	}),
	cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && f.Name() == "Raw"
	}, cmp.Ignore()),
}

func contentOf(r io.Reader) string {
	if s, ok := r.(io.Seeker); ok {
		s.Seek(0, io.SeekStart)
	}
	data, _ := io.ReadAll(r)
	return string(data)
}

// filledArguments returns values for the parameters of a generated function between
// client and opts.
func filledArguments(t *testing.T, f reflect.Type) []reflect.Value {
	t.Helper()
	var args []reflect.Value
	for i := 2; i < f.NumIn()-1; i++ {
		v := reflect.New(f.In(i)).Elem()
		fill(t, v, 0)
		args = append(args, v)
	}
	return args
}

// filledResults returns values for the results of a handler, with a nil error.
func filledResults(t *testing.T, f reflect.Type) []reflect.Value {
	t.Helper()
	none := reflect.Zero(reflect.TypeFor[error]())
	if f.NumOut() == 1 {
		return []reflect.Value{none}
	}
	v := reflect.New(f.Out(0).Elem())
	fill(t, v.Elem(), 0)
	return []reflect.Value{v, none}
}

// fill sets v, and everything in v, to a value that is not zero.
func fill(t *testing.T, v reflect.Value, depth int) {
	t.Helper()
	switch p := v.Addr().Interface().(type) {
	case *clerk.File:
		*p = clerk.File{Name: "a.png", ContentType: "image/png", Content: strings.NewReader("pixels")}
		return
	case *clerk.Optional[clerk.File]:
		*p = clerk.Set(clerk.File{Name: "b.png", ContentType: "image/png", Content: strings.NewReader("more pixels")})
		return
	case *clerk.Metadata:
		unmarshal(t, p, `{"count":9007199254740993}`)
		return
	case *json.RawMessage:
		*p = json.RawMessage(`{"any":["thing"]}`)
		return
	case *time.Time:
		*p = time.Date(2026, 5, 12, 1, 2, 3, 0, time.UTC)
		return
	}
	if get, ok := v.Addr().Type().MethodByName("Get"); ok && strings.HasPrefix(v.Type().Name(), "Optional[") {
		inner := reflect.New(get.Type.Out(0)).Elem()
		fill(t, inner, depth)
		data, err := json.Marshal(inner.Interface())
		if err != nil {
			t.Fatal(err)
		}
		unmarshal(t, v.Addr().Interface(), string(data))
		return
	}
	fillKind(t, v, depth)
}

func fillKind(t *testing.T, v reflect.Value, depth int) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("text & more")
		if depth == 0 {
			v.SetString("id_1+2")
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Interface:
		v.Set(reflect.ValueOf("anything"))
	case reflect.Pointer:
		if depth > 8 {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), depth+1)
		}
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		fill(t, element, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key"), element)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "Raw" {
				fill(t, v.Field(i), depth+1)
			}
		}
	default:
		t.Fatalf("no value for a %s", v.Type())
	}
}

func unmarshal(t *testing.T, into any, data string) {
	t.Helper()
	if err := json.Unmarshal([]byte(data), into); err != nil {
		t.Fatal(err)
	}
}

// Copies compare versions, so each change has a later one, also within a millisecond.
func TestVersionsRiseWithinAMillisecond(t *testing.T) {
	t.Parallel()
	still := time.Now().Truncate(time.Millisecond)
	instance := startInstance(t, clerktest.WithSeed(parseSeed(t, populationSeed(t))), clerktest.WithClock(func() time.Time { return still }))
	for path, body := range map[string]string{
		"/users/user_1":             `{"first_name": "New"}`,
		"/organizations/org_1":      `{"name": "New"}`,
		"/machines/" + machineOne:   `{"name": "New"}`,
		"/api_keys/ak_" + hexDigits: `{"description": "New"}`,
	} {
		last := int64(0)
		for n := range 3 {
			got := send(t, instance, "PATCH", path, body)
			var v struct {
				UpdatedAt int64 `json:"updated_at"`
			}
			if err := json.Unmarshal([]byte(got.body), &v); err != nil || v.UpdatedAt <= last {
				t.Errorf("%s: change %d has the version %d after %d: %d %s", path, n, v.UpdatedAt, last, got.status, got.body)
			}
			last = v.UpdatedAt
		}
	}
}
