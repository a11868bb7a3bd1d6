package clerk_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestMetadataSurvivesReadingAndWriting(t *testing.T) {
	t.Parallel()
	const raw = `{"z":12345678901234567890,"a":1.10,"html":"<b>","e":1e3,"deep":{"n":null}}`
	var sent string
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = string(body)
		write(w, `{"id":"a","public_metadata":`+raw+`}`)
	})
	v, err := clerk.Call[thing](t.Context(), c, get("/things"))
	if err != nil || v.Extra.String() != raw {
		t.Fatalf("%s, error %v", v.Extra, err)
	}
	var members map[string]json.RawMessage
	if err := v.Extra.Decode(&members); err != nil {
		t.Fatal(err)
	}
	members["new"] = json.RawMessage(`true`)
	for _, m := range []clerk.Optional[clerk.Metadata]{clerk.Set(v.Extra), clerk.SetMetadata(v.Extra), clerk.SetMetadata(members), clerk.SetMetadata(json.RawMessage(raw))} {
		if _, err := clerk.Call[thing](t.Context(), c, post("/things", patch{Meta: m})); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{`"z":12345678901234567890`, `"a":1.10`, `"e":1e3`, `"deep":{"n":null}`} {
			if !strings.Contains(sent, part) {
				t.Errorf("sent %s without %s", sent, part)
			}
		}
	}
}

func TestMetadataThatIsNotAnObjectIsRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	var null map[string]any
	var zero clerk.Metadata
	for _, v := range []any{nil, null, zero, 1, "hunter2", []string{"hunter2"}, []byte(`{}`), json.RawMessage(`[]`), json.RawMessage(`{`), make(chan int)} {
		m := clerk.SetMetadata(v)
		_, err := clerk.Call[thing](t.Context(), c, post("/things", patch{Meta: m}))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != "body" || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "MarshalJSON") {
			t.Errorf("%T: error %v, want a RequestError of the body", v, err)
		}
		got, _ := m.Get()
		if got.IsZero() || got.Decode(&v) == nil {
			t.Errorf("%T: Decode returns no error", v)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	var m clerk.Metadata
	v := 7
	if err := m.Decode(&v); err != nil || v != 7 || !m.IsZero() || m.String() != "" {
		t.Errorf("absent metadata: %v, error %v", v, err)
	}
	for raw, want := range map[string]string{`null`: "", `{}`: "{}", `{"b":[1],"a":null}`: `{"b":[1],"a":null}`} {
		if err := json.Unmarshal([]byte(raw), &m); err != nil || m.String() != want {
			t.Errorf("%s: %q, error %v", raw, m, err)
		}
		if back, err := json.Marshal(m); err != nil || string(back) != raw {
			t.Errorf("%s became %s after a round trip, error %v", raw, back, err)
		}
	}
	for raw, kind := range map[string]string{`[1]`: "array", `"secret"`: "string", `true`: "bool", `7`: "number"} {
		var mistyped *json.UnmarshalTypeError
		if err := json.Unmarshal([]byte(raw), &m); !errors.As(err, &mistyped) || mistyped.Value != kind || !m.IsZero() {
			t.Errorf("%s: %q, error %v, want an UnmarshalTypeError for %s", raw, m, err, kind)
		}
	}
	equal := func(a, b string) bool {
		var x, y clerk.Metadata
		_, _ = x.UnmarshalJSON([]byte(a)), y.UnmarshalJSON([]byte(b))
		return x.Equal(y)
	}
	if !equal(`{"a":1}`, `{ "a" : 1 }`) || equal(`{"a":1}`, `{"a":2}`) || equal(`{"a":9007199254740993}`, `{"a":9007199254740992}`) || equal(`{}`, `null`) || !equal(`null`, `null`) {
		t.Error("metadata is not compared by content")
	}
}
