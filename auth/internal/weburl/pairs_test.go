package weburl_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestParametersAreEncodedAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"?":                     "",
		"?z":                    "",
		"?a=1&z=2&b=3&z=4":      "?a=1&b=3",
		"?a=%20b&c":             "?a=+b&c=",
		"?a=%20b&c&&=x":         "?a=+b&c=&=x",
		"?%7A=1&a%3Db=c=d":      "?a%3Db=c%3Dd",
		"?~*-._='()!;":          "?%7E*-._=%27%28%29%21%3B",
		"?a=%ff%e4%bd%a0%e4%bd": "?a=%EF%BF%BD%E4%BD%A0%EF%BF%BD",
		"?a=%F0%9F%98x%ED%A0%80&b=%C0%80&c=%EF%BB%BFz": "?a=%EF%BF%BDx%EF%BF%BD%EF%BF%BD%EF%BF%BD&b=%EF%BF%BD%EF%BF%BD&c=%EF%BB%BFz",
		"?g=%zz+%": "?g=%25zz+%25",
	} {
		if got := requestURL("https", "a", "/"+query).Without("z").String(); got != "https://a/"+want {
			t.Errorf("%q is %q, want %q", query, got, want)
		}
	}
}

func TestPairsAreEncodedInOrder(t *testing.T) {
	t.Parallel()
	p := weburl.Pairs{{Name: "b", Value: "1"}, {Name: "a", Value: "x y"}}
	p = p.Add("b", "").Add("é&=", "+%")
	if got, want := p.Encode(), "b=1&a=x+y&b=&%C3%A9%26%3D=%2B%25"; got != want {
		t.Errorf("Encode is %q, want %q", got, want)
	}
	if got := (weburl.Pairs)(nil).Encode(); got != "" {
		t.Errorf("Encode of no pairs is %q", got)
	}
}

// FuzzParameters changes a parameter and reads the query with net/url.
func FuzzParameters(f *testing.F) {
	for _, query := range []string{"", "a=1&b=2&a=3", "a", "%61=1", "a=%zz", "a;b=1", "&&=&", "a=%ff%f0%9f"} {
		f.Add(query, "a", "x y")
	}
	f.Add("a=1", "é&=#", "+%\"\x00")
	f.Fuzz(func(t *testing.T, query, name, value string) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			t.Skip("not valid UTF-8")
		}
		u := requestURL("https", "a", "/?"+query)
		set, added, without := u.WithSet(name, value), u.WithAdded(name, value), u.Without(name)
		for _, changed := range []weburl.URL{set, added, without} {
			if changed.Origin != u.Origin || changed.Path != u.Path || changed.Fragment != u.Fragment {
				t.Fatalf("%q became %q", u, changed)
			}
			if again := changed.Without(); again != changed {
				t.Errorf("%q is encoded again as %q", changed, again)
			}
			// What a browser encoded is read by net/url in the same way.
			got, want := first(strings.TrimPrefix(changed.Query, "?"), name), values(t, changed)
			if got.Found != want.Has(name) || got.Value != want.Get(name) {
				t.Errorf("%q in %q is %+v, want %q, %t", name, changed, got, want.Get(name), want.Has(name))
			}
		}
		before := values(t, u.Without())[name]
		for kind, test := range map[string]struct {
			got  weburl.URL
			want []string
		}{"set": {set, []string{value}}, "added": {added, append(before, value)}, "without": {without, nil}} {
			if diff := cmp.Diff(test.want, values(t, test.got)[name]); diff != "" {
				t.Errorf("%s in %q, %q (-want +got):\n%s", kind, u, name, diff)
			}
		}
	})
}

// values reads the query of a URL with net/url.
func values(t *testing.T, u weburl.URL) url.Values {
	t.Helper()
	v, err := url.ParseQuery(strings.TrimPrefix(u.Query, "?"))
	if err != nil {
		t.Fatalf("net/url refuses the query of %q: %v", u, err)
	}
	return v
}
