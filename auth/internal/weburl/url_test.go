package weburl_test

import (
	"net/url"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// The wanted URLs are those that browsers and Node make of the same text.
func TestURLsAreEscapedAsBrowsersDo(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"":                       "/",
		"/?":                     "/?",
		"/#":                     "/#",
		"/x/../y/%2e%2E/z/./%2e": "/z/",
		"/..":                    "/",
		"/a/..":                  "/",
		"/a/%2E./b/.":            "/b/",
		"/%2e%2e%2f/x":           "/%2e%2e%2f/x",
		"//evil/..//x":           "///x",
		"//evil.example/x":       "//evil.example/x",
		`/\evil.example\x`:       "//evil.example/x",
		"/user@evil:80":          "/user@evil:80",
		"/a^b{c}`d|e\"f<g>h[i]j~k%zz%e4;l=m:n@o!$&'()*+,": "/a^b%7Bc%7D%60d|e%22f%3Cg%3Eh[i]j~k%zz%e4;l=m:n@o!$&'()*+,",
		"/?a^b{c}`d|e\"f<g>h[i]\\j~k%zz%e4'/?":            "/?a^b{c}`d|e%22f%3Cg%3Eh[i]\\j~k%zz%e4%27/?",
		"/#a^b{c}`d|e\"f<g>h[i]\\j~k'?#x":                 "/#a^b{c}%60d|e%22f%3Cg%3Eh[i]\\j~k'?#x",
		"/é?é#é":                                          "/%C3%A9?%C3%A9#%C3%A9",
		"/\x7f?\x7f#\x7f":                                 "/%7F?%7F#%7F",
	} {
		if got := requestURL("https", "app.example.com", target).String(); got != "https://app.example.com"+want {
			t.Errorf("%q is %q, want %q", target, got, want)
		}
	}
}

func TestParsePageTakesAbsoluteURLsAndPaths(t *testing.T) {
	t.Parallel()
	own := weburl.Origin{Scheme: "http", Host: "own.example"}
	for raw, want := range map[string]string{
		"/in": "http://own.example/in", "/": "http://own.example/", "/a/../b?c#d": "http://own.example/b?c#d", "https://A.example:443": "https://a.example/", "http://localhost:3000/x?y#z": "http://localhost:3000/x?y#z",
		"//evil.example": "", `/\evil.example`: "", "in": "", "": "", "ftp://a": "", "https://u@a": "", "https://": "", "javascript:alert(1)": "", "/%zz": "",
		`https://a\@evil.example/`: "", "https:/a": "", "https:a": "", " https://a": "",
	} {
		u, err := weburl.ParsePage(raw)
		got := u.On(own).String()
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("ParsePage(%q) on %s is %q (%v), want %q", raw, own, got, err, want)
		}
	}
}

func TestParseTakesAbsoluteURLsAlone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://a.example": "https://a.example/", "HTTPS://A.Example:443/B": "https://a.example/B", "http://a.example:80?x": "http://a.example/?x", "http://a.example:443": "http://a.example:443/",
		"https://a.example#x?y": "https://a.example/#x?y", "https://a.example?x#y#z": "https://a.example/?x#y#z", "https://a.example/x?u=http://b.example/": "https://a.example/x?u=http://b.example/",
		"http://[::1]:3000/x": "http://[::1]:3000/x", "http://127.0.0.1/": "http://127.0.0.1/", `https://a.example/\evil.example`: "https://a.example//evil.example",
		"https://a.example/x/../..//y": "https://a.example//y",
	} {
		if u, err := weburl.Parse(raw); err != nil || u.String() != want {
			t.Errorf("Parse(%q) is %q (%v), want %q", raw, u, err, want)
		}
	}
	for _, raw := range []string{
		"", "/", "/in", "//a.example", "a.example", "https:", "https://", "https:///x", "https:a.example", "https:/a.example", "ftp://a.example", "javascript://a.example", "://a.example",
		"https://u@a.example", "https://u:p@a.example", "https://@a.example", "https://a.example:0", "https://a.example:65536", "https://a.example:x", "https://a b", `https://a.example\x@b.example`,
		"https://a..example", "https://.a.example", "https://a.example/%zz", "https://a.example/\n", "https://a.example/\x00", "https://é.example", "https://[::1", "https://[fe80::1%25eth0]", "https://a.example,b.example",
	} {
		if u, err := weburl.Parse(raw); err == nil {
			t.Errorf("Parse(%q) accepts it as %q", raw, u)
		}
	}
}

