package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

const (
	testResource = "https://mcp.example/mcp"
	testDocument = "https://mcp.example/.well-known/oauth-protected-resource/mcp"
)

// resourceAuthenticator is an Authenticator of testResource that accepts every token.
func resourceAuthenticator(tb testing.TB, opts ...Option) *Authenticator {
	tb.Helper()
	return newMachineBackend(tb, http.StatusOK, "").authenticator(tb,
		append([]Option{everyType(), WithPublishableKey(liveKey), WithResource(testResource)}, opts...)...)
}

func TestResourceMetadataIsWhereClientsLook(t *testing.T) {
	t.Parallel()
	const wellKnown = "/.well-known/oauth-protected-resource"
	for resource, path := range map[string]string{
		testResource:                 wellKnown + "/mcp",
		"https://mcp.example":        wellKnown,
		"https://mcp.example/":       wellKnown,
		"https://mcp.example:8443/a": wellKnown + "/a",
		"https://mcp.example/mcp/":   wellKnown + "/mcp/",
		"https://mcp.example/a%2Fb":  wellKnown + "/a%2Fb",
		"https://mcp.example//x":     wellKnown + "//x",
		"http://127.0.0.1:8080/mcp":  wellKnown + "/mcp",
		"http://localhost/mcp":       wellKnown + "/mcp",
	} {
		a := newTestAuthenticator(t, everyTypeButKeys(), WithPublishableKey(liveKey), WithResource(resource))
		r := newRequest(t, path)
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		response := serve(t, a.ResourceMetadata(), r)
		document, _ := json.Marshal(resource)
		want := `{"resource":` + string(document) + `,"authorization_servers":["https://clerk.example.com"],"bearer_methods_supported":["header"]}`
		if got := bodyOf(t, response); response.StatusCode != http.StatusOK || got != want {
			t.Errorf("%s: status %d, %s, want %s", resource, response.StatusCode, got, want)
		}
		if diff := cmp.Diff(http.Header{"Content-Type": {"application/json"}, "Content-Length": response.Header["Content-Length"],
			"Cache-Control": {"public, max-age=3600"}, "Access-Control-Allow-Origin": {"*"}}, response.Header); diff != "" {
			t.Errorf("%s: header (-want +got):\n%s", resource, diff)
		}
		for _, other := range []string{"/", wellKnown + "/other", path + "x", strings.TrimSuffix(path, "/mcp") + "/mcp/x", "/.well-known"} {
			if response := serve(t, a.ResourceMetadata(), newRequest(t, other)); response.StatusCode != http.StatusNotFound || response.Header.Get("WWW-Authenticate") != "" {
				t.Errorf("%s: %s has status %d", resource, other, response.StatusCode)
			}
		}
	}
	a := resourceAuthenticator(t)
	if response := serve(t, a.ResourceMetadata(), newRequest(t, wellKnown)); response.StatusCode != http.StatusNotFound {
		t.Errorf("the document of another resource has status %d", response.StatusCode)
	}
}

func TestResourceMetadataSaysWhatIsConfigured(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, everyTypeButKeys(), WithPublishableKey(liveKey), WithSatellite(true), WithDomain("satellite.example"), WithSignInURL("https://a.example"),
		WithProxyURL("https://app.example.com/__clerk"),
		WithResource(testResource, AdvertisedScopes("a", "b:c"), ResourceName(`The "best"`), ResourceDocumentation("https://docs.example/mcp")))
	want := `{"resource":"https://mcp.example/mcp","authorization_servers":["https://clerk.satellite.example"],"bearer_methods_supported":["header"],` +
		`"scopes_supported":["a","b:c"],"resource_name":"The \"best\"","resource_documentation":"https://docs.example/mcp"}`
	if got := bodyOf(t, serve(t, a.ResourceMetadata(), newRequest(t, "/.well-known/oauth-protected-resource/mcp"))); got != want {
		t.Errorf("the document is %s, want %s", got, want)
	}
}

func TestResourceMetadataOfOtherMethods(t *testing.T) {
	t.Parallel()
	h := resourceAuthenticator(t).ResourceMetadata()
	for method, want := range map[string]struct {
		status int
		header http.Header
	}{
		http.MethodHead:    {http.StatusOK, http.Header{"Content-Type": {"application/json"}}},
		http.MethodOptions: {http.StatusNoContent, http.Header{"Access-Control-Allow-Methods": {"GET, HEAD, OPTIONS"}, "Access-Control-Allow-Headers": {"*"}}},
		http.MethodPost:    {http.StatusMethodNotAllowed, http.Header{"Allow": {"GET, HEAD, OPTIONS"}}},
	} {
		response := serve(t, h, newRequest(t, "/.well-known/oauth-protected-resource/mcp", withMethod(method),
			withField("Origin", "https://inspector.example"), withField("Access-Control-Request-Headers", "mcp-protocol-version")))
		for name, values := range want.header {
			if diff := cmp.Diff(values, response.Header[name]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", method, name, diff)
			}
		}
		if response.StatusCode != want.status || response.Header.Get("Access-Control-Allow-Origin") != "*" || method == http.MethodHead && bodyOf(t, response) != "" {
			t.Errorf("%s: status %d, %v", method, response.StatusCode, response.Header)
		}
	}
}

