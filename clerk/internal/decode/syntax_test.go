package decode_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/jsoncorpus"
)

// readers read a text as different types, whose plans read it differently.
var readers = map[string]func() any{
	"account": func() any { return new(account) },
	"any":     func() any { return new(any) },
	"raw":     func() any { return new(json.RawMessage) },
	"members": func() any { return new(map[string]any) },
	"list":    func() any { return new([]*union) },
	"text":    func() any { return new(string) },
	"integer": func() any { return new(int) },
	"float":   func() any { return new(float64) },
	"custom":  func() any { return new(custom) },
}

func TestWhatIsNotJSONIsRefusedAlsoInUnknownMembers(t *testing.T) {
	t.Parallel()
	for name, reader := range readers {
		for _, text := range jsoncorpus.Invalid {
			for _, raw := range []string{text, `{"zz":` + text + `}`, `{"any":` + text + `}`, `{"claims":` + text + `}`, `{"union":{"new":[` + text + `]}}`} {
				if json.Valid([]byte(raw)) { // such as nothing, in an array
					continue
				}
				err := into(raw, reader())
				if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
					t.Errorf("%s: %q: %v", name, raw, err)
				}
			}
		}
		for _, raw := range jsoncorpus.Valid {
			if err := into(raw, reader()); err != nil && !isMisfit(err) {
				t.Errorf("%s: %q: %v", name, raw, err)
			}
		}
	}
}

func TestATruncatedTextIsRefused(t *testing.T) {
	t.Parallel()
	for name, reader := range readers {
		for i := range len(jsoncorpus.Everything) {
			if err := into(jsoncorpus.Everything[:i], reader()); err == nil || isMisfit(err) {
				t.Errorf("%s: %q: %v", name, jsoncorpus.Everything[:i], err)
			}
		}
	}
}

func TestDepthIsLimitedAsInEncodingJSON(t *testing.T) {
	t.Parallel()
	for name, around := range map[string][2]string{
		"unknown arrays":  {`{"zz":`, "}"},
		"any":             {`{"any":`, "}"},
		"known fields":    {`{"friends":`, "}"},
		"raw":             {`{"claims":`, "}"},
		"after a misfit":  {`{"id":7,"zz":`, "}"},
		"inside an array": {`{"nested":[`, "]}"},
	} {
		outer := strings.Count(around[1], "}") + strings.Count(around[1], "]")
		for depth, want := range map[int]bool{1: true, 10_000 - outer: true, 10_001 - outer: false, 3_000_000: false} {
			raw := around[0] + strings.Repeat("[", depth) + strings.Repeat("]", depth) + around[1]
			if json.Valid([]byte(raw)) != want {
				t.Fatalf("%s: encoding/json does not say %t of the depth %d", name, want, depth)
			}
			if err := into(raw, new(account)); (err == nil || isMisfit(err)) != want {
				t.Errorf("%s: depth %d: %.100v", name, depth, err)
			}
		}
		if err := into(around[0]+strings.Repeat("[", 10_000_000), new(account)); err == nil || isMisfit(err) {
			t.Errorf("%s: a text of brackets: %.100v", name, err)
		}
	}
}

func TestTextIsReadAsInEncodingJSON(t *testing.T) {
	t.Parallel()
	for _, inner := range []string{
		"", "plain", "é😀\u2028\x7f", `\"\\\/\b\f\n\r\t`, `\u0041\u00e9\u20AC\ud83d\ude00`, `\ud83d`, `\ud83dx`, `\ude00`, `\ud83d\n`, `\ud83d\u0041`, `\ud83d\ud83d\ude00`,
		"\xff", "a\xffb\xc0\xafc", "\xed\xa0\x80", "\xe4\xbd", `\u0000`, "\xff\\n" + strings.Repeat("long ", 400) + `\t`, strings.Repeat("x", 2000), strings.Repeat("\xff", 2000),
	} {
		raw := `{"id":"` + inner + `","kind":"` + inner + `","name":"` + inner + `","contacts":{"` + inner + `":{"email":"` + inner + `"}},"any":"` + inner + `"}`
		var want, got account
		if err := json.Unmarshal([]byte(raw), &want); err != nil {
			t.Fatal(err)
		}
		if err := into(raw, &got); err != nil {
			t.Fatalf("%q: %v", inner, err)
		}
		_, entry := got.Contacts[want.ID]
		if got.ID != want.ID || got.Kind != want.Kind || *got.Name != *want.Name || got.Any != want.Any || !entry || got.Contacts[want.ID].Email != want.ID {
			t.Errorf("%.50q is read as %.50q, want %.50q", inner, got.ID, want.ID)
		}
	}
}
