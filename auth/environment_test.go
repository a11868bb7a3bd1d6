package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/auth/internal/environment"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

func setEnvironment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, v := range variables {
		t.Setenv(v.name, values[v.name])
	}
}

func TestFromEnvReadsTheEnvironment(t *testing.T) {
	setEnvironment(t, map[string]string{
		"CLERK_PUBLISHABLE_KEY": " " + liveKey + "\n", "CLERK_JWT_KEY": strings.ReplaceAll(testPEM(t), "\n", `\n`),
		"CLERK_AUTHORIZED_PARTIES": testParty + ", https://b.example", "CLERK_AUDIENCE": "api,web", "CLERK_CLOCK_SKEW": "0",
		"CLERK_DOMAIN": "satellite.example", "CLERK_IS_SATELLITE": "TRUE", "CLERK_PROXY_URL": "https://proxy.example/__clerk",
		"CLERK_SIGN_IN_URL": "https://app.example.com/sign-in", "CLERK_SATELLITE_AUTO_SYNC": "1",
		"CLERK_TRUSTED_PROXIES": "203.0.113.7, 198.51.100.0/24", "CLERK_PUBLIC_ORIGIN": "https://satellite.example",
		"CLERK_SIGN_UP_URL": "/sign-up", "CLERK_ORGANIZATION_PATTERNS": "/orgs/:slug, /orgs/:slug/(.*)", "CLERK_PERSONAL_ACCOUNT_PATTERNS": "/me",
		"CLERK_REDIRECT_ORIGINS": "https://a.example, http://b.example:8080/", "CLERK_TOKEN_CACHE": "0",
	})
	a, err := FromEnv(nil, WithClock(testClock))
	if err != nil {
		t.Fatal(err)
	}
	if a.publishable.raw != liveKey || a.issuerHost != "clerk.satellite.example" || !a.satellite || !a.autoSync {
		t.Errorf("instance is %v, satellite %t, auto sync %t", a, a.satellite, a.autoSync)
	}
	if got := a.tokens; got.skew != 0 || len(got.parties) != 2 || got.parties[1] != "https://b.example" || len(got.audience) != 2 || got.requireAudience || got.known.whole != nil {
		t.Errorf("verifier has skew %v, parties %q, audience %q, cache %v", got.skew, got.parties, got.audience, got.known.whole)
	}
	if a.frontend.host != "proxy.example" || a.signIn.Origin != (weburl.Origin{Scheme: "https", Host: "app.example.com"}) {
		t.Errorf("frontend is %+v, sign-in %v", a.frontend, a.signIn)
	}
	if a.signUp.Path != "/sign-up" || len(a.organizations.organizations) != 2 || len(a.organizations.personal) != 1 {
		t.Errorf("sign-up is %v, patterns %+v", a.signUp, a.organizations)
	}
	if !a.mayReturnTo(weburl.Origin{Scheme: "https", Host: "a.example"}) || !a.mayReturnTo(weburl.Origin{Scheme: "http", Host: "b.example:8080"}) || a.mayReturnTo(weburl.Origin{Scheme: "http", Host: "a.example"}) {
		t.Errorf("redirect origins are %v", a.redirectOrigins)
	}
	if len(a.proxies.Trusted) != 2 || a.proxies.Public != (weburl.Origin{Scheme: "https", Host: "satellite.example"}) {
		t.Errorf("proxies are %+v", a.proxies)
	}
	if _, err := a.VerifyToken(t.Context(), mint(t)); err != nil {
		t.Error(err)
	}
}

func TestFromEnvOptionsWin(t *testing.T) {
	setEnvironment(t, map[string]string{
		"CLERK_PUBLISHABLE_KEY": devKey, "CLERK_JWT_KEY": testPEM(t), "CLERK_CLOCK_SKEW": "1m", "CLERK_IS_SATELLITE": "true",
	})
	a, err := FromEnv(nil, WithPublishableKey(liveKey), WithClockSkew(time.Second), WithSatellite(false))
	if err != nil {
		t.Fatal(err)
	}
	if a.publishable.raw != liveKey || a.tokens.skew != time.Second || a.satellite {
		t.Errorf("got %v, skew %v, satellite %t", a, a.tokens.skew, a.satellite)
	}
}

