package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// A forwarded host from a peer that is not trusted must not turn another site's page into
// one of the service.
func TestUntrustedForwardedHostDoesNotMakeAReferrerOurs(t *testing.T) {
	t.Parallel()
	r := newRequest(t, "/", signedInCookies(t), asPageLoad, withField("Referer", "https://evil.example/"),
		withField("X-Forwarded-Host", "evil.example"), withField("X-Forwarded-Proto", "https"))
	for peer, want := range map[string]Reason{"198.51.100.1:1": ReasonPrimaryDomainCrossOriginSync, "10.0.0.1:1": ""} {
		r.RemoteAddr = peer
		if s := stateOf(t, newTestAuthenticator(t), r); s.Reason != want {
			t.Errorf("from %s the reason is %q, want %q", peer, s.Reason, want)
		}
	}
}

// Whatever a request says about its URL, the browser returns to the host of the request.
func TestRedirectsReturnToTheOwnHost(t *testing.T) {
	t.Parallel()
	const own = "http://app.example.com"
	target := func(raw string) requestOption {
		u, err := url.ParseRequestURI(raw)
		if err != nil {
			t.Fatal(err)
		}
		return func(r *http.Request) { r.RequestURI, r.URL = raw, u }
	}
	for name, test := range map[string]struct {
		request requestOption
		want    string
	}{
		"path of two slashes":          {target("//evil.example/x"), own + "//evil.example/x"},
		"path with a backslash":        {target(`/\evil.example`), own + "//evil.example"},
		"path that looks like a user":  {target("/@evil.example"), own + "/@evil.example"},
		"URL of another host":          {target("http://evil.example/x"), own + "/x"},
		"user before another host":     {target("https://app@evil.example/x"), own + "/x"},
		"parameter for the redirect":   {target("/?redirect_url=//evil.example"), own + "/?redirect_url=%2F%2Fevil.example"},
		"script for a target":          {target("javascript:alert(1)"), own + "/"},
		"forwarded host of a stranger": {withField("X-Forwarded-Host", "evil.example"), own + "/"},
		"forwarded by a stranger":      {withField("Forwarded", "host=evil.example;proto=https"), own + "/"},
		"scheme of a stranger":         {withField("X-Forwarded-Proto", "javascript"), own + "/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"), test.request)
			r.RemoteAddr = "203.0.113.1:1"
			s := stateOf(t, newTestAuthenticator(t), r)
			wantHandshake(t, s, ReasonClientUATButNoSessionToken, frontendURL(fapi, test.want, "false", ReasonClientUATButNoSessionToken, ""))
			withCookie("__clerk_handshake", mintHandshake(t, nil))(r)
			back := stateOf(t, newTestAuthenticator(t, WithPublishableKey(devKey)), r)
			if got := back.Header.Get("Location"); got != test.want {
				t.Errorf("after the handshake the browser is redirected to %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzRedirectTarget checks that the browser is redirected to the frontend API and back
// to the host of the request, whatever the request says.
func FuzzRedirectTarget(f *testing.F) {
	for _, target := range []string{"/", "//evil.example/x", `/\evil.example`, "/?redirect_url=https://evil.example", "/@evil.example", "/#\r\nX: y", "/?__clerk_db_jwt=a&__clerk_redirect_url=https://evil.example"} {
		f.Add(target, "evil.example", "https", "https://evil.example/")
	}
	f.Add("*", "app.example.com@evil.example", "javascript", "")
	live, dev := newTestAuthenticator(f), newTestAuthenticator(f, WithPublishableKey(devKey), WithSignInURL("/in"))
	f.Fuzz(func(t *testing.T, target, host, proto, referrer string) {
		r := newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"))
		r.RequestURI, r.RemoteAddr = target, "203.0.113.1:1"
		for name, value := range map[string]string{"X-Forwarded-Host": host, "Forwarded": "host=" + host, "X-Original-Url": host, "X-Forwarded-Proto": proto, "Referer": referrer, "Origin": referrer} {
			r.Header.Set(name, value)
		}
		for _, a := range []*Authenticator{live, dev} {
			s := stateOf(t, a, r)
			if s.Status != StatusHandshake {
				t.Fatalf("%q: state is %v", target, s)
			}
			location := s.Header.Get("Location")
			u, err := url.Parse(location)
			if err != nil || strings.ContainsAny(location, "\r\n\x00") {
				t.Fatalf("%q redirects to %q", target, location)
			}
			if s.Reason == ReasonPrimaryRespondsToSyncing {
				u, err := weburl.Parse(location)
				if err != nil || !u.Origin.IsLoopback() {
					t.Errorf("%q redirects to %q", target, location)
				}
				continue
			}
			if u.Scheme != "https" || u.Host != "clerk.example.com" || u.Path != "/v1/client/handshake" {
				t.Errorf("%q redirects to %q", target, location)
			}
			if back := u.Query().Get("redirect_url"); !strings.HasPrefix(back, "http://app.example.com/") {
				t.Errorf("%q redirects back to %q", target, back)
			}
		}
	})
}
