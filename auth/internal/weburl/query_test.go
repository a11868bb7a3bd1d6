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
			value, found := firstValue(test.raw, "a")
			if value != test.value || found != test.found {
				t.Errorf("the value in %q = %q, %t, want %q, %t", test.raw, value, found, test.value, test.found)
			}
		})
	}
}

// firstValue looks for a name among others, some of which are like it.
func firstValue(raw, name string) (value string, found bool) {
	value, found = weburl.QueryValues(raw, []string{"other", name + name, name, ""})[name]
	return value, found
}

// However long a query is, one pass over a part of it must do, and names that are not
// looked for take no memory.
func TestLongQueryCostsLittle(t *testing.T) {
	names := []string{"__clerk_handshake", "b"}
	for name, raw := range map[string]string{
		"escaped names": strings.Repeat("%41=&", 1<<18), "pluses": strings.Repeat("+=&", 1<<18), "one long name": strings.Repeat("b", 1<<20),
		"escapes of the name": strings.Repeat("%5f%5fclerk_handshak=&", 1<<16),
	} {
		if allocations := testing.AllocsPerRun(10, func() { weburl.QueryValues(raw, names) }); allocations != 0 {
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
	beyond := strings.Repeat("x=&", weburl.MaxTarget/3) + "b=1&b=1"
	if got := weburl.QueryValues(beyond, names); len(got) != 0 {
		t.Errorf("beyond the limit there is %v", got)
	}
	if got := weburl.QueryValues("c=1&%62=2&b=3&__clerk%5Fhandshake=4", names); len(got) != 2 || got["b"] != "2" || got["__clerk_handshake"] != "4" {
		t.Errorf("values are %v", got)
	}
}

// FuzzQueryValues checks that net/url reads the same from a query that it accepts.
func FuzzQueryValues(f *testing.F) {
	for _, raw := range []string{"a=1&a=2", "%61=x", "a", "a=%zz", "a=1+2%2B", "b;a=1"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		value, found := firstValue(raw, "a")
		want, err := url.ParseQuery(raw)
		if err == nil && !strings.Contains(raw, ";") && (found != want.Has("a") || value != want.Get("a")) {
			t.Errorf("the value in %q = %q, %t, want %q, %t", raw, value, found, want.Get("a"), want.Has("a"))
		}
	})
}