func TestFromEnvTreatsEmptyAsUnset(t *testing.T) {
	setEnvironment(t, map[string]string{"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_JWT_KEY": testPEM(t), "CLERK_AUTHORIZED_PARTIES": " "})
	a, err := FromEnv(nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.tokens.skew != defaultClockSkew || a.tokens.parties != nil {
		t.Errorf("skew %v, parties %q", a.tokens.skew, a.tokens.parties)
	}
}

func TestFromEnvNamesTheMalformedVariable(t *testing.T) {
	const secret = "hunter2"
	for name, value := range map[string]string{
		"CLERK_PUBLISHABLE_KEY": secret, "CLERK_JWT_KEY": secret, "CLERK_AUTHORIZED_PARTIES": "https://a.example,,", "CLERK_AUDIENCE": ",",
		"CLERK_CLOCK_SKEW": "5000", "CLERK_DOMAIN": "https://x", "CLERK_PROXY_URL": "x", "CLERK_SIGN_IN_URL": ":",
		"CLERK_SIGN_UP_URL": "//x", "CLERK_ORGANIZATION_PATTERNS": "/a,/b(", "CLERK_PERSONAL_ACCOUNT_PATTERNS": "/a,,", "CLERK_REDIRECT_ORIGINS": "https://a.example/x",
		"CLERK_TRUSTED_PROXIES": "10.0.0.0/8 10.1.0.0/16", "CLERK_PUBLIC_ORIGIN": "x", "CLERK_TOKEN_CACHE": "16MiB",
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, map[string]string{"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_JWT_KEY": testPEM(t)})
			t.Setenv(name, value)
			_, err := FromEnv(nil)
			if !errors.Is(err, ErrConfiguration) || !strings.Contains(err.Error(), name) {
				t.Fatalf("error is %v, want one that names %s", err, name)
			}
			if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), "auth: ") != 1 {
				t.Errorf("error is %q", err)
			}
		})
	}
}

func TestFromEnvSwitchesFollowTheTruthyRule(t *testing.T) {
	for value, want := range map[string]bool{
		"true": true, "True": true, "1": true, "2x": true, "0": false, "-1": false, "false": false, "yes": false, "on": false, "": false,
	} {
		setEnvironment(t, map[string]string{
			"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_JWT_KEY": testPEM(t), "CLERK_DOMAIN": "s.example", "CLERK_IS_SATELLITE": value,
		})
		a, err := FromEnv(nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.satellite != want {
			t.Errorf("CLERK_IS_SATELLITE=%q makes satellite %t", value, a.satellite)
		}
	}
}

func TestFromEnvProxiesOnVercel(t *testing.T) {
	vercel := map[string]string{"VERCEL_TARGET_ENV": "production", "VERCEL_PROJECT_PRODUCTION_URL": "shop.vercel.app"}
	for name, test := range map[string]struct {
		environment map[string]string
		options     []Option
		want        string
	}{
		"production":              {want: "/__clerk"},
		"with a scheme":           {environment: map[string]string{"VERCEL_PROJECT_PRODUCTION_URL": "https://shop.vercel.app/"}, want: "/__clerk"},
		"own domain":              {environment: map[string]string{"VERCEL_PROJECT_PRODUCTION_URL": "shop.example"}, want: "https://clerk.example.com"},
		"similar domain":          {environment: map[string]string{"VERCEL_PROJECT_PRODUCTION_URL": "shop.vercel.app.example"}, want: "https://clerk.example.com"},
		"no production URL":       {environment: map[string]string{"VERCEL_PROJECT_PRODUCTION_URL": ""}, want: "https://clerk.example.com"},
		"preview":                 {environment: map[string]string{"VERCEL_TARGET_ENV": "preview"}, want: "https://clerk.example.com"},
		"switched off":            {environment: map[string]string{"CLERK_DISABLE_AUTO_PROXY": "1"}, want: "https://clerk.example.com"},
		"a development instance":  {options: []Option{WithPublishableKey(devKey)}, want: "https://clerk.example.com"},
		"a proxy":                 {options: []Option{WithProxyURL("https://p.example/x")}, want: "https://p.example/x"},
		"a proxy of its own name": {environment: map[string]string{"CLERK_PROXY_URL": "/own"}, want: "/own"},
		"a domain":                {options: []Option{WithDomain("d.example")}, want: "https://clerk.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, map[string]string{"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_JWT_KEY": testPEM(t)})
			t.Setenv("CLERK_DISABLE_AUTO_PROXY", "")
			for _, values := range []map[string]string{vercel, test.environment} {
				for name, value := range values {
					t.Setenv(name, value)
				}
			}
			a, err := FromEnv(nil, test.options...)
			if err != nil {
				t.Fatal(err)
			}
			if a.frontend.address != test.want {
				t.Errorf("the frontend API is at %q, want %q", a.frontend.address, test.want)
			}
		})
	}
	t.Setenv("CLERK_PUBLISHABLE_KEY", liveKey)
	if got := newTestAuthenticator(t).frontend.address; got != "https://clerk.example.com" {
		t.Errorf("New reads the environment: %q", got)
	}
}

