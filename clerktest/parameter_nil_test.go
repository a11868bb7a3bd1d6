package clerktest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

// nilCaller calls functions and keeps the JSON that they send.
type nilCaller struct {
	*testing.T
	client *clerk.Client
	sent   string
}

func newNilCaller(t *testing.T) *nilCaller {
	c := &nilCaller{T: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		c.sent = string(raw)
		w.WriteHeader(http.StatusNotImplemented)
	}))
	t.Cleanup(server.Close)
	client, err := clerk.New("sk_test_nil", clerk.WithBaseURL(server.URL), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	c.client = client
	return c
}

// call calls f with params and returns its error.
func (c *nilCaller) call(f function, params reflect.Value) error {
	c.Helper()
	var args []reflect.Value
	typ := reflect.TypeOf(f.function)
	for i := 2; i < typ.NumIn()-2; i++ {
		args = append(args, reflect.ValueOf("id_1").Convert(typ.In(i)))
	}
	c.sent = ""
	out := callFunction(c.T, c.client, f.function, append(args, params))
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// members are those of the JSON object that was sent last.
func (c *nilCaller) members() (members map[string]json.RawMessage) {
	c.Helper()
	if err := json.Unmarshal([]byte(c.sent), &members); err != nil {
		c.Errorf("%q: %v", c.sent, err)
	}
	return members
}

// paramsOf returns the type of the last argument before the options.
func paramsOf(f function) reflect.Type {
	typ := reflect.TypeOf(f.function)
	return typ.In(typ.NumIn() - 2)
}

// jsonName returns the name of a field that is sent in a JSON body, and "" for others.
func jsonName(field reflect.StructField) (name string, required bool) {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "-" {
		return "", false
	}
	return name, name != "" && options == ""
}

// setNil sets an Optional to nil, or to zero metadata. It returns what has to be sent,
// or "" for a type that has nothing of the kind.
func setNil(optional reflect.Value) (want string) {
	value := optional.FieldByName("value")
	switch {
	case value.Kind() == reflect.Slice:
		want = "[]"
	case value.Kind() == reflect.Map, value.Type() == reflect.TypeFor[clerk.Metadata]():
		want = "{}"
	default:
		return ""
	}
	if err := json.Unmarshal([]byte(want), optional.Addr().Interface()); err != nil {
		panic(err)
	}
	// Only the type itself can write its fields.
	reflect.NewAt(value.Type(), unsafe.Pointer(value.UnsafeAddr())).Elem().SetZero()
	return want
}

// TestFieldsThatAreNilAreSentEmpty sends each list, map and metadata of every function
// with a JSON body as nil: the required ones, and the optional ones set to nil.
func TestFieldsThatAreNilAreSentEmpty(t *testing.T) {
	t.Parallel()
	c := newNilCaller(t)
	requireds, optionals, lists := 0, 0, 0
	for _, f := range functions {
		typ := paramsOf(f)
		if typ.Kind() == reflect.Slice {
			lists++
			if err := c.call(f, reflect.Zero(typ)); c.sent != "[]" {
				t.Errorf("%s: nil is sent as %q: %v", f.field, c.sent, err)
			}
		}
		if typ.Kind() != reflect.Struct || typ.PkgPath() == "" {
			continue
		}
		for i := range typ.NumField() {
			params, want := completeParams(t, typ), "[]"
			name, required := jsonName(typ.Field(i))
			switch {
			case name == "" || required && params.Field(i).Kind() != reflect.Slice:
				continue
			case required:
				requireds++
			default:
				if want = setNil(params.Field(i)); want == "" {
					continue
				}
				optionals++
			}
			err := c.call(f, params)
			if got := string(c.members()[name]); got != want {
				t.Errorf("%s, %s: nil is sent as %q, want %s: %v", f.field, typ.Field(i).Name, got, want, err)
			}
		}
	}
	if requireds < 7 || optionals < 50 || lists < 3 {
		t.Errorf("%d required and %d optional fields, %d lists", requireds, optionals, lists)
	}
}

// completeParams returns params whose required objects are there.
func completeParams(t *testing.T, typ reflect.Type) reflect.Value {
	t.Helper()
	params := reflect.New(typ).Elem()
	for field, value := range params.Fields() {
		_, required := jsonName(field)
		if _, isTime := value.Interface().(time.Time); !required || isTime || value.Kind() != reflect.Struct {
			continue
		}
		if err := json.Unmarshal([]byte(`{"sub":"user_1","user_id":"user_1"}`), value.Addr().Interface()); err != nil {
			t.Fatal(err)
		}
	}
	return params
}

// TestRequiredObjectsThatAreAbsentAreRefused calls every function with a JSON body
// without any parameters. Null is sent for none but a pointer.
func TestRequiredObjectsThatAreAbsentAreRefused(t *testing.T) {
	t.Parallel()
	c := newNilCaller(t)
	got := map[string]string{}
	for _, f := range functions {
		typ := paramsOf(f)
		if typ.Kind() != reflect.Struct || typ.PkgPath() == "" {
			continue
		}
		if name, _ := jsonName(typ.Field(0)); name == "" {
			continue
		}
		if refused, is := errors.AsType[*clerk.RequestError](c.call(f, reflect.Zero(typ))); is {
			got[f.field] = refused.Field
			continue
		}
		members := c.members()
		for field := range typ.Fields() {
			name, _ := jsonName(field)
			if string(members[name]) == "null" && field.Type.Kind() != reflect.Pointer {
				t.Errorf("%s, %s: sent as null", f.field, field.Name)
			}
		}
	}
	want := map[string]string{
		"CreateActorToken": "actor", "CreateJWTTemplate": "claims", "UpdateJWTTemplate": "claims",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}
