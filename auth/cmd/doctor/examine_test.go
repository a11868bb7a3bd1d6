package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// everywhere returns a network in which each server is replaced by what change makes of it.
func everywhere(n network, change func(http.Handler) http.Handler) network {
	changed := network{}
	for host, server := range n {
		changed[host] = change(server)
	}
	return changed
}

// with returns the network with another server at a host.
func (n network) with(host string, server http.Handler) network {
	changed := maps.Clone(n)
	if changed[host] = server; server == nil {
		delete(changed, host)
	}
	return changed
}

// TestFindings breaks environments and networks. Of what is examined all is ok except for
// the lines that a case lists, by their beginnings.
func TestFindings(t *testing.T) {
	development, production, other := newDevelopment(t), newProduction(t), newProduction(t)
	frontendOf := func(i *clerktest.Instance) string { return strings.TrimPrefix(i.Issuer(), "https://") }
	healthy := serve(production)
	page := failing(http.StatusForbidden, "<html>")
	const echo = `{"errors":[{"code":"odd","message":"no such key sk_live_emulated_canary2"}]}`
	crossed := serve(other).with(backendHost, production)

	for name, tt := range map[string]struct {
		env            map[string]string
		servers        network
		withoutCookies bool
		want           []string
	}{
		"development": {keysOf(development), serve(development), false, nil},
		"production":  {keysOf(production), healthy, false, nil},
		"every kind of token": {
			keysOf(production, "CLERK_ACCEPTED_TOKENS", "any"), healthy, false, nil,
		},
		"machines alone": {
			map[string]string{"CLERK_SECRET_KEY": production.SecretKey(), "CLERK_ACCEPTED_TOKENS": "api_key"}, healthy, false, nil,
		},
		"without cookies": {
			keysOf(production, "CLERK_PUBLISHABLE_KEY", ""), healthy, true, nil,
		},
		"satellite": {
			keysOf(production, "CLERK_IS_SATELLITE", "true", "CLERK_DOMAIN", "shop.example", "CLERK_SIGN_IN_URL", "https://app.example.com/sign-in"),
			healthy.with("clerk.shop.example", failing(http.StatusOK, jwks(t, production))), false, nil,
		},

		"nothing is set": {nil, healthy, false, []string{
			"wrong secret key CLERK_SECRET_KEY is not set. Copy",
			"wrong publishable key CLERK_PUBLISHABLE_KEY is not set. Copy",
			"warning authorized parties none: ",
		}},
		"no publishable key": {keysOf(production, "CLERK_PUBLISHABLE_KEY", ""), healthy, false, []string{
			"wrong publishable key CLERK_PUBLISHABLE_KEY is not set. Copy",
		}},
		"a publishable key for the secret key": {keysOf(production, "CLERK_SECRET_KEY", production.PublishableKey()), healthy, false, []string{
			"wrong secret key CLERK_SECRET_KEY: this is a publishable key",
		}},
		"a secret key for the publishable key": {keysOf(production, "CLERK_PUBLISHABLE_KEY", production.SecretKey()), healthy, false, []string{
			"wrong variable CLERK_PUBLISHABLE_KEY: the publishable key does not have the form",
		}},
		"keys of two types": {keysOf(production, "CLERK_PUBLISHABLE_KEY", development.PublishableKey()), healthy.with(frontendOf(development), development.Frontend()), false, []string{
			"wrong configuration misconfigured: the publishable key is of a development instance and the secret key of a production one",
			"wrong instance the keys are of two instances. Copy both",
		}},
		"keys of two instances": {keysOf(production, "CLERK_PUBLISHABLE_KEY", other.PublishableKey()), crossed, false, []string{
			"wrong instance the keys are of two instances. Copy both",
		}},
		"keys of two instances, the other's frontend API out of reach": {
			keysOf(production, "CLERK_PUBLISHABLE_KEY", other.PublishableKey()), healthy, false, []string{
				"wrong frontend API https://" + frontendOf(other) + " cannot be reached: dial tcp: lookup " + frontendOf(other) + ": no such host. ",
				"warning instance it has no domain with the frontend API of the publishable key",
			},
		},
		"a secret key of nobody": {keysOf(production, "CLERK_SECRET_KEY", "sk_live_emulated_canary"), healthy, false, []string{
			"wrong Backend API https://api.clerk.com refuses the secret key: GET /jwks: 401 ",
		}},
		"a server that repeats a key": {keysOf(production), healthy.with(backendHost, failing(http.StatusUnauthorized, echo)), false, []string{
			"wrong Backend API https://api.clerk.com refuses the secret key: GET /jwks: 401 odd: no such key sk_live_…",
		}},
		"no network": {keysOf(production), network{}, false, []string{
			"wrong Backend API https://api.clerk.com cannot be reached: GET /jwks: dial tcp: lookup api.clerk.com: no such host. ",
			"wrong frontend API https://" + frontendOf(production) + " cannot be reached: ",
		}},
		"frontend API out of reach": {keysOf(production), healthy.with(frontendOf(production), nil), false, []string{
			"wrong frontend API https://" + frontendOf(production) + " cannot be reached: ",
		}},
		"nothing responds": {keysOf(production), everywhere(healthy, func(h http.Handler) http.Handler { return delayed(time.Hour, h) }), false, []string{
			"wrong Backend API https://api.clerk.com cannot be reached: no response within 5s. ",
			"wrong frontend API https://" + frontendOf(production) + " cannot be reached: no response within 5s. ",
		}},
		"slow servers": {keysOf(production), everywhere(healthy, func(h http.Handler) http.Handler { return delayed(3*time.Second, h) }), false, []string{
			"warning Backend API https://api.clerk.com took 3s: ",
			"warning frontend API https://" + frontendOf(production) + " took 3s: ",
		}},
		"an outage": {keysOf(production), everywhere(healthy, func(http.Handler) http.Handler { return failing(http.StatusServiceUnavailable, "") }), false, []string{
			"wrong Backend API https://api.clerk.com: GET /jwks: 503 Service Unavailable. ",
			"wrong frontend API https://" + frontendOf(production) + ": 503 Service Unavailable. ",
		}},
		"pages of something between": {keysOf(production), everywhere(healthy, func(http.Handler) http.Handler { return page }), false, []string{
			"wrong Backend API https://api.clerk.com: GET /jwks: 403 Forbidden. ",
			"wrong frontend API https://" + frontendOf(production) + ": 403 Forbidden. ",
		}},
		"pages that look like a success": {keysOf(production), everywhere(healthy, func(http.Handler) http.Handler { return failing(http.StatusOK, "<html>") }), false, []string{
			"wrong Backend API https://api.clerk.com: ",
			"wrong frontend API https://" + frontendOf(production) + ": the response is not a set of keys. ",
		}},
		"no key that is usable": {keysOf(production), healthy.with(frontendOf(production), failing(http.StatusOK, `{"keys":[{"kty":"EC"}]}`)), false, []string{
			"wrong frontend API https://" + frontendOf(production) + ": the response has no key that can verify tokens. ",
		}},
		"domains that are not told": {
			keysOf(production), network{backendHost: onlyKeys(production)}, false, []string{
				"wrong frontend API https://" + frontendOf(production) + " cannot be reached: ",
				"warning instance its domains are not known: instance.ListDomains: 503 ",
			},
		},

		"a clock that is ahead": {keysOf(production), everywhere(healthy, func(h http.Handler) http.Handler { return dated(-3*time.Minute, h) }), false, []string{
			"wrong clock at least 2m59s ahead of Clerk's, and 5s are accepted. ",
		}},
		"a clock that is behind": {keysOf(production), everywhere(healthy, func(h http.Handler) http.Handler { return dated(3*time.Minute, h) }), false, []string{
			"wrong clock at least 3m0s behind Clerk's, and 5s are accepted. ",
		}},
		"a clock within a skew that is set": {
			keysOf(production, "CLERK_CLOCK_SKEW", "5m"), everywhere(healthy, func(h http.Handler) http.Handler { return dated(3*time.Minute, h) }), false, nil,
		},
		"a clock behind by what a slow response explains": {
			keysOf(production), everywhere(healthy, func(h http.Handler) http.Handler { return dated(6*time.Second, delayed(1900*time.Millisecond, h)) }), false, nil,
		},

		"a JWT key": {keysOf(production, "CLERK_JWT_KEY", production.JWTKey()), healthy, false, nil},
		"a JWT key of another instance": {keysOf(production, "CLERK_JWT_KEY", other.JWTKey()), healthy, false, []string{
			"wrong JWT key not one of the instance's: every token is refused. ",
		}},
		"a JWT key alone": {keysOf(production, "CLERK_SECRET_KEY", "", "CLERK_JWT_KEY", production.JWTKey()), healthy, false, []string{
			"warning secret key CLERK_SECRET_KEY is not set: ",
		}},
		"a JWT key alone, without a network": {keysOf(production, "CLERK_SECRET_KEY", "", "CLERK_JWT_KEY", production.JWTKey()), network{}, false, []string{
			"warning secret key CLERK_SECRET_KEY is not set: ",
			"wrong frontend API https://" + frontendOf(production) + " cannot be reached: ",
			"warning JWT key the keys of the instance are not known",
		}},
		"a JWT key that is cut off": {keysOf(production, "CLERK_JWT_KEY", production.JWTKey()[:100]), healthy, false, []string{
			"wrong variable CLERK_JWT_KEY: the JWT key has no END line",
		}},

		"no parties": {keysOf(production, "CLERK_AUTHORIZED_PARTIES", ""), healthy, false, []string{
			"warning authorized parties none: ",
		}},
		"a party with a slash": {keysOf(production, "CLERK_AUTHORIZED_PARTIES", "https://app.example.com/"), healthy, false, []string{
			`wrong variable CLERK_AUTHORIZED_PARTIES: authorized party "https://app.example.com/" is not a scheme and a host`,
			"warning authorized parties none: ",
		}},
		"parties that production does not have": {keysOf(production, "CLERK_AUTHORIZED_PARTIES", "http://app.example.com,http://localhost:8080"), healthy, false, []string{
			"wrong authorized parties http://app.example.com sends sessions of a production instance over plain http. ",
			"warning authorized parties http://localhost:8080 is not an origin of a production instance",
		}},
		"a public origin over http": {keysOf(production, "CLERK_PUBLIC_ORIGIN", "http://app.example.com"), healthy, false, []string{
			"wrong configuration misconfigured: WithPublicOrigin: http://app.example.com sends sessions of a production instance over plain http",
		}},
		"several malformed variables": {
			keysOf(production, "CLERK_CLOCK_SKEW", "soon", "CLERK_DOMAIN", "sk_live_canary/", "CLERK_PROXY_URL", "https://sk_live_canary:x"), healthy, false, []string{
				"wrong variable CLERK_CLOCK_SKEW: not a duration",
				`wrong variable CLERK_DOMAIN: domain "sk_live_…`,
				`wrong variable CLERK_PROXY_URL: proxy URL "https://sk_live_…`,
			},
		},
		"an API URL without a scheme": {keysOf(production, "CLERK_API_URL", "api.example.com"), healthy, false, []string{
			"wrong secret key CLERK_API_URL: ",
		}},
		"a live key over http": {keysOf(production, "CLERK_API_URL", "http://api.example.com"), healthy, false, []string{
			"wrong secret key CLERK_SECRET_KEY: not a development key: ",
		}},

		"a proxy that is out of reach": {keysOf(production, "CLERK_PROXY_URL", "https://app.example.com/__clerk"), healthy, false, []string{
			"wrong frontend API https://app.example.com cannot be reached: dial tcp: lookup app.example.com: no such host. Look at what CLERK_PROXY_URL or CLERK_DOMAIN names",
		}},
		"a proxy on a host that is not known": {keysOf(production, "CLERK_PROXY_URL", "/__clerk"), healthy, false, []string{
			"warning frontend API not asked: CLERK_PROXY_URL is a path",
		}},
		"a proxy on the public origin": {
			keysOf(production, "CLERK_PROXY_URL", "/__clerk", "CLERK_PUBLIC_ORIGIN", "https://app.example.com"),
			healthy.with("app.example.com", http.StripPrefix("/__clerk", atHost(frontendOf(production), production.Frontend()))), false, nil,
		},
		"a satellite of another instance": {
			keysOf(production, "CLERK_IS_SATELLITE", "true", "CLERK_DOMAIN", "store.example", "CLERK_SIGN_IN_URL", "https://app.example.com/sign-in"),
			healthy.with("clerk.store.example", failing(http.StatusOK, jwks(t, production))), false, []string{
				`wrong satellite the instance has no satellite domain store.example. It has ["shop.example"]: `,
			},
		},
		"a satellite without a domain": {keysOf(production, "CLERK_IS_SATELLITE", "true"), healthy, false, []string{
			"wrong configuration misconfigured: a satellite needs WithDomain or WithProxyURL",
		}},
		"a domain without a satellite": {keysOf(production, "CLERK_DOMAIN", "shop.example"), healthy, false, []string{
			"warning satellite CLERK_DOMAIN is set, and CLERK_IS_SATELLITE is not",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t, tt.env)
			canaries := []string{"canary", production.SecretKey(), development.SecretKey()}
			t.Setenv("CLERK_MACHINE_SECRET_KEY", "ak_canary")
			t.Setenv("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_canary")
			found := examined(t, tt.servers, tt.withoutCookies)
			text := found.String()
			for _, canary := range canaries {
				if strings.Contains(text, canary) {
					t.Errorf("the report shows %s", canary)
				}
			}
			var other []string
			for _, f := range found {
				if f.verdict != ok {
					other = append(other, string(f.verdict)+" "+f.subject+" "+printable(f.text))
				}
			}
			same := len(other) == len(tt.want)
			for n := 0; same && n < len(other); n++ {
				same = strings.HasPrefix(other[n], tt.want[n])
			}
			if !same {
				t.Errorf("the report is\n%swant only\n%s", text, strings.Join(tt.want, "\n"))
			}
		})
	}
}

// jwks returns what an instance's frontend API publishes.
func jwks(t *testing.T, i *clerktest.Instance) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, i.Issuer()+"/.well-known/jwks.json", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := serve(i).RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	var body strings.Builder
	if err := resp.Write(&body); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(body.String(), "\r\n\r\n")
	return text
}

// onlyKeys is a Backend API that responds to nothing but requests for keys.
func onlyKeys(i *clerktest.Instance) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/jwks" {
			i.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})
}

// atHost serves requests as if they had been sent to a host, as a proxy does.
func atHost(host string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = host
		h.ServeHTTP(w, r)
	})
}
