package clerk_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestQueryValuesThatCannotBeSentAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, v := range map[string]any{
		"null":            clerk.Null[string](),
		"null of a slice": clerk.Null[[]string](),
		"null inside":     []clerk.Optional[string]{clerk.Set("a"), clerk.Null[string]()},
		"empty":           []string{},
		"empty and set":   clerk.Set([]string{}),
		"nil and set":     clerk.Set([]string(nil)),
		"absent inside":   []clerk.Optional[string]{{}},
		"nil inside":      []any{nil},
		"map":             map[string]string{"a": "b"},
		"struct":          struct{ A int }{1},
		"slice of slices": [][]string{{"a"}},
		"function":        func() {},
		"metadata":        clerk.SetMetadata(map[string]int{}),
	} {
		req := get("/things")
		req.Query = clerk.Query{"other": 1, name: v}
		_, err := clerk.Call[thing](t.Context(), c, req)
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != name {
			t.Errorf("%s: error %v, want a RequestError with that Field", name, err)
		}
	}
}
