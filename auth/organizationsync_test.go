package auth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestPathsTellTheirOrganization(t *testing.T) {
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
	in := func(claims map[string]any) requestOption { return signedInCookies(t, withClaims(claims)) }
	acme := in(map[string]any{"o": map[string]any{"id": "org_1", "slg": "acme", "rol": "admin"}})
	nowhere := in(nil)
	pending := in(map[string]any{"sts": "pending"})
	for name, test := range map[string]struct {
		target  string
		request []requestOption
		status  Status
		param   string
	}{
		"another slug":          {"/orgs/other", []requestOption{acme, asPageLoad}, StatusHandshake, "other"},
		"own slug":              {"/orgs/acme", []requestOption{acme, asPageLoad}, StatusSignedIn, ""},
		"own slug, other case":  {"/orgs/ACME", []requestOption{acme, asPageLoad}, StatusHandshake, "ACME"},
		"no organization, slug": {"/orgs/acme", []requestOption{nowhere, asPageLoad}, StatusHandshake, "acme"},
		"another id":            {"/by-id/org_2", []requestOption{acme, asPageLoad}, StatusHandshake, "org_2"},
		"own id":                {"/by-id/org_1", []requestOption{acme, asPageLoad}, StatusSignedIn, ""},
		"slug for an id":        {"/by-id/acme", []requestOption{acme, asPageLoad}, StatusHandshake, "acme"},
		"personal account":      {"/me", []requestOption{acme, asPageLoad}, StatusHandshake, ""},
		"personal account, own": {"/me", []requestOption{nowhere, asPageLoad}, StatusSignedIn, ""},
		"another path":          {"/x", []requestOption{acme, asPageLoad}, StatusSignedIn, ""},
		"no page load":          {"/orgs/other", []requestOption{acme}, StatusSignedIn, ""},
		"POST":                  {"/orgs/other", []requestOption{acme, asPageLoad, withMethod(http.MethodPost)}, StatusSignedIn, ""},
		"bearer":                {"/orgs/other", []requestOption{withBearer(mint(t)), asPageLoad}, StatusSignedIn, ""},
		"pending":               {"/orgs/other", []requestOption{pending, asPageLoad}, StatusPending, ""},
		"two redirects":         {"/orgs/other", []requestOption{acme, asPageLoad, withCookie("__clerk_redirect_count", "2")}, StatusHandshake, "other"},
		"three redirects":       {"/orgs/other", []requestOption{acme, asPageLoad, withCookie("__clerk_redirect_count", "3")}, StatusSignedIn, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, newTestAuthenticator(t, patterns...), newRequest(t, test.target, test.request...))
			if s.Status != test.status {
				t.Fatalf("state is %v, want %q", s, test.status)
			}
			if test.status != StatusHandshake {
				if s.Reason != "" || s.Header != nil {
					t.Errorf("state is %v with %v", s, s.Header)
				}
				return
			}
			u, err := url.Parse(s.Header.Get("Location"))
			if err != nil || s.Reason != ReasonActiveOrganizationMismatch {
				t.Fatalf("state is %v, %v", s, err)
			}
			if got := u.Query(); got.Get("organization_id") != test.param || !got.Has("organization_id") {
				t.Errorf("the frontend API is asked for %q", got)
			}
		})
	}
}

func TestNoPatternsAreNone(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithPersonalAccountPatterns("(.*)"), WithPersonalAccountPatterns(), WithOrganizationPatterns())
	if target, found := a.organizations.target("/"); found {
		t.Errorf("the path / is of %+v", target)
	}
	for want, option := range map[string]Option{
		`path pattern "/x/***": "*" stands`: WithOrganizationPatterns("/ok", "/x/***"),
		`path pattern "/a(?=b)"`:            WithPersonalAccountPatterns("/a(?=b)"),
		"a path pattern is empty":           WithOrganizationPatterns(""),
	} {
		_, err := New(nil, WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), option)
		if !errors.Is(err, ErrConfiguration) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error is %v, want one with %q", err, want)
		}
	}
}
