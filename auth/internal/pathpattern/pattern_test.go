package pathpattern

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPathPatternMatches(t *testing.T) {
	t.Parallel()
	none := map[string]string(nil)
	for pattern, paths := range map[string]map[string]map[string]string{
		"/orgs/:id": {
			"/orgs/a": {"id": "a"}, "/orgs/a/": {"id": "a"}, "/ORGS/aB": {"id": "aB"}, "/orgs/a%20b": {"id": "a%20b"}, "/orgs/a.b~c": {"id": "a.b~c"},
			"/orgs": none, "/orgs/": none, "/orgs//": none, "/orgs/a/b": none, "/orgs/a//": none, "x/orgs/a": none,
		},
		"/orgs/:id/(.*)":       {"/orgs/a/": {"id": "a"}, "/orgs/a/b/c": {"id": "a"}, "/orgs/a": none},
		"/orgs/:id(\\d+)":      {"/orgs/12": {"id": "12"}, "/orgs/12a": none},
		"/orgs/:slug(a|b+)":    {"/orgs/a": {"slug": "a"}, "/orgs/bb": {"slug": "bb"}, "/orgs/ab": none},
		"/orgs/:slug((?:a|b))": {"/orgs/a": {"slug": "a"}, "/orgs/c": none},
		"/orgs/:id?":           {"/orgs": {}, "/orgs/": {}, "/orgs/a": {"id": "a"}},
		"/me{/:tab}?":          {"/me": {}, "/me/": {}, "/me/x": {"tab": "x"}, "/me/x/y": none},
		"/x{/:a}+":             {"/x": none, "/x/1": {"a": "1"}, "/x/1/2": {"a": "1/2"}},
		"/x{/:a}*":             {"/x": {}, "/x/1/2": {"a": "1/2"}},
		"/x/:a+":               {"/x": none, "/x/1/2": {"a": "1/2"}},
		"/x{/y}?/z":            {"/x/z": {}, "/x/y/z": {}, "/x/y/y/z": none},
		"/x{-:a-}?y":           {"/xy": {}, "/x-1-y": {"a": "1"}},
		"/:a-:b":               {"/1-2": {"a": "1", "b": "2"}, "/1-2-3": {"a": "1-2", "b": "3"}},
		"/:file.:ext?":         {"/a.png": {"file": "a", "ext": "png"}, "/a": {"file": "a"}},
		"(.*)":                 {"": {}, "/": {}, "/a/b": {}},
		"/a\\:b":               {"/a:b": {}, "/ab": none},
		"/a.b":                 {"/a.b": {}, "/axb": none},
		"i am not valid":       {"/": none, "/i%20am%20not%20valid": none},
		"/":                    {"/": {}, "": none, "//": {}},
	} {
		p, err := Compile(pattern)
		if err != nil {
			t.Errorf("%q: %v", pattern, err)
			continue
		}
		for path, want := range paths {
			got, ok := p.Match(path)
			if diff := cmp.Diff(want, got); diff != "" || ok != (want != nil) {
				t.Errorf("%q on %q: matches %t, parameters (-want +got):\n%s", pattern, path, ok, diff)
			}
		}
	}
}

func TestPathPatternThatIsIllegal(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"/x/***": `unexpected "*"`, "/*": `unexpected "*"`, "abc}": `unexpected "}"`, "/a:": "colon", "/a/:-": "colon", "/a\\": "backslash",
		"/(": "not closed", "/(a": "not closed", "/(a\\)": "not closed", "/()": "no expression", "/:a(?=b)": "no expression",
		"{abc": "brace", "{:a:b}": "brace", "{a": "brace", "/x{{a}}": "brace",
		"/:a:b": "between", "/:a_x:id": "between", "/(x):a": "between", "/{:a.}:b": "between",
		"/((a))": "(?:…)", "/:a((?=b)b)": "(?:…)", "/:a((?<n>b))": "(?:…)", "/:a((?i)b)": "(?:…)", "/:a((?!b)c)": "(?:…)",
		"/(a)*": "", "/{:a}*": "prefix", "(a)+": "prefix", "/:a--:b": `"--"`, "/orgs/:id*": "id", "/orgs/{:slug,}+": "slug",
		"/(\\z)": `\z`, "/(\\1)": `\1`, "/(\\u0041)": `\u`, "/(\\Qx)": `\Q`, "/([[:alpha:]])": "class", "/([a)": "expression", "/(a{2,1})": "expression",
		"/([a)/(b])": "expression", "/([a)b]": "expression", "/(b])": "", "/{([a)/}?(])": "expression",
		"/(a{1001})": "expression", "/(+)": "expression", "/(x**)": "expression",
	} {
		_, err := Compile(pattern)
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", pattern, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: error is %v, want one with %q", pattern, err, want)
		}
	}
}

func FuzzPathPattern(f *testing.F) {
	for _, pattern := range []string{"/orgs/:id/(.*)", "/me{/:tab}?", "/:a-:b", "/x{-:a-}+", "/:a((?:b|c)+)", "/x/***", "\\", "/:x([^]])", "/([a)/(b])"} {
		f.Add(pattern, "/orgs/a/b")
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		p, err := Compile(pattern)
		if err != nil {
			if strings.Contains(err.Error(), "\n") && !strings.Contains(pattern, "\n") {
				t.Errorf("the error of %q has several lines: %q", pattern, err)
			}
			return
		}
		if groups := p.expression.NumSubexp(); groups != len(p.keys) {
			t.Fatalf("%q has %d groups for %d keys", pattern, groups, len(p.keys))
		}
		values, ok := p.Match(path)
		for name, value := range values {
			if !ok || !strings.Contains(path, value) {
				t.Errorf("%q on %q gives %s=%q", pattern, path, name, value)
			}
		}
	})
}
