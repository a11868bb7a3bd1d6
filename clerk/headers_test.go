package clerk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestInvalidHeadersAreNotSent(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { write(w, `{}`) })
	for _, test := range []struct {
		name, value string
		valid       bool
	}{
		{"X-One", "1", true},
		{"!#$%&'*+-.^_`|~09azAZ", "", true},
		{"X-Value", " a\tb\"é\xff", true},
		{"", "x", false},
		{"X Y", "x", false},
		{"X:", "x", false},
		{"X\r\nY", "x", false},
		{"X\x00", "x", false},
		{"X\x7f", "x", false},
		{"é", "x", false},
		{"X(", "x", false},
		{"X=", "x", false},
		{"X", "hunter2\nY: 1", false},
		{"X", "hunter2\r", false},
		{"X", "hunter2\x00", false},
		{"X", "hunter2\x7f", false},
	} {
		_, err := clerk.Call[thing](t.Context(), c, get("/things"), clerk.WithHeader(test.name, test.value))
		var refused *clerk.RequestError
		if (err == nil) != test.valid || err != nil && !errors.As(err, &refused) {
			t.Errorf("header %q with value %q: error %v, want valid %v", test.name, test.value, err, test.valid)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("header %q: the error contains the value: %v", test.name, err)
		}
	}
}
