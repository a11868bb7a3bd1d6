package roundtrip

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/examples"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
	"github.com/backend-sdk/clerk-go/internal/jsoncorpus"
)

// FuzzEveryModel decodes a text into the result of an operation, with clerk.Decode and
// with encoding/json. Both accept the same texts as JSON, and read the same from them but
// for the differences that clerk.Decode documents.
func FuzzEveryModel(f *testing.F) {
	own := schema.Own(f)
	var results []reflect.Type
	for i := range All {
		function := &All[i]
		of := function.Result()
		if of == nil || slices.Contains(results, of) {
			continue
		}
		for _, response := range own.Operation(function.Method, function.Path).Successes() {
			body := schema.Body(response.Content, "application/json")
			if body == nil {
				continue
			}
			for _, mode := range examples.Modes {
				m := &examples.Maker{Mode: mode}
				for _, example := range m.All(body) {
					raw, err := json.Marshal(example)
					if err != nil {
						f.Fatal(err)
					}
					f.Add(uint16(len(results)), raw)
				}
			}
		}
		results = append(results, of)
	}
	for _, seed := range slices.Concat(jsoncorpus.Valid, jsoncorpus.Invalid) {
		f.Add(uint16(0), []byte(seed))
	}
	f.Logf("%d results", len(results))
	f.Fuzz(func(t *testing.T, n uint16, raw []byte) {
		of := results[int(n)%len(results)]
		got, want := reflect.New(of), reflect.New(of)
		err, wantErr := clerk.Decode(raw, got.Interface()), json.Unmarshal(raw, want.Interface())
		sameOrLawful(t, raw, of, err, wantErr, got, want)
	})
}

// sameOrLawful compares what clerk.Decode and encoding/json have read.
func sameOrLawful(t *testing.T, raw []byte, of reflect.Type, err, wantErr error, got, want reflect.Value) {
	t.Helper()
	e, failed := errors.AsType[*clerk.DecodeError](err)
	_, isSyntax := errors.AsType[*json.SyntaxError](err)
	switch valid := json.Valid(raw); {
	case failed != (err != nil), isSyntax == valid:
		t.Fatalf("%s: %q: %v; encoding/json says %v", of, raw, err, wantErr)
	case isSyntax:
		return
	case failed && (e.Partial == nil) != (e.Path == ""):
		t.Fatalf("%s: %q: the partial result is %v: %v", of, raw, e.Partial, err)
	}
	differences := jsoncorpus.In(raw, of)
	switch {
	case differences.Names:
	case err == nil && wantErr != nil && !differences.Numbers, err != nil && wantErr == nil:
		t.Fatalf("%s: %q: %v; encoding/json says %v", of, raw, err, wantErr)
	case err == nil && wantErr == nil && !reflect.DeepEqual(got.Interface(), want.Interface()):
		t.Fatalf("%s: %q is read as %+v, encoding/json reads %+v", of, raw, got.Elem(), want.Elem())
	}
}