// TestDoctorReadsWhatFromEnvReads also holds that a malformed variable hides no other.
func TestDoctorReadsWhatFromEnvReads(t *testing.T) {
	for name, tt := range map[string]struct {
		env       map[string]string
		want      environment.Settings
		malformed []string // what the errors begin with
	}{
		"nothing": {nil, environment.Settings{AcceptedTokens: []string{"session_token"}, ClockSkew: defaultClockSkew}, nil},
		"satellite": {
			map[string]string{
				"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_DOMAIN": "satellite.example", "CLERK_IS_SATELLITE": "true", "CLERK_CLOCK_SKEW": "1m",
				"CLERK_AUTHORIZED_PARTIES": testParty + ", https://b.example", "CLERK_ACCEPTED_TOKENS": "api_key,session_token",
			},
			environment.Settings{
				InstanceType: clerk.Production, FrontendAPI: "clerk.example.com", FrontendURL: "https://clerk.satellite.example", Parties: []string{testParty, "https://b.example"},
				AcceptedTokens: []string{"session_token", "api_key"}, Domain: "satellite.example", Satellite: true, ClockSkew: time.Minute,
			}, nil,
		},
		"proxy": {
			map[string]string{"CLERK_PUBLISHABLE_KEY": liveKey, "CLERK_PROXY_URL": "/__clerk/", "CLERK_PUBLIC_ORIGIN": "https://app.example.com"},
			environment.Settings{
				InstanceType: clerk.Production, FrontendAPI: "clerk.example.com", FrontendURL: "/__clerk", PublicOrigin: "https://app.example.com",
				AcceptedTokens: []string{"session_token"}, ClockSkew: defaultClockSkew,
			}, nil,
		},
		"malformed": {
			map[string]string{"CLERK_PUBLISHABLE_KEY": "pk", "CLERK_CLOCK_SKEW": "soon", "CLERK_AUTHORIZED_PARTIES": testParty},
			environment.Settings{Parties: []string{testParty}, AcceptedTokens: []string{"session_token"}, ClockSkew: defaultClockSkew},
			[]string{"CLERK_PUBLISHABLE_KEY: ", "CLERK_CLOCK_SKEW: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tt.env)
			got, malformed := environment.Read()
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(got, "JWTKey")); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
			same := len(malformed) == len(tt.malformed)
			for n := 0; same && n < len(malformed); n++ {
				same = strings.HasPrefix(malformed[n].Error(), tt.malformed[n])
			}
			if !same {
				t.Errorf("malformed are %v, want %v", malformed, tt.malformed)
			}
		})
	}
	setEnvironment(t, map[string]string{"CLERK_JWT_KEY": testPEM(t)})
	if got, _ := environment.Read(); got.JWTKey == nil {
		t.Error("the JWT key is not read")
	}
}
