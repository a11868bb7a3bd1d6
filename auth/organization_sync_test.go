package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
)

func TestOrganizationOfAPath(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t,
		WithOrganizationPatterns("/orgs/:id(org_.*)/x", "/orgs/:slug/x", "/both/:id/:slug", "/neither/:name", "/orgs/:id?"),
		WithPersonalAccountPatterns("/me", "/me/(.*)", "/neither/(.*)", "/orgs"))
	for path, want := range map[string]string{
		"/orgs/org_1/x": "id=org_1", "/orgs/acme/x": "slug=acme", "/both/1/2": "id=1", "/orgs/o": "id=o",
		"/neither/x": "personal", "/me": "personal", "/me/": "personal", "/ME/x/y": "personal", "/orgs": "personal",
		"/": "", "/mee": "", "/orgs/a/y": "",
	} {
		target, found := a.organizations.target(path)
		got := ""
		switch {
		case target.id != "":
			got = "id=" + target.id
		case target.slug != "":
			got = "slug=" + target.slug
		case found:
			got = "personal"
		}
		if got != want || found != (want != "") {
			t.Errorf("%s: target is %q, want %q", path, got, want)
		}
	}
}

func TestOrganizationOfThePathIsActivated(t *testing.T) {
	t.Parallel()
	patterns := []Option{WithOrganizationPatterns("/orgs/:slug", "/by-id/:id"), WithPersonalAccountPatterns("/me")}
	acme := mint(t, withClaim("o", map[string]any{"id": "org_1", "slg": "acme", "rol": "admin"}))
	nowhere := mint(t)
	stays := func(token, path string, opts ...requestOption) flowCase {
		request := append([]requestOption{signedInCookie(token), asPageLoad}, opts...)
		return flowCase{options: patterns, target: path, request: request, status: StatusSignedIn}
	}
	moves := func(token, path, organization string, opts ...requestOption) flowCase {
		c := stays(token, path, opts...)
		c.status, c.reason = StatusHandshake, ReasonActiveOrganizationMismatch
		c.location = frontendURL(fapi, page+path[1:], "false", c.reason, "&__session="+token+"&organization_id="+organization)
		return c
	}
	pending := stays(mint(t, withClaim("sts", "pending")), "/orgs/other")
	pending.status = StatusPending
	bearer := stays(acme, "/orgs/other")
	bearer.request[0] = withBearer(acme)
	script := stays(acme, "/orgs/other")
	script.request = script.request[:1]
	runFlow(t, map[string]flowCase{
		"another slug":          moves(acme, "/orgs/other", "other"),
		"own slug":              stays(acme, "/orgs/acme"),
		"own slug, other case":  moves(acme, "/orgs/ACME", "ACME"),
		"no organization, slug": moves(nowhere, "/orgs/acme", "acme"),
		"another id":            moves(acme, "/by-id/org_2", "org_2"),
		"own id":                stays(acme, "/by-id/org_1"),
		"slug for an id":        moves(acme, "/by-id/acme", "acme"),
		"personal account":      moves(acme, "/me", ""),
		"personal account, own": stays(nowhere, "/me"),
		"another path":          stays(acme, "/x"),
		"no page load":          script,
		"POST":                  stays(acme, "/orgs/other", withMethod(http.MethodPost)),
		"bearer":                bearer,
		"invalid host":          stays(acme, "/orgs/other", func(r *http.Request) { r.Host = "a b" }),
		"pending":               pending,
		"three redirects":       stays(acme, "/orgs/other", withCookie("__clerk_redirect_count", "3")),
		"more redirects":        stays(acme, "/orgs/other", withCookie("__clerk_redirect_count", "4")),
	})
	twice := newRequest(t, "/orgs/other", signedInCookie(acme), asPageLoad, withCookie("__clerk_redirect_count", "2"))
	if s := stateOf(t, newTestAuthenticator(t, patterns...), twice); s.Status != StatusHandshake {
		t.Errorf("after two redirects the state is %v", s)
	}
}

func TestEmptyListOfPatternsMatchesNothing(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithPersonalAccountPatterns("(.*)"), WithPersonalAccountPatterns(), WithOrganizationPatterns())
	if target, found := a.organizations.target("/"); found {
		t.Errorf("the path / has the target %+v", target)
	}
	for want, option := range map[string]Option{
		`path pattern "/x/***": unexpected "*"`: WithOrganizationPatterns("/ok", "/x/***"),
		`path pattern "/a(?=b)"`:                WithPersonalAccountPatterns("/a(?=b)"),
		"a path pattern is empty":               WithOrganizationPatterns(""),
	} {
		_, err := New(nil, WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), option)
		if !errors.Is(err, ErrConfiguration) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error is %v, want one with %q", err, want)
		}
	}
}
