package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	jwt, live, dev := WithJWTKey(testPEM(t)), WithPublishableKey(liveKey), WithPublishableKey(devKey)
	tests := map[string]struct {
		secretKey string
		options   []Option
		want      string
	}{
		"nil option":                    {options: []Option{jwt, live, nil}, want: "nil"},
		"no key to verify with":         {options: []Option{live}, want: "WithJWTKey"},
		"no publishable key":            {options: []Option{jwt}, want: "WithPublishableKey"},
		"live secret, test publishable": {secretKey: "sk_live_x", options: []Option{dev}, want: "production"},
		"test secret, live publishable": {secretKey: "sk_test_x", options: []Option{live}, want: "development"},
		"publishable key malformed":     {options: []Option{jwt, WithPublishableKey("sk_live_secret")}, want: "publishable key"},
		"JWT key malformed":             {options: []Option{live, WithJWTKey("hunter2")}, want: "JWT key"},
		"satellite without a domain":    {options: []Option{jwt, live, WithSatellite(true)}, want: "WithDomain"},
		"satellite in development":      {options: []Option{jwt, dev, WithSatellite(true), WithDomain("s.example")}, want: "WithSignInURL"},
		"satellite, relative sign-in":   {options: []Option{jwt, live, WithSatellite(true), WithDomain("s.example"), WithSignInURL("/sign-in")}, want: "absolute"},
		"no parties":                    {options: []Option{WithAuthorizedParties()}, want: "authorized party"},
		"empty party":                   {options: []Option{WithAuthorizedParties("https://a.example", "")}, want: "authorized party"},
		"no audience":                   {options: []Option{WithAudience()}, want: "audience"},
		"empty required audience":       {options: []Option{WithRequiredAudience("")}, want: "audience"},
		"empty issuer":                  {options: []Option{WithIssuer("")}, want: "issuer"},
		"negative skew":                 {options: []Option{WithClockSkew(-1)}, want: "skew"},
		"nil clock":                     {options: []Option{WithClock(nil)}, want: "clock"},
		"negative stale keys":           {options: []Option{WithMaxStaleKeys(-1)}, want: "stale"},
		"domain with a scheme":          {options: []Option{WithDomain("https://s.example")}, want: "domain"},
		"domain with a path":            {options: []Option{WithDomain("s.example/x")}, want: "domain"},
		"empty domain":                  {options: []Option{WithDomain("")}, want: "domain"},
		"proxy of another scheme":       {options: []Option{WithProxyURL("ftp://x.example")}, want: "proxy URL"},
		"proxy path of two slashes":     {options: []Option{WithProxyURL("//evil.example")}, want: "proxy URL"},
		"proxy with a query":            {options: []Option{WithProxyURL("https://x.example/?y")}, want: "proxy URL"},
		"proxy path with a fragment":    {options: []Option{WithProxyURL("/x#y")}, want: "proxy URL"},
		"sign-up URL of two slashes":    {options: []Option{WithSignUpURL("//evil.example")}, want: "sign-up URL"},
		"redirect origin with a path":   {options: []Option{WithRedirectOrigins("https://a.example", "https://b.example/x")}, want: "b.example/x"},
		"redirect origin, no scheme":    {options: []Option{WithRedirectOrigins("localhost:3000")}, want: "redirect origin"},
		"nil logger":                    {options: []Option{WithLogger(nil)}, want: "logger"},
		"empty sign-in URL":             {options: []Option{WithSignInURL("")}, want: "sign-in URL"},
		"proxy address malformed":       {options: []Option{WithTrustedProxies("10.0.0.0/33")}, want: "10.0.0.0/33"},
		"public origin with a path":     {options: []Option{WithPublicOrigin("https://a.example/x")}, want: "public origin"},
		"public origin with a user":     {options: []Option{WithPublicOrigin("https://u@a.example")}, want: "public origin"},
		"public origin without scheme":  {options: []Option{WithPublicOrigin("a.example")}, want: "public origin"},
		"nil protection":                {options: []Option{WithCrossOriginProtection(nil)}, want: "cross-origin"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var client *clerk.Client
			if test.secretKey != "" {
				client = newClient(t, test.secretKey)
			}
			a, err := New(client, test.options...)
			if a != nil || !errors.Is(err, ErrConfiguration) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("New = %v, %v, want ErrConfiguration with %q", a, err, test.want)
			}
			for _, secret := range []string{"sk_live_", "sk_test_", "hunter2"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error %q shows the key", err)
				}
			}
			if text := err.Error(); strings.Contains(text, "\n") || strings.Count(text, "auth: ") != 1 {
				t.Errorf("the error %q is not one line with one prefix", text)
			}
		})
	}
}

