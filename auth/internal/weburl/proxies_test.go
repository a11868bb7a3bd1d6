package weburl_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// forwarded sets the two headers of a proxy.
func forwarded(host, proto string) []requestOption {
	return []requestOption{withField("X-Forwarded-Host", host), withField("X-Forwarded-Proto", proto)}
}

func TestRequestOriginBelievesOnlyTrustedPeers(t *testing.T) {
	t.Parallel()
	const evil = "evil.example"
	named := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("fe80::/10")}
	tests := map[string]struct {
		proxies weburl.Proxies
		peer    string
		target  string
		request []requestOption
		want    string
	}{
		"no headers":              {peer: "127.0.0.1:1", want: "http://app.example.com"},
		"over TLS":                {peer: "127.0.0.1:1", request: []requestOption{func(r *http.Request) { r.TLS = &tls.ConnectionState{} }}, want: "https://app.example.com"},
		"stranger":                {peer: "198.51.100.1:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"stranger over IPv6":      {peer: "[2001:db8::1]:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"peer without an address": {peer: "@", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"loopback":                {peer: "127.0.0.1:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"loopback over IPv6":      {peer: "[::1]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"loopback, mapped":        {peer: "[::ffff:127.0.0.1]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"private":                 {peer: "10.1.2.3:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"private over IPv6":       {peer: "[fd00::1%eth0]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named":                   {proxies: weburl.Proxies{Trusted: named}, peer: "203.0.113.9:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named, mapped":           {proxies: weburl.Proxies{Trusted: named}, peer: "[::ffff:203.0.113.9]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"named, with a zone":      {proxies: weburl.Proxies{Trusted: named}, peer: "[fe80::1%eth0]:1", request: forwarded("public.example", "https"), want: "https://public.example"},
		"link-local, not named":   {peer: "[fe80::1%eth0]:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"not among those named":   {proxies: weburl.Proxies{Trusted: named}, peer: "203.0.114.9:1", request: forwarded(evil, "https"), want: "http://app.example.com"},
		"fixed":                   {proxies: weburl.Proxies{Public: weburl.Origin{Scheme: "https", Host: "fixed.example"}}, peer: "10.1.2.3:1", request: forwarded(evil, "http"), want: "https://fixed.example"},
		"path of two slashes":     {peer: "10.1.2.3:1", target: "http://app.example.com//evil.example/x", request: forwarded("public.example", "https"), want: "https://public.example"},
		"invalid host":            {peer: "198.51.100.1:1", request: []requestOption{func(r *http.Request) { r.Host = "a@b" }}, want: "http://"},
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

func TestRequestOriginReadsForwardedHeaders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request []requestOption
		want    string
	}{
		"first of several":          {request: forwarded("public.example,inner.example", "https,http"), want: "https://public.example"},
		"host alone":                {request: []requestOption{withField("X-Forwarded-Host", "public.example")}, want: "http://public.example"},
		"proto alone":               {request: []requestOption{withField("X-Forwarded-Proto", "https")}, want: "https://app.example.com"},
		"empty host":                {request: forwarded("", "https"), want: "http://app.example.com"},
		"empty proto":               {request: forwarded("public.example", ""), want: "http://app.example.com"},
		"CloudFront":                {request: []requestOption{withField("CloudFront-Forwarded-Proto", "https")}, want: "https://app.example.com"},
		"CloudFront, other wins":    {request: []requestOption{withField("CloudFront-Forwarded-Proto", "https"), withField("X-Forwarded-Proto", "http")}, want: "http://app.example.com"},
		"port":                      {request: forwarded("public.example:8443", "https"), want: "https://public.example:8443"},
		"scheme's own port":         {request: forwarded("PUBLIC.example:443", "HTTPS"), want: "https://public.example"},
		"IPv6 host":                 {request: forwarded("[2001:db8::1]:8443", "https"), want: "https://[2001:db8::1]:8443"},
		"host with a user":          {request: forwarded("app.example.com@evil.example", "https"), want: "http://app.example.com"},
		"host with a path":          {request: forwarded("evil.example/x", "https"), want: "http://app.example.com"},
		"host with a query":         {request: forwarded("evil.example?x", "https"), want: "http://app.example.com"},
		"host with a backslash":     {request: forwarded(`evil.example\x`, "https"), want: "http://app.example.com"},
		"host with a space":         {request: forwarded("evil .example", "https"), want: "http://app.example.com"},
		"blanks around the values":  {request: forwarded(" public.example , inner", "\thttps , http"), want: "https://public.example"},
		"host with a bad port":      {request: forwarded("evil.example:99999", "https"), want: "http://app.example.com"},
		"other scheme":              {request: forwarded("public.example", "javascript"), want: "http://app.example.com"},
		"forwarded port is ignored": {request: []requestOption{withField("X-Forwarded-Port", "8443")}, want: "http://app.example.com"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", test.request...)
			r.RemoteAddr = "10.1.2.3:1"
			var p weburl.Proxies
			if got := p.RequestOrigin(r).String(); got != test.want {
				t.Errorf("RequestOrigin = %q, want %q", got, test.want)
			}
		})
	}
}

func TestParseTrustedTakesAddressesAndRanges(t *testing.T) {
	t.Parallel()
	list := []string{"203.0.113.7", "2001:db8::1", "::ffff:198.51.100.7", "10.1.2.3/8", "2001:db8::1/32", "0.0.0.0/0", "::ffff:203.0.113.0/120", "::ffff:0:0/96"}
	got, err := weburl.ParseTrusted(list)
	if text := fmt.Sprint(got); err != nil || text != "[203.0.113.7/32 2001:db8::1/128 198.51.100.7/32 10.0.0.0/8 2001:db8::/32 0.0.0.0/0 203.0.113.0/24 0.0.0.0/0]" {
		t.Errorf("ParseTrusted(%q) = %s, %v", list, text, err)
	}
	if got, err := weburl.ParseTrusted(nil); err != nil || len(got) != 0 {
		t.Errorf("ParseTrusted(nil) = %v, %v", got, err)
	}
	for _, text := range []string{"", "a.example", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::1%eth0", "fe80::1%eth0/64", "10.0.0.1:80", " 10.0.0.1", "10.0.0.1,10.0.0.2", "::ffff:203.0.113.0/95"} {
		_, err := weburl.ParseTrusted([]string{"10.0.0.1", text})
		if err == nil || !strings.Contains(err.Error(), strconv.Quote(text)) {
			t.Errorf("ParseTrusted(%q): error is %v, want one that names it", text, err)
		}
	}
}

// An IPv4 range in the form of IPv6 addresses means the same peers.
func TestMappedRangeIsThatOfItsAddresses(t *testing.T) {
	t.Parallel()
	trusted, err := weburl.ParseTrusted([]string{"::ffff:203.0.113.0/120"})
	if err != nil {
		t.Fatal(err)
	}
	p := weburl.Proxies{Trusted: trusted}
	for peer, want := range map[string]string{
		"203.0.113.9:1": "https://public.example", "[::ffff:203.0.113.9]:1": "https://public.example", "203.0.114.9:1": "http://app.example.com",
	} {
		r := newRequest(t, "/", forwarded("public.example", "https")...)
		r.RemoteAddr = peer
		if got := p.RequestOrigin(r).String(); got != want {
			t.Errorf("%s: RequestOrigin = %q, want %q", peer, got, want)
		}
	}
}

func TestIgnoredHeadersAreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		proxies weburl.Proxies
		peer    string
		request []requestOption
		want    string
	}{
		"stranger":          {peer: "198.51.100.1:1", request: forwarded("a.example", "https"), want: "[X-Forwarded-Host X-Forwarded-Proto]"},
		"stranger, nothing": {peer: "198.51.100.1:1", want: "[]"},
		"CloudFront":        {peer: "198.51.100.1:1", request: []requestOption{withField("CloudFront-Forwarded-Proto", "https")}, want: "[Cloudfront-Forwarded-Proto]"},
		"trusted":           {peer: "10.1.2.3:1", request: forwarded("a.example", "https"), want: "[]"},
		"fixed":             {proxies: weburl.Proxies{Public: weburl.Origin{Scheme: "https", Host: "a.example"}}, peer: "198.51.100.1:1", request: forwarded("a.example", "https"), want: "[]"},
	} {
		r := newRequest(t, "/", test.request...)
		r.RemoteAddr = test.peer
		if _, names := test.proxies.Ignored(r); fmt.Sprint(names) != test.want {
			t.Errorf("%s: %v, want %s", name, names, test.want)
		}
	}
}
