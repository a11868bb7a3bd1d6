package weburl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestNewOriginIsThatOfBrowsers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ scheme, host, want string }{
		{"https", "a.example", "https://a.example"},
		{"HTTPS", "A.Example", "https://a.example"},
		{"https", "a.example:443", "https://a.example"},
		{"http", "a.example:80", "http://a.example"},
		{"https", "a.example:80", "https://a.example:80"},
		{"http", "a.example:443", "http://a.example:443"},
		{"http", "a.example:0080", "http://a.example"},
		{"http", "a.example:08080", "http://a.example:8080"},
		{"http", "a.example:65535", "http://a.example:65535"},
		{"http", "localhost", "http://localhost"},
		{"http", "a_b-c.example.", "http://a_b-c.example."},
		{"http", "127.0.0.1:1", "http://127.0.0.1:1"},
		{"http", "[::1]", "http://[::1]"},
		{"http", "[2001:DB8::1]:80", "http://[2001:db8::1]"},
		{"http", strings.Repeat("a", 253), "http://" + strings.Repeat("a", 253)},
	} {
		o, err := weburl.NewOrigin(test.scheme, test.host)
		if err != nil || o.String() != test.want {
			t.Errorf("NewOrigin(%q, %q) = %s, %v, want %s", test.scheme, test.host, o, err, test.want)
		}
	}
}

func TestNewOriginRefusesOtherText(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"", "ftp", "javascript", "https:", "https://", " https", "ws", "httpſ"} {
		if o, err := weburl.NewOrigin(scheme, "a.example"); err == nil {
			t.Errorf("the scheme %q is accepted as %s", scheme, o)
		}
	}
	for _, host := range []string{
		"", ".", ".a", "a..b", "a b", " a", "a ", "a/b", "a/", `a\b`, "a?b", "a#b", "u@a", "u:p@a", "a,b", "a%62", "a:b", "a:", "a:0", "a:-1", "a:+1", "a:65536", "a:1:2", ":1", "a:1 ",
		"é.example", "a\x00", "a\n", "[::1", "::1", "[]", "[a]", "[127.0.0.1]", "[fe80::1%eth0]", "[::1]a", "[[::1]]", "[::1]]", "a]", strings.Repeat("a", 254),
	} {
		if o, err := weburl.NewOrigin("https", host); err == nil {
			t.Errorf("the host %q is accepted as %s", host, o)
		}
	}
}

func TestParseOriginTakesNothingElse(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://a.example": "https://a.example", "https://a.example/": "https://a.example", "HTTP://A.example:80": "http://a.example",
		"https://a.example/x": "", "https://a.example?": "", "https://a.example/?x": "", "https://a.example#": "", "https://u@a.example": "",
		"a.example": "", "//a.example": "", "/": "", "": "", "ftp://a.example": "", "https://": "",
	} {
		o, err := weburl.ParseOrigin(raw)
		got := o.String()
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("ParseOrigin(%q) = %q, %v, want %q", raw, got, err, want)
		}
	}
}

func TestOriginIsLoopback(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"http://localhost:3000": true, "http://app.localhost": true, "http://127.0.0.1": true, "http://127.9.9.9:1": true,
		"http://[::1]:3000": true, "http://localhost.evil.example": false, "http://10.0.0.1": false, "http://notlocalhost": false,
	} {
		o, err := weburl.ParseOrigin(raw)
		if err != nil || o.IsLoopback() != want {
			t.Errorf("%s: loopback = %t (%v), want %t", raw, o.IsLoopback(), err, want)
		}
	}
}

// FuzzOrigin checks that net/url finds nothing but the scheme and the host in an origin.
func FuzzOrigin(f *testing.F) {
	for _, host := range []string{"app.example.com", "[::1]:3000", "a@b", "a:b@c:1", "x/y", "A:0080", "a:1:2", "[::1%25x]"} {
		f.Add("https", host)
	}
	f.Fuzz(func(t *testing.T, scheme, host string) {
		o, err := weburl.NewOrigin(scheme, host)
		if err != nil {
			return
		}
		u, err := url.Parse(o.String())
		if err != nil || u.Scheme != o.Scheme || u.Host != o.Host || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("NewOrigin(%q, %q) = %v, which parses as %+v, %v", scheme, host, o, u, err)
		}
		if again, err := weburl.NewOrigin(o.Scheme, o.Host); err != nil || again != o {
			t.Errorf("NewOrigin(%q, %q) = %v, and of that %v, %v", scheme, host, o, again, err)
		}
	})
}
