package decode_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/jsoncorpus"
)

// FuzzAgainstEncodingJSON decodes a text with this package and with encoding/json. Both
// accept the same texts as JSON, and read the same from them but for the differences that
// the package comment lists.
func FuzzAgainstEncodingJSON(f *testing.F) {
	for _, seed := range jsoncorpus.Valid {
		f.Add([]byte(seed))
	}
	for _, seed := range jsoncorpus.Invalid {
		f.Add([]byte(seed))
	}
	for _, seed := range []string{
		everyField, `{"id":1}`, `{"tags":[1,[],{}]}`, `{"contacts":{"":{"email":1}}}`, `{"union":{"kind":-1}}`, `{"quoted":"7","quoted_two":"true"}`, `{"quoted":7}`, `{"Inner":""}`,
		`{"id":"a","id":null,"ID":"b"}`, `{"count":1e3,"small":128,"ratio":1e400,"created":1.5}`, `{"at":"2026-01-02T03:04:05.678+01:00"}`, `{"at":"x"}`, `{"pair":[1,2,3],"blob":"!"}`,
		`{"reversed":{"First":1,"Second":2}}`, `{"reversed":7}`, `{"custom":7,"text":"longer","levels":{"longer":1}}`, `{"friends":[null,{"by_kind":{"a":null}}]}`, `{"unions":[1,null,{}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		valid := json.Valid(raw)
		for _, v := range []any{account{}, []*union{}, json.RawMessage{}, "", 0, uint8(0), 0.0, false, map[string]any{}, map[kind]*contact{}, []json.RawMessage{}} {
			compare(t, raw, reflect.TypeOf(v), valid)
		}
		compare(t, raw, reflect.TypeFor[any](), valid)
	})
}

func compare(t *testing.T, raw []byte, of reflect.Type, valid bool) {
	t.Helper()
	got, want := reflect.New(of), reflect.New(of)
	err, wantErr := types.Into(raw, got.Interface()), json.Unmarshal(raw, want.Interface())
	if refused := err != nil && !isMisfit(err); refused == valid {
		t.Fatalf("%s: %q: %v; encoding/json says %v", of, raw, err, wantErr)
	}
	if !valid {
		return
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
