package auth

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCookiesOfThisInstanceAreRead(t *testing.T) {
	t.Parallel()
	const suffix = "1Z8AzTQD"
	tests := map[string]struct {
		lines           []string
		plain, suffixed string // of __session
	}{
		"no cookies":                {},
		"one":                       {lines: []string{"__session=a"}, plain: "a"},
		"among others":              {lines: []string{"x=1; __session=a; y=2"}, plain: "a"},
		"without blanks":            {lines: []string{"x=1;__session=a;y=2"}, plain: "a"},
		"blanks and tabs around":    {lines: []string{"x=1; \t__session \t= \ta\t ;y=2"}, plain: "a"},
		"the first wins":            {lines: []string{"__session=a; __session=b"}, plain: "a"},
		"the first wins, empty":     {lines: []string{"__session=; __session=b"}},
		"on two lines":              {lines: []string{"x=1", "__session=a"}, plain: "a"},
		"the first line wins":       {lines: []string{"__session=a", "__session=b"}, plain: "a"},
		"own suffix":                {lines: []string{"__session_" + suffix + "=s"}, suffixed: "s"},
		"both":                      {lines: []string{"__session=p; __session_" + suffix + "=s"}, plain: "p", suffixed: "s"},
		"suffix of another":         {lines: []string{"__session_QvfNY2dr=s"}},
		"suffix in another case":    {lines: []string{"__session_1z8aztqd=s"}},
		"only a prefix of the name": {lines: []string{"__sessionX=s; __session_=s; __session" + suffix + "=s"}},
		"name in another case":      {lines: []string{"__SESSION=s"}},
		"no equals sign":            {lines: []string{"__session; x"}},
		"equals signs in the value": {lines: []string{"__session=a=b=="}, plain: "a=b=="},
		"quotes are kept":           {lines: []string{`__session="a"`}, plain: `"a"`},
		"escape":                    {lines: []string{"__session=a%2Eb"}, plain: "a.b"},
		"plus is a plus":            {lines: []string{"__session=a+b"}, plain: "a+b"},
		"broken escape":             {lines: []string{"__session=a%2"}, plain: "a%2"},
		"one broken escape of two":  {lines: []string{"__session=%2E%zz"}, plain: "%2E%zz"},
		"escape that is not UTF-8":  {lines: []string{"__session=%ff"}, plain: "%ff"},
		"escaped semicolon":         {lines: []string{"x=1%3B__session=evil"}},
		"escaped semicolon inside":  {lines: []string{"__session=a%3Bb"}, plain: "a;b"},
		"eight kilobytes":           {lines: []string{"__session=" + strings.Repeat("a", 8<<10)}, plain: strings.Repeat("a", 8<<10)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jar := readCookies(http.Header{"Cookie": test.lines}, suffix)
			if got := jar.plain[cookieSession].value; got != test.plain {
				t.Errorf("plain = %q, want %q", got, test.plain)
			}
			if got := jar.suffixed[cookieSession].value; got != test.suffixed {
				t.Errorf("suffixed = %q, want %q", got, test.suffixed)
			}
		})
	}
}

func TestCookiesWithoutASuffixHaveNoSuffixedSet(t *testing.T) {
	t.Parallel()
	jar := readCookies(http.Header{"Cookie": {"__session_=a; __client_uat_=1"}}, "")
	if jar.suffixed != (cookies{}).suffixed {
		t.Errorf("suffixed = %+v, want nothing", jar.suffixed)
	}
}

func TestLeadingIntegerSaturatesAndStops(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"": 0, "0": 0, "1700000000": 1700000000, " 12": 12, "12abc": 12, "abc": 0, "-5": -5, "+5": 5, "--5": 0,
		"1.9": 1, "99999999999999999999999": 1 << 53, "0x10": 0,
	} {
		if got := leadingInteger(text); got != want {
			t.Errorf("leadingInteger(%q) = %d, want %d", text, got, want)
		}
	}
}