func TestURLsAreChangedInCopies(t *testing.T) {
	t.Parallel()
	u, err := weburl.Parse("http://a.example/p?a=1&b=2&a=3#f")
	if err != nil {
		t.Fatal(err)
	}
	path, err := weburl.ParsePage("/p/?x")
	if err != nil {
		t.Fatal(err)
	}
	other := weburl.Origin{Scheme: "https", Host: "b.example"}
	for name, test := range map[string]struct {
		got  weburl.URL
		want string
	}{
		"set, first of two":     {u.WithSet("a", "9"), "http://a.example/p?a=9&b=2#f"},
		"set, another":          {u.WithSet("b", "&="), "http://a.example/p?a=1&b=%26%3D&a=3#f"},
		"set, a new one":        {u.WithSet("c", "x y"), "http://a.example/p?a=1&b=2&a=3&c=x+y#f"},
		"added":                 {u.WithAdded("a", "9"), "http://a.example/p?a=1&b=2&a=3&a=9#f"},
		"added to none":         {path.Without("x").WithAdded("é", ""), ":///p/?%C3%A9="},
		"without one":           {u.Without("a"), "http://a.example/p?b=2#f"},
		"without all":           {u.Without("a", "b", "c"), "http://a.example/p#f"},
		"without none":          {u.Without(), "http://a.example/p?a=1&b=2&a=3#f"},
		"below":                 {u.Below("q"), "http://a.example/p/q?a=1&b=2&a=3#f"},
		"below, after a slash":  {path.Below("q"), ":///p/q?x"},
		"on, with an origin":    {u.On(other), "http://a.example/p?a=1&b=2&a=3#f"},
		"on, without an origin": {path.On(other), "https://b.example/p/?x"},
	} {
		if got := test.got.String(); got != test.want {
			t.Errorf("%s: the URL is %q, want %q", name, got, test.want)
		}
	}
	if got := u.String() + path.String(); got != "http://a.example/p?a=1&b=2&a=3#f:///p/?x" {
		t.Errorf("the URLs themselves are %q", got)
	}
}

// FuzzParse checks that the text of a URL is that URL, and that its host is the one that
// net/url reads.
func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"https://a.example", "HTTP://A.example:80/x/../y?z#w", "/in", "//evil.example", `/\evil.example`, "https://u@a", `https://a\@evil.example/`, "https://a?b://c/d", "https:/a", "http://[::1]:3000/\"?'#`",
		"/%2e%2e//evil.example", "https://a/%zz", "javascript://a/%0aalert(1)", "https://a/é?é#é",
	} {
		f.Add(raw)
	}
	own := weburl.Origin{Scheme: "http", Host: "own.example"}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := weburl.Parse(raw)
		page, pageErr := weburl.ParsePage(raw)
		switch {
		case err == nil && (pageErr != nil || page != u):
			t.Fatalf("Parse(%q) is %q, ParsePage is %q, %v", raw, u, page, pageErr)
		case pageErr == nil && err != nil && (page.Origin != weburl.Origin{} || raw[0] != '/'):
			t.Fatalf("ParsePage(%q) is %q, Parse: %v", raw, page, err)
		}
		if pageErr == nil {
			wantRoundTrip(t, page.On(own))
		}
		if err != nil {
			return
		}
		wantRoundTrip(t, u)
		parsed, err := url.Parse(raw)
		if err != nil {
			t.Fatalf("net/url refuses %q: %v", raw, err)
		}
		if want, err := weburl.NewOrigin(parsed.Scheme, parsed.Host); err != nil || u.Origin != want || parsed.User != nil {
			t.Errorf("Parse(%q) is %q, net/url reads the host %q and the user %q", raw, u, parsed.Host, parsed.User)
		}
	})
}

// wantRoundTrip checks that u is what [weburl.Parse] makes of its text.
func wantRoundTrip(t *testing.T, u weburl.URL) {
	t.Helper()
	if u.Origin.Scheme != "http" && u.Origin.Scheme != "https" {
		t.Fatalf("the scheme of %q is %q", u, u.Origin.Scheme)
	}
	if o, err := weburl.NewOrigin(u.Origin.Scheme, u.Origin.Host); err != nil || o != u.Origin {
		t.Fatalf("the origin of %q is not valid: %v", u, err)
	}
	wantOrigin(t, u, u.Origin)
	if again, err := weburl.Parse(u.String()); err != nil || again != u {
		t.Errorf("%+v is read again as %+v (%v)", u, again, err)
	}
}
