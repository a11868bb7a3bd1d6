package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// Values that mean 401 for everybody, or nothing, are errors that show the right form.
func TestOptionsThatCannotMeanAnything(t *testing.T) {
	t.Parallel()
	key := func(host string) Option { return WithPublishableKey(publishableKeyOf("pk_live_", host)) }
	for name, test := range map[string]struct {
		option Option
		want   string
	}{
		"party, any":                    {WithAuthorizedParties("*"), "wildcard"},
		"party, wildcard":               {WithAuthorizedParties("https://*.example.com"), "wildcard"},
		"party without a scheme":        {WithAuthorizedParties("example.com"), "such as https://app.example.com"},
		"party, host and port alone":    {WithAuthorizedParties("example.com:3000"), "such as https://app.example.com"},
		"party with a path":             {WithAuthorizedParties("https://example.com/app"), "such as"},
		"party with a slash":            {WithAuthorizedParties("https://example.com/"), "such as"},
		"party with a query":            {WithAuthorizedParties("https://example.com?x"), "such as"},
		"party with a fragment":         {WithAuthorizedParties("https://example.com#x"), "such as"},
		"party with its own port":       {WithAuthorizedParties("https://example.com:443"), `written "https://example.com"`},
		"party with its own port, too":  {WithAuthorizedParties("http://example.com:80"), `written "http://example.com"`},
		"party in upper case":           {WithAuthorizedParties("https://Example.com"), `written "https://example.com"`},
		"party, scheme in upper case":   {WithAuthorizedParties("HTTPS://example.com"), "such as"},
		"app in upper case":             {WithAuthorizedParties("capacitor://LOCALHOST"), "lower case"},
		"parties in one value":          {WithAuthorizedParties("https://a.example,https://b.example"), "is a list"},
		"party with a user":             {WithAuthorizedParties("https://me:hunter2@example.com"), "such as"},
		"party of a file":               {WithAuthorizedParties("file:///x"), "such as"},
		"one bad party of two":          {WithAuthorizedParties("https://a.example", "b.example"), "such as"},
		"issuer, host alone":            {WithIssuer("clerk.example.com"), "absolute"},
		"issuer with a query":           {WithIssuer("https://clerk.example.com?x"), "without a query"},
		"issuer with a fragment":        {WithIssuer("https://clerk.example.com#"), "without a query"},
		"issuer with a user":            {WithIssuer("https://me:hunter2@clerk.example.com"), "absolute"},
		"issuer of another scheme":      {WithIssuer("ftp://clerk.example.com"), "absolute"},
		"issuer, empty":                 {WithIssuer(""), "absolute"},
		"braces for a parameter":        {WithOrganizationPatterns("/orgs/:id", "/orgs/{slug}"), "write :slug"},
		"braces for a parameter, more":  {WithOrganizationPatterns("/orgs/{slug}/(.*)", "/by-id/:id"), "write :slug"},
		"braces, personal":              {WithPersonalAccountPatterns("/{me}"), "write :me"},
		"patterns without a parameter":  {WithOrganizationPatterns("/orgs", "/orgs/:name"), ":id or :slug"},
		"parameter that begins like it": {WithOrganizationPatterns("/orgs/:slugs"), ":id or :slug"},
		"escaped colon":                 {WithOrganizationPatterns(`/orgs/\\:slug`), ":id or :slug"},
		"key with a line break":         {key("clerk.example.com\n.evil.example"), "host"},
		"key with a user":               {key("me@clerk.example.com"), "host"},
		"key with a scheme":             {key("https://clerk.example.com"), "host"},
		"key with a path":               {key("clerk.example.com/x"), "host"},
		"key with empty labels":         {key("clerk..example.com"), "host"},
		"key with a high port":          {key("clerk.example.com:99999"), "port"},
		"skew of an hour":               {WithClockSkew(time.Hour), "10m"},
		"skew of years":                 {WithClockSkew(100_000 * time.Hour), "10m"},
		"negative skew":                 {WithClockSkew(-1), "10m"},
		"proxy over http":               {WithProxyURL("http://app.example.com/__clerk"), "WithProxyURL: http://app.example.com sends sessions"},
		"sign-in over http":             {WithSignInURL("http://app.example.com/in"), "WithSignInURL"},
		"sign-up over http":             {WithSignUpURL("http://app.example.com/up"), "WithSignUpURL"},
		"public origin over http":       {WithPublicOrigin("http://app.example.com"), "WithPublicOrigin"},
	} {
		_, err := New(nil, WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), test.option)
		if !errors.Is(err, ErrConfiguration) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error is %v, want %q in it", name, err, test.want)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "pk_live_") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error shows too much: %v", name, err)
		}
	}
	for _, secret := range []string{`"sk_live_x"`, "'sk_live_x'", "=sk_live_x", "1sk_live_x"} {
		if _, err := clerk.New(secret); err == nil || !strings.Contains(err.Error(), "quotes") || strings.Contains(err.Error(), "live_x") {
			t.Errorf("secret key %s: error is %v", secret, err)
		}
	}
}

func TestOptionsThatStayLegal(t *testing.T) {
	t.Parallel()
	dev := WithPublishableKey(devKey)
	for name, options := range map[string][]Option{
		"parties":                  {WithAuthorizedParties("https://app.example.com", "http://localhost:3000", "https://[::1]:8443", "chrome-extension://abcdefghijklmnop", "capacitor://localhost")},
		"issuer of a proxy":        {WithIssuer("https://app.example.com/__clerk")},
		"issuer over http":         {WithIssuer("http://localhost:8080")},
		"exceptions before":        {WithOrganizationPatterns("/orgs/new", "/orgs/:slug", "/by-id/:id(org_.*)")},
		"groups":                   {WithOrganizationPatterns("/orgs/:slug{/:tab}?")},
		"personal":                 {WithPersonalAccountPatterns("/me", "/me/(.*)")},
		"skew":                     {WithClockSkew(10 * time.Minute)},
		"loopback over http":       {WithProxyURL("http://localhost:8080/__clerk"), WithSignInURL("http://127.0.0.1/in"), WithSignUpURL("http://[::1]/up"), WithPublicOrigin("http://app.localhost")},
		"http in development":      {dev, WithProxyURL("http://app.example.com/__clerk"), WithPublicOrigin("http://app.example.com")},
		"paths":                    {WithProxyURL("/__clerk"), WithSignInURL("/in")},
		"key with a port":          {WithPublishableKey(publishableKeyOf("pk_live_", "clerk.example.com:8443"))},
		"unknown kind of a secret": {},
	} {
		if _, err := New(nil, append([]Option{WithJWTKey(testPEM(t)), WithPublishableKey(liveKey)}, options...)...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := clerk.New("key_1"); err != nil {
		t.Error(err)
	}
	// The secret key alone says that an instance is in production.
	live := newClient(t, "sk_live_x")
	if _, err := New(live, WithoutCookies(), WithPublicOrigin("http://app.example.com")); !errors.Is(err, ErrConfiguration) {
		t.Errorf("http with a secret key of production: %v", err)
	}
	if _, err := New(newClient(t, "key_1"), WithoutCookies(), WithPublicOrigin("http://app.example.com")); err != nil {
		t.Errorf("http with a key of an unknown instance: %v", err)
	}
}
