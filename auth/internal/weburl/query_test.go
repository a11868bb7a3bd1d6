package weburl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestQueryValueReadsAsBrowsersDo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw, value string
		found      bool
	}{
		"none":             {raw: ""},
		"another":          {raw: "b=1"},
		"one":              {raw: "a=1", value: "1", found: true},
		"the first counts": {raw: "b=0&a=1&a=2", value: "1", found: true},
		"empty":            {raw: "a=", found: true},
		"no equals sign":   {raw: "a", found: true},
		"plus is a space":  {raw: "a=1+2", value: "1 2", found: true},
		"escape":           {raw: "a=%2Fb%2f", value: "/b/", found: true},
		"escaped name":     {raw: "%61=1", value: "1", found: true},
		"broken escape":    {raw: "a=%zz%4", value: "%zz%4", found: true},
		"semicolon":        {raw: "b=1;a=2&a=3", value: "3", found: true},
		"equals signs":     {raw: "a=1=2", value: "1=2", found: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			value, found := weburl.QueryValue(test.raw, "a")
			if value != test.value || found != test.found {
				t.Errorf("QueryValue(%q) = %q, %t, want %q, %t", test.raw, value, found, test.value, test.found)
			}
		})
	}
}

// FuzzQueryValue checks that net/url reads the same from a query that it accepts.
func FuzzQueryValue(f *testing.F) {
	for _, raw := range []string{"a=1&a=2", "%61=x", "a", "a=%zz", "a=1+2%2B", "b;a=1"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		value, found := weburl.QueryValue(raw, "a")
		want, err := url.ParseQuery(raw)
		if err == nil && !strings.Contains(raw, ";") && (found != want.Has("a") || value != want.Get("a")) {
			t.Errorf("QueryValue(%q) = %q, %t, want %q, %t", raw, value, found, want.Get("a"), want.Has("a"))
		}
	})
}