func TestNewAcceptsWhatWorks(t *testing.T) {
	t.Parallel()
	jwt, live := WithJWTKey(testPEM(t)), WithPublishableKey(liveKey)
	tests := map[string]struct {
		secretKey string
		options   []Option
	}{
		"JWT key, no client":         {options: []Option{jwt, live}},
		"client, no JWT key":         {secretKey: "sk_live_x", options: []Option{live}},
		"both":                       {secretKey: "sk_live_x", options: []Option{live, jwt}},
		"secret key of unknown type": {secretKey: "ak_x", options: []Option{live}},
		"no cookies":                 {options: []Option{jwt, WithoutCookies()}},
		"last option wins":           {options: []Option{jwt, WithPublishableKey(devKey), live, WithClockSkew(10 * time.Minute), WithClockSkew(0)}},
		"satellite behind a proxy":   {options: []Option{jwt, live, WithSatellite(true), WithProxyURL("/__clerk")}},
		"satellite with a domain":    {options: append([]Option{jwt, live}, satelliteOptions()...)},
		"proxies":                    {options: []Option{jwt, live, WithTrustedProxies("203.0.113.7", "2001:db8::/32", "::ffff:198.51.100.0/120")}},
		"public origin":              {options: []Option{jwt, live, WithPublicOrigin("https://a.example/")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var client *clerk.Client
			if test.secretKey != "" {
				client = newClient(t, test.secretKey)
			}
			if _, err := New(client, test.options...); err != nil {
				t.Error(err)
			}
		})
	}
}

// A skew of 0 means 0, and one that is not set means 5 s.
func TestZeroClockSkewIsHonoured(t *testing.T) {
	t.Parallel()
	late := mint(t, withClaim("exp", testNow.Unix()-3))
	if _, err := newTestAuthenticator(t).VerifyToken(t.Context(), late); err != nil {
		t.Errorf("with the default skew: %v", err)
	}
	_, err := newTestAuthenticator(t, WithClockSkew(0)).VerifyToken(t.Context(), late)
	if got := reasonOf(t, err); got != ReasonTokenExpired {
		t.Errorf("with a skew of 0 the reason is %q, want %q", got, ReasonTokenExpired)
	}
}

func TestVerificationOptionsReachTheVerifier(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		option Option
		mint   []mintOption
		want   Reason
	}{
		"party":                                   {option: WithAuthorizedParties(testParty)},
		"party, other":                            {option: WithAuthorizedParties("https://b.example"), want: ReasonTokenInvalidAuthorizedParties},
		"party, missing in the token":             {option: WithAuthorizedParties(testParty), mint: []mintOption{withoutClaim("azp")}, want: ReasonTokenInvalidAuthorizedParties},
		"audience, missing in the token":          {option: WithAudience("api")},
		"audience, other":                         {option: WithAudience("api"), mint: []mintOption{withClaim("aud", "web")}, want: ReasonTokenVerificationFailed},
		"audience required, missing in the token": {option: WithRequiredAudience("api"), want: ReasonTokenVerificationFailed},
		"audience required, one of several":       {option: WithRequiredAudience("api"), mint: []mintOption{withClaim("aud", []string{"web", "api"})}},
		"issuer":                                  {option: WithIssuer(testIssuer)},
		"issuer, other":                           {option: WithIssuer("https://clerk.b.example"), want: ReasonTokenVerificationFailed},
		"template":                                {option: WithTemplateTokens(), mint: []mintOption{withHeader("cat", categoryTemplate)}},
		"clock":                                   {option: WithClock(func() time.Time { return testNow.Add(time.Hour) }), want: ReasonTokenExpired},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newTestAuthenticator(t, test.option).VerifyToken(t.Context(), mint(t, test.mint...))
			if got := reasonOf(t, err); got != test.want {
				t.Errorf("reason is %q, want %q", got, test.want)
			}
		})
	}
}
