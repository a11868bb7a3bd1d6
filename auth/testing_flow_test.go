package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/google/go-cmp/cmp"
)

type flowCase struct {
	options  []Option
	target   string
	request  []requestOption
	status   Status
	reason   Reason
	message  string      // what it contains; "" for none but that of a guest
	location string      // of a handshake
	header   http.Header // without the fields for the reason and the handshake
}

func runFlow(t *testing.T, tests map[string]flowCase) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func (c flowCase) check(t *testing.T) {
	t.Helper()
	target := c.target
	if target == "" {
		target = "/"
	}
	a := newTestAuthenticator(t, c.options...)
	authenticate := func(more ...requestOption) *State {
		return stateOf(t, a, newRequest(t, target, append(c.request[:len(c.request):len(c.request)], more...)...))
	}
	s := authenticate()
	if s.Status != c.status || s.Reason != c.reason || s.TokenType != SessionToken {
		t.Errorf("state is %v, want %q, %q", s, c.status, c.reason)
	}
	if message := withoutGuestMessage(s.Message); !strings.Contains(s.Message, c.message) || (message == "") != (c.message == "") {
		t.Errorf("message is %q, want %q in it", s.Message, c.message)
	}
	if s.Auth().IsAuthenticated() != (c.status == StatusSignedIn) || s.Err() != nil {
		t.Errorf("IsAuthenticated = %t with status %q, err %v", s.Auth().IsAuthenticated(), s.Status, s.Err())
	}
	byCookie := newRequest(t, target, c.request...).Header["Authorization"] == nil
	if diff := cmp.Diff(c.wantHeader(s.Message, byCookie), s.Header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if c.status != StatusHandshake {
		return
	}
	if s := authenticate(withCookie("__clerk_redirect_count", "3")); s.Status == StatusHandshake || s.Header.Get("Location") != "" {
		t.Errorf("after three redirects the state is %v", s)
	}
	if s := authenticate(withMethod(http.MethodOptions)); s.Status == StatusHandshake || s.Header.Get("Location") != "" {
		t.Errorf("for OPTIONS the state is %v", s)
	}
}

// withoutGuestMessage returns message, or "" for what every guest is told.
func withoutGuestMessage(message string) string {
	switch message {
	case messagePreflight, messageScheme, messageNoToken, messageNothing:
		return ""
	default:
		return message
	}
}

// wantHeader returns every field that the response must have.
func (c flowCase) wantHeader(message string, byCookie bool) http.Header {
	want := c.header.Clone()
	if c.status == StatusSignedIn || c.status == StatusPending {
		if want == nil && byCookie {
			want = http.Header{"Cache-Control": {"private"}}
		}
		return want
	}
	if want == nil {
		want = make(http.Header)
	}
	want.Set("X-Clerk-Auth-Status", string(c.status))
	want.Set("X-Clerk-Auth-Reason", string(c.reason))
	if message != "" {
		want.Set("X-Clerk-Auth-Message", message)
	}
	if c.status == StatusHandshake {
		want.Set("Location", c.location)
		want.Set("Cache-Control", "no-store")
		want.Set("Set-Cookie", "__clerk_redirect_count=1; SameSite=Lax; HttpOnly; Max-Age=2")
	}
	return want
}

// wantHandshake checks that a state sends the browser to location.
func wantHandshake(t *testing.T, s *State, reason Reason, location string) {
	t.Helper()
	if s.Status != StatusHandshake || s.Reason != reason {
		t.Fatalf("state is %v, want a handshake for %q", s, reason)
	}
	if diff := cmp.Diff(location, s.Header.Get("Location")); diff != "" {
		t.Errorf("Location (-want +got):\n%s", diff)
	}
	if s.Auth().IsAuthenticated() || s.Err() != nil {
		t.Errorf("a handshake is authenticated %t, err %v", s.Auth().IsAuthenticated(), s.Err())
	}
}

// frontendURL returns the URL of the frontend API for a handshake that comes back to
// page, with more parameters of the form &name=value.
func frontendURL(base, page, suffixed string, reason Reason, more string) string {
	return base + "/v1/client/handshake?redirect_url=" + url.QueryEscape(page) + "&__clerk_api_version=" + clerk.APIVersion +
		"&suffixed_cookies=" + suffixed + "&__clerk_hs_reason=" + string(reason) + "&format=nonce" + more
}

const (
	page = "http://app.example.com/"
	fapi = "https://clerk.example.com"
)