// Of the cookies that Clerk sets, the last one named like the session cookie wins.
func TestSessionAmongSetCookies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		directives []string
		want       string
	}{
		"no cookies":                   {nil, ""},
		"plain":                        {[]string{"a=1", "__session=s; Path=/"}, "s"},
		"suffixed":                     {[]string{"__session_x=s"}, "s"},
		"last of several":              {[]string{"__session=a", "__session_x=b", "__client_uat=1"}, "b"},
		"last of several, removed":     {[]string{"__session=a", "__session_x=; Max-Age=0"}, ""},
		"name with the same beginning": {[]string{"__sessionX=s"}, "s"},
		"name with the same ending":    {[]string{"x__session=s"}, ""},
		"up to the next equals sign":   {[]string{"__session=a=b; Path=/"}, "a"},
		"attribute is not a value":     {[]string{"__session; Path=/x"}, ""},
		"value of another":             {[]string{"a=__session=s"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			lines, got := adoptCookies(test.directives)
			if got != test.want || !slices.Equal(lines, test.directives) {
				t.Errorf("session is %q, want %q; the lines are %q", got, test.want, lines)
			}
		})
	}
}

func FuzzCookies(f *testing.F) {
	for _, line := range []string{"__session=a; __session_1Z8AzTQD=b", "x=1%3B__session=evil", "__session=%ff", ";;==;", `__session="a"`, " __client_uat\t= 1 ;__refresh_1Z8AzTQD=r;__sessio=x", "__session;__session=%zz"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		jar := readCookies(http.Header{"Cookie": {line}}, "1Z8AzTQD")
		for i := range cookieNames {
			for _, c := range []cookieValue{jar.plain[i], jar.suffixed[i]} {
				if !c.seen && c.value != "" {
					t.Errorf("%q: a cookie that is absent has the value %q", line, c.value)
				}
				if utf8.ValidString(line) && !utf8.ValidString(c.value) {
					t.Errorf("%q: the value %q is not valid UTF-8", line, c.value)
				}
			}
		}
		// The cookies that Clerk is told are those that are read here.
		if told := readCookies(http.Header{"Cookie": {ownCookies([]string{line}, "1Z8AzTQD")}}, "1Z8AzTQD"); *told != *jar {
			t.Errorf("%q is read as %+v, and what Clerk is told as %+v", line, jar, told)
		}
		if session := jar.plain[cookieSession]; session.seen && !strings.Contains(line, "__session") {
			t.Errorf("%q: the session cookie is %q", line, session.value)
		}
	})
}

// FuzzHandshakeDirectives compares the session among the cookies of a handshake with what
// net/http reads, and checks that each line stays one line.
func FuzzHandshakeDirectives(f *testing.F) {
	for _, directive := range []string{"__session=a.b.c; Path=/; HttpOnly", "__session_1Z8AzTQD=x", "__session=", "__session", "a=__session=x", "__session=a\r\nSet-Cookie: b=c", "__session=a=b; Max-Age=0", " __session=x", "__session=\x7f", "\u0085__session=x"} {
		f.Add(directive, "__client_uat=1; Path=/")
		f.Add("__session=first", directive)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		lines, session := adoptCookies([]string{first, second})
		var want []string
		wantSession := ""
		for _, directive := range []string{first, second} {
			if strings.ContainsFunc(directive, unicode.IsControl) {
				continue
			}
			want = append(want, directive)
			cookie, err := http.ParseSetCookie(directive)
			switch {
			case err == nil && strings.HasPrefix(cookie.Name, "__session") && strings.HasPrefix(directive, "__session"):
				wantSession, _, _ = strings.Cut(cookie.Value, "=")
				if cookie.Quoted || strings.ContainsAny(directive, "\" ") {
					t.Skip("net/http takes off quotes and blanks")
				}
			case strings.HasPrefix(directive, "__session"):
				t.Skip("net/http reads no cookie")
			}
		}
		if !slices.Equal(lines, want) || session != wantSession {
			t.Errorf("of %q and %q the lines are %q with the session %q, want %q with %q", first, second, lines, session, want, wantSession)
		}
		var written strings.Builder
		if err := (http.Header{"Set-Cookie": lines}).Write(&written); err != nil || strings.Count(written.String(), "\n") != len(lines) {
			t.Errorf("%q is written as %q, %v", lines, written.String(), err)
		}
	})
}
