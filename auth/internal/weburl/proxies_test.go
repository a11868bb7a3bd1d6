package weburl_test

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestRequestOriginBelievesOnlyTrustedPeers(t *testing.T) {
	t.Parallel()
	const evil = "evil.example"
	forwarded := func(host, proto string) []requestOption {
		return []requestOption{withField("X-Forwarded-Host", host), withField("X-Forwarded-Proto", proto)}
	}
	named := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("fe80::/10")}
	tests := map[string]struct {
		proxies weburl.Proxies
		peer    string
		target  string
		request []requestOption
		want    string
	}{
		"no headers":               {peer: "127.0.0.1:1", want: "http://app.example.com"},
		"over TLS":                 {peer: "127.0.0.1:1", request: []requestOption{func(r *http.Request) { r.TLS = &tls.ConnectionState{} }}, want: "https://app.example.com"},
		"stranger":                 {peer: "198.51.100.1:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"stranger over IPv6":       {peer: "[2001:db8::1]:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"peer that is no address":  {peer: "@", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"loopback":                 {peer: "127.0.0.1:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"loopback over IPv6":       {peer: "[::1]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"loopback, mapped":         {peer: "[::ffff:127.0.0.1]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"private":                  {peer: "10.1.2.3:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"private over IPv6":        {peer: "[fd00::1%eth0]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named":                    {proxies: weburl.Proxies{Trusted: named}, peer: "203.0.113.9:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named, mapped":            {proxies: weburl.Proxies{Trusted: named}, peer: "[::ffff:203.0.113.9]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named, with a zone":       {proxies: weburl.Proxies{Trusted: named}, peer: "[fe80::1%eth0]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"link-local, not named":    {peer: "[fe80::1%eth0]:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"beside those named":       {proxies: weburl.Proxies{Trusted: named}, peer: "203.0.114.9:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"fixed":                    {proxies: weburl.Proxies{Public: weburl.Origin{Scheme: "https", Host: "fixed.example"}}, peer: "10.1.2.3:1", request: forwarded(evil, "http"), want: "https://fixed.example"},
		"first of several":         {peer: "10.1.2.3:1", request: forwarded("public.example,inner.example", "https,http"), want: "https://public.example"},
		"host alone":               {peer: "10.1.2.3:1", request: []requestOption{withField("X-Forwarded-Host", "public.example")}, want: "http://public.example"},
		"proto alone":              {peer: "10.1.2.3:1", request: []requestOption{withField("X-Forwarded-Proto", "https")}, want: "https://app.example.com"},
		"empty host":               {peer: "10.1.2.3:1", request: forwarded("", "https"), want: "http://app.example.com"},
		"empty proto":              {peer: "10.1.2.3:1", request: forwarded("public.example", ""), want: "http://app.example.com"},
		"CloudFront":               {peer: "10.1.2.3:1", request: []requestOption{withField("CloudFront-Forwarded-Proto", "https")}, want: "https://app.example.com"},
		"CloudFront, other wins":   {peer: "10.1.2.3:1", request: []requestOption{withField("CloudFront-Forwarded-Proto", "https"), withField("X-Forwarded-Proto", "http")}, want: "http://app.example.com"},
		"port":                     {peer: "10.1.2.3:1", request: forwarded("public.example:8443", "https"), want: "https://public.example:8443"},
		"scheme's own port":        {peer: "10.1.2.3:1", request: forwarded("PUBLIC.example:443", "HTTPS"), want: "https://public.example"},
		"IPv6 host":                {peer: "10.1.2.3:1", request: forwarded("[2001:db8::1]:8443", "https"), want: "https://[2001:db8::1]:8443"},
		"host with a user":         {peer: "10.1.2.3:1", request: forwarded("app.example.com@evil.example", "https"), want: "http://app.example.com"},
		"host with a path":         {peer: "10.1.2.3:1", request: forwarded("evil.example/x", "https"), want: "http://app.example.com"},
		"host with a query":        {peer: "10.1.2.3:1", request: forwarded("evil.example?x", "https"), want: "http://app.example.com"},
		"host with a backslash":    {peer: "10.1.2.3:1", request: forwarded(`evil.example\x`, "https"), want: "http://app.example.com"},
		"host with a blank":        {peer: "10.1.2.3:1", request: forwarded(" evil.example", "https"), want: "http://app.example.com"},
		"host with a bad port":     {peer: "10.1.2.3:1", request: forwarded("evil.example:99999", "https"), want: "http://app.example.com"},
		"other scheme":             {peer: "10.1.2.3:1", request: forwarded("public.example", "javascript"), want: "http://app.example.com"},
		"path of two slashes":      {peer: "10.1.2.3:1", target: "http://app.example.com//evil.example/x", request: forwarded("public.example", "https"), want: "https://public.example"},
		"Host that is no host":     {peer: "198.51.100.1:1", request: []requestOption{func(r *http.Request) { r.Host = "a@b" }}, want: "http://"},
		"forwarded port is unread": {peer: "10.1.2.3:1", request: []requestOption{withField("X-Forwarded-Port", "8443")}, want: "http://app.example.com"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := test.target
			if target == "" {
				target = "/"
			}
			r := newRequest(t, target, test.request...)
			r.RemoteAddr = test.peer
			if got := test.proxies.RequestOrigin(r).String(); got != test.want {
				t.Errorf("RequestOrigin = %q, want %q", got, test.want)
			}
		})
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

// Whatever makes an origin is nothing but a scheme and a host in a URL, too.
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
