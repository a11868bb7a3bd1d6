package weburl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestParametersAreReadAsBrowsersDo(t *testing.T) {
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
			if got, want := first(test.raw, "a"), (weburl.Parameter{Value: test.value, Found: test.found}); got != want {
				t.Errorf("in %q it is %+v, want %+v", test.raw, got, want)
			}
		})
	}
}

// first returns the first parameter of a name.
func first(raw, name string) weburl.Parameter {
	var values [1]weburl.Parameter
	weburl.ReadParameters(raw, []string{name}, values[:])
	return values[0]
}

func TestSeveralParametersAreReadInOnePass(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "", "ab", "a"}
	var got [5]weburl.Parameter
	weburl.ReadParameters("ab=1&%61%62=2&&b=+&b=3&A=4&a=%zz", names, got[:])
	want := [5]weburl.Parameter{{"%zz", true}, {" ", true}, {"", true}, {"1", true}, {"%zz", true}}
	if got != want {
		t.Errorf("parameters are %+v, want %+v", got, want)
	}
}

// A name that is not looked for costs no memory, however it is escaped.
func TestOtherParametersAreNotDecoded(t *testing.T) {
	names := []string{"__clerk_handshake", "__clerk_handshake_nonce", "__clerk_db_jwt"}
	for _, pair := range []string{"%41=&", "a=%41&", "%5F_clerk_handshak=&", "__clerk_handshake%5Fnonce%41=+&", "+=&", "%=&", "&"} {
		raw := strings.Repeat(pair, weburl.MaxTarget/len(pair))
		var got [3]weburl.Parameter
		if n := testing.AllocsPerRun(10, func() { weburl.ReadParameters(raw, names, got[:]) }); n > 0 || got != [3]weburl.Parameter{} {
			t.Errorf("%q: %v allocations, parameters %+v", pair, n, got)
		}
	}
}

// FuzzQueryValue checks that net/url reads the same from a query that it accepts, and that
// one pass for all names finds what a pass for each finds.
func FuzzQueryValue(f *testing.F) {
	for _, raw := range []string{"a=1&a=2", "%61=x", "a", "a=%zz", "a=1+2%2B", "b;a=1", "%2=&b+=+&=x", "b%20=1&b+=2"} {
		f.Add(raw)
	}
	names := []string{"a", "b ", "", "%2"}
	f.Fuzz(func(t *testing.T, raw string) {
		var values [4]weburl.Parameter
		weburl.ReadParameters(raw, names, values[:])
		read, err := url.ParseQuery(raw)
		for i, name := range names {
			if alone := first(raw, name); values[i] != alone {
				t.Errorf("%q: %q is %+v in one pass and %+v alone", raw, name, values[i], alone)
			}
			want := weburl.Parameter{Value: read.Get(name), Found: read.Has(name)}
			if name == "" || err != nil || strings.Contains(raw, ";") {
				continue
			}
			if values[i] != want {
				t.Errorf("%q: %q is %+v, want %+v", raw, name, values[i], want)
			}
		}
	})
}
