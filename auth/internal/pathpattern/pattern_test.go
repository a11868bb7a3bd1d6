package pathpattern

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatternMatches(t *testing.T) {
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

func TestInvalidPatternsAreRefused(t *testing.T) {
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

// FuzzCompile checks that no pattern and no path makes the package panic, and that values are
// parts of the path.
func FuzzCompile(f *testing.F) {
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
				t.Errorf("%q on %q has %s=%q", pattern, path, name, value)
			}
		}
	})
}

// Each error says what is wrong with the pattern; the option that takes it adds the pattern.
func TestErrorsStateTheCondition(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"/*":              `unexpected "*"`,
		"/a\\":            "ends in a backslash",
		"/a:":             "a colon has no name after it",
		"/(a":             "a parenthesis is not closed",
		"/()":             "no expression in (…)",
		"{abc":            "a brace is not closed, or holds more than one parameter",
		"/:a:b":           "no text between two parameters",
		"/:a--:b":         `the text "--" before a parameter is longer than one character and has no slash, so the parameter cannot be separated from it`,
		"/((a))":          "only (?:…) groups are allowed inside (…), and neither lookahead nor lookbehind",
		"/(a)+/(\\z)":     `the escape \z is not supported`,
		"/([[:alpha:]])":  "a character class cannot begin with a colon",
		"/orgs/:id*":      "the parameter id names one organization and cannot repeat",
		"/{:slug}+":       "the parameter slug names one organization and cannot repeat",
		"/{:a}*":          "a parameter that repeats needs a prefix or a suffix",
		"/orgs/:id/([a)b": "not a valid expression: error parsing regexp: missing closing ]: `[a`",
	} {
		if _, err := Compile(pattern); err == nil || err.Error() != want {
			t.Errorf("Compile(%q): error is %q, want %q", pattern, err, want)
		}
	}
}

// segment is a part of a pattern in the subset that FuzzMatch makes.
type segment struct {
	literal  string // "" for a parameter
	name     string
	optional bool
}

// segmentForms are the spellings of segments; %s is replaced by a name.
var segmentForms = []struct {
	pattern string
	segment segment
}{
	{"/orgs", segment{literal: "orgs"}},
	{"/a.b", segment{literal: "a.b"}},
	{"/\\:k\\*", segment{literal: ":k*"}},
	{"/é", segment{literal: "é"}},
	{"{/c}?", segment{literal: "c", optional: true}},
	{"/:%s", segment{name: "%s"}},
	{"/:%s?", segment{name: "%s", optional: true}},
	{"{/:%s}?", segment{name: "%s", optional: true}},
	{"/:%s([^/#?]+)", segment{name: "%s"}},
}

// makePattern makes a pattern of the forms that the bytes of shape choose.
func makePattern(shape []byte) (pattern string, segments []segment) {
	for i, b := range shape {
		form := segmentForms[int(b)%len(segmentForms)]
		name := "p" + strconv.Itoa(i)
		made := form.segment
		made.name = strings.ReplaceAll(made.name, "%s", name)
		pattern += strings.ReplaceAll(form.pattern, "%s", name)
		segments = append(segments, made)
	}
	return pattern, segments
}

// matchSegments matches a path that is cut at its slashes, one segment after the other. An
// optional segment is there if it can be.
func matchSegments(segments []segment, path []string) (values map[string]string, ok bool) {
	switch {
	case len(segments) == 0 && len(path) == 0:
		return map[string]string{}, true
	case len(segments) == 0:
		return nil, false
	}
	first := segments[0]
	if len(path) > 0 && (first.literal != "" && strings.EqualFold(first.literal, path[0]) ||
		first.literal == "" && path[0] != "" && !strings.ContainsAny(path[0], "#?")) {
		if values, ok := matchSegments(segments[1:], path[1:]); ok {
			if first.name != "" {
				values[first.name] = path[0]
			}
			return values, true
		}
	}
	if first.optional {
		return matchSegments(segments[1:], path)
	}
	return nil, false
}

// matchPath matches a whole path, with or without a delimiter at its end.
func matchPath(segments []segment, path string) (values map[string]string, ok bool) {
	if path != "" && strings.IndexByte("/#?", path[len(path)-1]) >= 0 {
		path = path[:len(path)-1]
	}
	var cut []string
	if rest, found := strings.CutPrefix(path, "/"); found {
		cut = strings.Split(rest, "/")
	} else if path != "" {
		return nil, false
	}
	return matchSegments(segments, cut)
}

// FuzzMatch compares patterns with a matcher that knows segments alone.
func FuzzMatch(f *testing.F) {
	for _, path := range []string{"", "/", "/orgs/x", "/ORGS/x/", "/a.b/:k*/É#", "/x/c/y?", "//x", "/orgs//", "x", "/orgs/a#b", "/a/b/c/d"} {
		for _, shape := range []string{"", "\x00\x05", "\x01\x02\x03", "\x05\x04\x06", "\x07\x08\x04\x05", "\x06\x06\x06"} {
			f.Add([]byte(shape), path)
		}
	}
	f.Fuzz(func(t *testing.T, shape []byte, path string) {
		if len(shape) > 8 {
			t.Skip("the reference takes exponential time")
		}
		pattern, segments := makePattern(shape)
		p, err := Compile(pattern)
		if err != nil {
			t.Fatalf("Compile(%q): %v", pattern, err)
		}
		want, wantOK := matchPath(segments, path)
		got, ok := p.Match(path)
		if diff := cmp.Diff(want, got); diff != "" || ok != wantOK {
			t.Errorf("%q on %q: matches %t, want %t; parameters (-want +got):\n%s", pattern, path, ok, wantOK, diff)
		}
	})
}
