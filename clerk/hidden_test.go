package clerk_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Key is what a type of the generated packages is.
type Key struct {
	ID      string                 `json:"id"`
	Secret  string                 `json:"secret,omitempty" clerk:"credential"`
	Name    *string                `json:"name"`
	Codes   clerk.Optional[string] `json:"codes,omitzero" clerk:"credential"`
	Created clerk.Optional[int]    `json:"created,omitzero"`
}

func (k Key) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, k) }
func (k Key) LogValue() slog.Value       { return clerk.LogHidden(k) }

// ring holds keys in every way.
type ring struct {
	Key    `json:"-"`
	First  Key                 `json:"first"`
	Next   *Key                `json:"next"`
	Others []*Key              `json:"others"`
	ByName map[string]Key      `json:"by_name"`
	Maybe  clerk.Optional[Key] `json:"maybe,omitzero"`
}

func (r ring) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, r) }
func (r ring) LogValue() slog.Value       { return clerk.LogHidden(r) }

func TestHiddenCredentials(t *testing.T) {
	t.Parallel()
	name := "backup"
	full := Key{ID: "k1", Secret: "s3cret", Name: &name, Codes: clerk.Set("c0de"), Created: clerk.Set(7)}
	const printed = "{ID:k1 Secret:hidden Name:backup Codes:hidden Created:7}"
	for text, v := range map[string]any{
		printed: full,
		"{ID: Secret: Name:<nil> Codes:absent Created:absent}": Key{},
		"{Data:[" + printed + "] TotalCount:null}":             clerk.List[Key]{Data: []*Key{&full}, TotalCount: clerk.Null[int64]()},
		"{Data:[] TotalCount:absent}":                          clerk.List[Key]{},
		"POST /users/{user_id}/ban":                            clerk.Request{Method: "POST", Path: "/users/{user_id}/ban", IDs: []string{"s3cret"}, Body: "s3cret"},
		"absent":                                               clerk.Optional[int]{},
		"null":                                                 clerk.Null[string](),
		"7":                                                    clerk.Set(7),
		"{Key:{ID: Secret: Name:<nil> Codes:absent Created:absent} First:" + printed + " Next:" + printed + " Others:[" + printed + "] ByName:map[a:" + printed + "] Maybe:" + printed + "}": ring{
			First: full, Next: &full, Others: []*Key{&full}, ByName: map[string]Key{"a": full}, Maybe: clerk.Set(full),
		},
	} {
		for _, verb := range []string{"%v", "%+v"} {
			if got := fmt.Sprintf(verb, v); got != text {
				t.Errorf("%s prints %s, want %s", verb, got, text)
			}
		}
	}
	if got := fmt.Sprintf("%05d|%q", clerk.Set(7), clerk.Set("a b")); got != `00007|"a b"` {
		t.Errorf("a value with a verb of its own prints %s", got)
	}
	if got := fmt.Sprintf("%v", (*Key)(nil)); got != "<nil>" {
		t.Errorf("nil prints %s", got)
	}
}

func TestHiddenCredentialsInLogs(t *testing.T) {
	t.Parallel()
	name := "backup"
	full := Key{ID: "k1", Secret: "s3cret", Name: &name, Codes: clerk.Set("c0de"), Created: clerk.Set(7)}
	const logged = `{"id":"k1","secret":"hidden","name":"backup","codes":"hidden","created":7}`
	const printed = "{ID:k1 Secret:hidden Name:backup Codes:hidden Created:7}"
	for want, v := range map[string]any{
		logged:                  &full,
		`{"id":"","name":null}`: Key{},
		`{"data":"[` + printed + `]","total_count":1}`: &clerk.List[Key]{Data: []*Key{&full}, TotalCount: clerk.Set[int64](1)},
		`{"data":[{"Seconds":1}]}`:                     clerk.List[struct{ Seconds int }]{Data: []*struct{ Seconds int }{{1}}},
		`"GET /users"`:                                 clerk.Request{Method: "GET", Path: "/users", Query: clerk.Query{}},
		`null`:                                         clerk.Null[string](),
		`null `:                                        clerk.Set[any](nil),
		`"2026-01-02T00:00:00Z"`:                       clerk.Set(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)),
		`{"first":` + logged + `,"next":null,"others":null,"by_name":"map[a:` + printed + `]","maybe":` + logged + `}`: ring{First: full, ByName: map[string]Key{"a": full}, Maybe: clerk.Set(full)},
	} {
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("", "it", v)
		_, got, _ := strings.Cut(strings.TrimSpace(out.String()), `"it":`)
		if got != strings.TrimSpace(want)+"}" {
			t.Errorf("the record has %s, want %s", got, want)
		}
	}
}
