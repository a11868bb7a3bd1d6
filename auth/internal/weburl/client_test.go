package weburl_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestClientAddressIsThatWhichTrustedPeersReport(t *testing.T) {
	t.Parallel()
	const header = "Cf-Connecting-Ip"
	named := weburl.Proxies{Trusted: []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}}
	for name, test := range map[string]struct {
		peer      string
		forwarded []string
		client    []string
		want      string
	}{
		"stranger's own words":       {peer: "203.0.113.9:1", forwarded: []string{"6.6.6.6, 10.0.0.9"}, client: []string{"6.6.6.6"}, want: "203.0.113.9"},
		"rightmost stranger":         {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6, 10.0.0.9"}, want: "6.6.6.6"},
		"what a client wrote before": {peer: "10.0.0.9:1", forwarded: []string{"1.1.1.1, 6.6.6.6"}, want: "6.6.6.6"},
		"several lines":              {peer: "10.0.0.9:1", forwarded: []string{"1.1.1.1", "6.6.6.6,127.0.0.1", "10.0.0.8"}, want: "6.6.6.6"},
		"named proxies":              {peer: "198.51.100.7:1", forwarded: []string{"6.6.6.6, 198.51.100.8"}, want: "6.6.6.6"},
		"with a port":                {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6:80"}, want: "6.6.6.6"},
		"garbage on the right":       {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6, unknown"}, want: "10.0.0.9"},
		"garbage on the left":        {peer: "10.0.0.9:1", forwarded: []string{"unknown, 6.6.6.6"}, want: "6.6.6.6"},
		"nothing":                    {peer: "10.0.0.9:1", want: "10.0.0.9"},
		"an empty line":              {peer: "10.0.0.9:1", forwarded: []string{""}, want: "10.0.0.9"},
		"proxies alone":              {peer: "10.0.0.9:1", forwarded: []string{"10.0.0.7, 10.0.0.8"}, want: "10.0.0.9"},
		"many commas":                {peer: "10.0.0.9:1", forwarded: []string{strings.Repeat(",", 9999)}, want: "10.0.0.9"},
		"peer without an address":    {peer: "@", forwarded: []string{"6.6.6.6"}, client: []string{"6.6.6.6"}, want: "invalid IP"},
		"mapped peer":                {peer: "[::ffff:203.0.113.9]:1", want: "203.0.113.9"},
		"peer with a zone":           {peer: "[fe80::1%eth0]:1", want: "fe80::1"},

		"header":                  {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"7.7.7.7"}, want: "7.7.7.7"},
		"header with a port":      {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{" 7.7.7.7:443"}, want: "7.7.7.7"},
		"header with IPv6":        {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"2001:db8::7"}, want: "2001:db8::7"},
		"header with brackets":    {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"[2001:db8::7]"}, want: "2001:db8::7"},
		"brackets and a port":     {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"[2001:db8::7]:443"}, want: "2001:db8::7"},
		"header with two values":  {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"7.7.7.7, 8.8.8.8"}, want: "6.6.6.6"},
		"two lines of the header": {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"7.7.7.7", "8.8.8.8"}, want: "6.6.6.6"},
		"header with garbage":     {peer: "10.0.0.9:1", forwarded: []string{"6.6.6.6"}, client: []string{"7.7.7"}, want: "6.6.6.6"},
		"text behind brackets":    {peer: "10.0.0.9:1", client: []string{"[2001:db8::7]x"}, want: "10.0.0.9"},
		"half of the brackets":    {peer: "10.0.0.9:1", client: []string{"[2001:db8::7"}, want: "10.0.0.9"},
		"a bracket alone":         {peer: "10.0.0.9:1", client: []string{"["}, want: "10.0.0.9"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/")
			r.RemoteAddr, r.Header = test.peer, http.Header{"X-Forwarded-For": test.forwarded, header: test.client}
			if got := named.ClientAddress(r, header); got.String() != test.want {
				t.Errorf("ClientAddress = %s, want %s", got, test.want)
			}
			if got := named.ClientAddress(r, ""); len(test.client) > 0 && got.String() == test.client[0] {
				t.Errorf("ClientAddress = %s, without a header to read", got)
			}
		})
	}
}