func TestResourceMetadataWithoutAResource(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("it does not panic")
		}
		for _, a := range []*Authenticator{nil, {}} {
			if response := serve(t, a.ResourceMetadata(), newRequest(t, "/")); response.StatusCode != http.StatusInternalServerError {
				t.Errorf("without an Authenticator the status is %d", response.StatusCode)
			}
		}
	}()
	newTestAuthenticator(t).ResourceMetadata()
}

func TestResourceThatNoTokenCanBeForIsRefused(t *testing.T) {
	t.Parallel()
	with := func(opts ...ResourceOption) []Option {
		return []Option{everyTypeButKeys(), WithPublishableKey(liveKey), WithResource(testResource, opts...)}
	}
	cases := map[string][]Option{
		"scope with a quote":     with(AdvertisedScopes("a", `b"`)),
		"scope with a blank":     with(AdvertisedScopes("a b")),
		"scope with a backslash": with(AdvertisedScopes(`\`)),
		"empty scope":            with(AdvertisedScopes("")),
		"scope beyond ASCII":     with(AdvertisedScopes("é")),
		"documentation":          with(ResourceDocumentation("http://docs.example")),
		"documentation, path":    with(ResourceDocumentation("/docs")),
		"no option":              with(nil),
		"no publishable key":     {everyTypeButKeys(), WithoutCookies(), WithResource(testResource)},
		"no OAuth tokens":        {WithAcceptedTokens(SessionToken, M2MToken), WithPublishableKey(liveKey), WithResource(testResource)},
		"sessions alone":         {WithPublishableKey(liveKey), WithResource(testResource)},
	}
	for _, raw := range []string{
		"", "mcp.example/mcp", "/mcp", "http://mcp.example/mcp", "ftp://mcp.example", "https://", "https://mcp.example/mcp?x", "https://mcp.example/mcp?",
		"https://mcp.example/mcp#x", "https://mcp.example/mcp#", "https://u:p@mcp.example/mcp", "https://mcp.example/a/../b", "https://mcp.example/./a", "https://mcp.example/..",
		"https://mcp.example/%2e%2e/b", "https://mcp.example/a b", "https://mcp.example/\n", "https://mcp.example/%00", "https://mcp.example/%0a", "https://mcp.example/%zz", `https://mcp.example/a\b`,
		"https://mcp.example/é", `https://mcp.example/"`, "https://MCP.example/mcp", "HTTPS://mcp.example/mcp", "https://mcp.example:443/mcp", "https://mcp.example:0/", " https://mcp.example",
	} {
		cases[raw] = []Option{everyTypeButKeys(), WithPublishableKey(liveKey), WithResource(raw)}
	}
	if _, err := parseResource("https://mcp.example:443/mcp"); err == nil || !strings.Contains(err.Error(), "where clients write it") {
		t.Errorf("a port that clients leave out: %v", err)
	}
	for name, opts := range cases {
		if a, err := New(newClient(t, "sk_live_x"), opts...); a != nil || err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: New returns %v, %v", name, a, err)
		}
	}
	a, err := New(newClient(t, "sk_live_x"), append(with(AdvertisedScopes("a")), WithResource("https://b.example"))...)
	if err != nil || a.resource.url != "https://b.example" || a.resource.scopes != nil {
		t.Errorf("the last of two resources does not count: %v, %v", a, err)
	}
}

func TestResourceOfTheEnvironment(t *testing.T) {
	t.Setenv("CLERK_PUBLISHABLE_KEY", liveKey)
	t.Setenv("CLERK_ACCEPTED_TOKENS", "any")
	t.Setenv("CLERK_RESOURCE", testResource)
	t.Setenv("CLERK_RESOURCE_SCOPES", "a, b:c")
	client, err := clerk.New("sk_live_x")
	if err != nil {
		t.Fatal(err)
	}
	a, err := FromEnv(client)
	if err != nil || a.resource.url != testResource || !cmp.Equal(a.resource.scopes, []string{"a", "b:c"}) {
		t.Fatalf("FromEnv returns %v, %v", a, err)
	}
	t.Setenv("CLERK_RESOURCE_SCOPES", `a,"`)
	if _, err := FromEnv(client); err == nil || !strings.Contains(err.Error(), "CLERK_RESOURCE_SCOPES") {
		t.Errorf("the error is %v", err)
	}
}

// OAuth tokens of both forms must be for the resource. Other tokens are what they were.
func TestOAuthTokensAreBoundToTheResource(t *testing.T) {
	t.Parallel()
	unbound := []Option{WithResource(testResource, UnboundTokens())}
	also := []Option{WithMachineAudience("x")}
	for name, test := range map[string]struct {
		aud  string // JSON; "" for none
		opts []Option
		in   bool
	}{
		"the resource":               {`"` + testResource + `"`, nil, true},
		"the resource in a list":     {`["https://a.example","` + testResource + `"]`, nil, true},
		"another":                    {`"https://other.example"`, nil, false},
		"with a number":              {`["` + testResource + `",1]`, nil, false},
		"empty":                      {`""`, nil, false},
		"empty list":                 {`[]`, nil, false},
		"none":                       {"", nil, false},
		"with a slash more":          {`"` + testResource + `/"`, nil, false},
		"the origin of the resource": {`"https://mcp.example"`, nil, false},

		"unbound: none":         {"", unbound, true},
		"unbound: the resource": {`"` + testResource + `"`, unbound, true},
		"unbound: another":      {`"https://other.example"`, unbound, false},
		"unbound: malformed":    {`7`, unbound, false},
		"unbound: empty":        {`""`, unbound, false},
		"unbound: empty list":   {`[]`, unbound, false},

		"also x: x":            {`"x"`, also, true},
		"also x: the resource": {`"` + testResource + `"`, also, true},
		"also x: another":      {`"y"`, also, false},
		"also x: none":         {"", also, false},
	} {
		jwtOption, member := withoutClaim("aud"), ""
		if test.aud != "" {
			jwtOption, member = withClaim("aud", json.RawMessage(test.aud)), `,"aud":`+test.aud
		}
		b := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(goodOAuth, "}")+member+"}")
		a := b.authenticator(t, append([]Option{everyType(), WithPublishableKey(liveKey), WithResource(testResource)}, test.opts...)...)
		for form, token := range map[string]string{"opaque": "oat_1", "JWT": oauthJWT(t, jwtOption)} {
			t.Run(form+"/"+name, func(t *testing.T) {
				t.Parallel()
				for range 2 {
					s := stateOf(t, a, newRequest(t, "/", withBearer(token)))
					if in := s.Status == StatusSignedIn; in != test.in || s.Err() != nil || !in && s.Reason != ReasonTokenVerificationFailed {
						t.Errorf("state is %v, %v, want signed in: %t", s, s.Err(), test.in)
					}
				}
			})
		}
		if name == "none" || name == "another" {
			if s := stateOf(t, a, newRequest(t, "/", withBearer(m2mJWT(t, jwtOption)))); s.Status != StatusSignedIn {
				t.Errorf("%s: an M2M token is not bound to the resource, and the state is %v", name, s)
			}
			if s := stateOf(t, a, newRequest(t, "/", withBearer(mint(t)))); s.Status != StatusSignedIn {
				t.Errorf("%s: a session is not bound to the resource, and the state is %v", name, s)
			}
		}
	}
	// An API writes null for what is not there, and a signed claim does not.
	b := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(goodOAuth, "}")+`,"aud":null}`)
	a := b.authenticator(t, append([]Option{everyType(), WithPublishableKey(liveKey)}, unbound...)...)
	for token, want := range map[string]Status{"oat_1": StatusSignedIn, oauthJWT(t, withClaim("aud", nil)): StatusSignedOut} {
		if s := stateOf(t, a, newRequest(t, "/", withBearer(token))); s.Status != want {
			t.Errorf("%.4s… with null is %v, want %s", token, s, want)
		}
	}
}

// FuzzResource checks that a resource that is accepted is that of its own host.
func FuzzResource(f *testing.F) {
	for _, seed := range []string{testResource, "https://mcp.example:8443/a//b", "http://127.0.0.1/", "https://a@b/", "https://a/../b", "https://a\\b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := parseResource(raw)
		if err != nil {
			return
		}
		given, err := url.Parse(raw)
		if err != nil {
			t.Fatalf("%q: %v", raw, err)
		}
		document, err := url.Parse(r.document)
		if err != nil || document.Host != given.Host || document.Scheme != given.Scheme || !strings.HasPrefix(document.EscapedPath(), wellKnownResource) {
			t.Fatalf("the document of %q is %q, %v", raw, r.document, err)
		}
		request := httptest.NewRequest(http.MethodGet, "https://x.example/", nil)
		request.URL = document
		if request.URL.EscapedPath() != r.documentPath {
			t.Errorf("the document of %q is asked for at %q, want %q", raw, request.URL.EscapedPath(), r.documentPath)
		}
		if _, ok := quotedString(r.document); !ok {
			t.Errorf("%q does not fit into a header field", r.document)
		}
	})
}
