package clerktest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

// metadataOf returns metadata as decoded JSON.
func metadataOf(t *testing.T, m clerk.Metadata) map[string]any {
	t.Helper()
	var v map[string]any
	if err := m.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	client := instance.Client()
	replace := func(v any) *users.User {
		t.Helper()
		u, err := users.ReplaceUserMetadata(t.Context(), client, "user_1", users.ReplaceUserMetadataParams{PublicMetadata: clerk.SetMetadata(v)})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	merge := func(v any) *users.User {
		t.Helper()
		u, err := users.MergeUserMetadata(t.Context(), client, "user_1", users.MergeUserMetadataParams{PublicMetadata: clerk.SetMetadata(v)})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	type m = map[string]any
	replace(m{"a": 1, "deep": m{"x": 1, "y": m{"z": 1}}, "list": []int{1, 2}})
	got := merge(m{"b": 2, "deep": m{"x": nil, "y": m{"w": 2}, "new": m{"gone": nil}}, "list": []int{3}, "absent": nil})
	want := m{"a": 1., "b": 2., "deep": m{"y": m{"z": 1., "w": 2.}, "new": m{}}, "list": []any{3.}}
	if diff := cmp.Diff(want, metadataOf(t, got.PublicMetadata)); diff != "" {
		t.Errorf("merged metadata (-want +got):\n%s", diff)
	}
	if got := merge(m{"deep": "flat"}); metadataOf(t, got.PublicMetadata)["deep"] != "flat" {
		t.Errorf("a string does not replace an object: %s", got.PublicMetadata)
	}
	if got := merge(m{"deep": m{"again": 1}}); fmt.Sprint(metadataOf(t, got.PublicMetadata)["deep"]) != "map[again:1]" {
		t.Errorf("an object does not replace a string: %s", got.PublicMetadata)
	}
	got = replace(m{"only": m{}})
	if diff := cmp.Diff(m{"only": m{}}, metadataOf(t, got.PublicMetadata)); diff != "" {
		t.Errorf("replaced metadata (-want +got):\n%s", diff)
	}
	if got.PrivateMetadata.String() != "{}" {
		t.Errorf("absent metadata changed to %s", got.PrivateMetadata)
	}
	if got := replace(m{"n": json.Number("9007199254740993")}); got.PublicMetadata.String() != `{"n":9007199254740993}` {
		t.Errorf("a large number changed to %s", got.PublicMetadata)
	}
	if got := merge(m{"k": 1}); !strings.Contains(got.PublicMetadata.String(), "9007199254740993") {
		t.Errorf("a merge changed a large number: %s", got.PublicMetadata)
	}
}

func TestMetadataSize(t *testing.T) {
	t.Parallel()
	instance := startPopulated(t)
	of := func(n int) clerk.Optional[clerk.Metadata] {
		return clerk.SetMetadata(map[string]any{"a": strings.Repeat("a", n)})
	}
	params := users.MergeUserMetadataParams{PrivateMetadata: of(8000), UnsafeMetadata: of(9000)}
	if _, err := users.MergeUserMetadata(t.Context(), instance.Client(), "user_1", params); !clerk.HasCode(err, "form_param_exceeds_allowed_size") {
		t.Errorf("too much metadata: %v", err)
	}
	if u := instance.User("user_1"); u.PrivateMetadata.String() != "{}" {
		t.Error("a refused request changed the other metadata")
	}
}
