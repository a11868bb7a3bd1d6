package decode_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type (
	a      struct{ X, Y, Z string }
	b      struct{ X, Y, W string }
	tagged struct {
		Other string `json:"X"`
	}
	hidden struct{ X string }
	Loop   struct {
		X string
		*Loop
	}
	deep     struct{ a }
	named    string
	text     struct{ V string }
	promoted struct {
		custom
		X string
	}
)

// These have tags that linters do not let us write: one name twice, and names that are
// not as they should be.
var (
	twice = reflect.StructOf([]reflect.StructField{
		{Name: "First", Type: reflect.TypeFor[string](), Tag: `json:"X"`},
		{Name: "Second", Type: reflect.TypeFor[string](), Tag: `json:"X"`},
		{Name: "Third", Type: reflect.TypeFor[string](), Tag: `json:"Y"`},
	})
	strange = reflect.StructOf([]reflect.StructField{
		{Name: "First", Type: reflect.TypeFor[string](), Tag: `json:"-,"`},
		{Name: "W", Type: reflect.TypeFor[string](), Tag: `json:"\""`},
		{Name: "Z", Type: reflect.TypeFor[string](), Tag: `json:"-"`},
	})
)

func TestFieldsAreThoseOfEncodingJSON(t *testing.T) {
	t.Parallel()
	const raw = `{"X":"x","Y":"y","Z":"z","W":"w","V":"v","a":{"X":"ax"},"-":"dash","o":"o","omitempty":"no","named":"n","Kind":1,"é":"e","text":{"V":"tv"},"Text":"no"}`
	for _, out := range []any{
		new(struct{ a }), new(struct {
			a
			b
		}), new(struct {
			X string
			a
			b
		}), new(struct {
			a
			tagged
		}), new(struct {
			tagged
			Second string `json:"X"`
		}), new(struct {
			a `json:"a"`
			tagged
		}), reflect.New(twice).Interface(), reflect.New(strange).Interface(), new(struct {
			deep
			b
		}), new(struct {
			a `json:"a"`
			X string
		}), new(struct{ *Loop }), new(Loop), new(struct {
			named
			X string
		}), new(struct {
			text
			X string `json:"-"`
			Z string `json:",omitempty"`
			O string `json:"o,omitempty"`
			E string `json:"é"`
			x string //nolint:unused // is passed over
		}), new(promoted), new(struct {
			*Deeper
			X any
		}), new(struct {
			Text text
			Kind *kind
		}),
	} {
		want := reflect.New(reflect.TypeOf(out).Elem()).Interface()
		wantErr := json.Unmarshal([]byte(raw), want)
		err := into(raw, out)
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%T: %v; encoding/json says %v", out, err, wantErr)
		}
		if diff := cmp.Diff(want, out, cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" && wantErr == nil {
			t.Errorf("%T (-want +got):\n%s", out, diff)
		}
	}
}

func TestAFieldThatCannotBeSetIsAMisfit(t *testing.T) {
	t.Parallel()
	var v struct {
		*hidden
		Y string
	}
	if err := into(`{"X":"x","Y":"y"}`, &v); !isMisfit(err) || !strings.HasPrefix(err.Error(), "X: ") || v.Y != "y" {
		t.Errorf("%+v, %v", v, err)
	}
}
