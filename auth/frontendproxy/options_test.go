package frontendproxy

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
)

func TestMisconfigurationIsAnErrorThatNamesItsCause(t *testing.T) {
	t.Parallel()
	const devSecret, devKey, url = "sk_test_x", "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k", "/__clerk"
	for name, test := range map[string]struct {
		secretKey, publishableKey, proxyURL string
		opt                                 Option
		want                                string
	}{
		"no secret key":             {"", liveKey, url, nil, "secret key: empty"},
		"publishable key for it":    {liveKey, liveKey, url, nil, "secret key: this is a publishable key"},
		"no publishable key":        {secretKey, "", url, nil, "publishable key: the publishable key is empty"},
		"malformed publishable key": {secretKey, "pk_live_*", url, nil, "publishable key: "},
		"development":               {devSecret, devKey, url, nil, "secret key: development"},
		"development secret key":    {devSecret, liveKey, url, nil, "secret key: development"},
		"development key":           {secretKey, devKey, url, nil, "publishable key: development"},
		"lcl.dev":                   {secretKey, publishableKeyOf("pk_live_", "clerk.puma-74.lcl.dev"), url, nil, "publishable key: development"},
		"lclstage.dev":              {secretKey, publishableKeyOf("pk_live_", "clerk.puma.LCLstage.dev"), url, nil, "publishable key: development"},
		"lclclerk.com":              {secretKey, publishableKeyOf("pk_live_", "myapp.lclclerk.com"), url, nil, "publishable key: development"},
		"machine's key":             {"ak_x", liveKey, url, nil, "secret key: not a secret key of a production instance"},

		"no proxy URL":        {secretKey, liveKey, "", nil, "proxy URL: "},
		"root":                {secretKey, liveKey, "/", nil, "proxy URL: has no path"},
		"slashes":             {secretKey, liveKey, "/./", nil, "proxy URL: has no path"},
		"absolute root":       {secretKey, liveKey, "https://app.example.com", nil, "proxy URL: has no path"},
		"query":               {secretKey, liveKey, "/__clerk?x", nil, "proxy URL: "},
		"fragment":            {secretKey, liveKey, "/__clerk#x", nil, "proxy URL: "},
		"relative":            {secretKey, liveKey, "__clerk", nil, "proxy URL: "},
		"two slashes":         {secretKey, liveKey, "//evil.com/__clerk", nil, "proxy URL: "},
		"user":                {secretKey, liveKey, "https://u:hidden@app.example.com/__clerk", nil, "proxy URL: "},
		"plain http":          {secretKey, liveKey, "http://app.example.com/__clerk", nil, "plain http"},
		"plain public origin": {secretKey, liveKey, url, WithPublicOrigin("http://app.example.com"), "plain http"},

		"target, user":        {secretKey, liveKey, url, WithTarget("https://u:hidden@clerk.example"), "WithTarget"},
		"target, query":       {secretKey, liveKey, url, WithTarget("https://clerk.example/?x"), "WithTarget"},
		"target, empty query": {secretKey, liveKey, url, WithTarget("https://clerk.example/?"), "WithTarget"},
		"target, fragment":    {secretKey, liveKey, url, WithTarget("https://clerk.example/#x"), "WithTarget"},
		"target, scheme":      {secretKey, liveKey, url, WithTarget("ftp://clerk.example"), "WithTarget"},
		"target, no scheme":   {secretKey, liveKey, url, WithTarget("clerk.example"), "WithTarget"},
		"target, plain http":  {secretKey, liveKey, url, WithTarget("http://clerk.example"), "WithTarget"},
		"target, escape":      {secretKey, liveKey, url, WithTarget("https://clerk.example/%2"), "WithTarget"},
		"target, empty":       {secretKey, liveKey, url, WithTarget(""), "WithTarget"},
		"client IP, empty":    {secretKey, liveKey, url, WithClientIP(""), "WithClientIP"},
		"client IP, blank":    {secretKey, liveKey, url, WithClientIP("Client Ip"), "WithClientIP"},
		"client IP, colon":    {secretKey, liveKey, url, WithClientIP("Client-Ip:"), "WithClientIP"},
		"body limit":          {secretKey, liveKey, url, WithBodyLimit(0), "WithBodyLimit"},
		"public origin":       {secretKey, liveKey, url, WithPublicOrigin("https://app.example.com/x"), "WithPublicOrigin"},
		"trusted proxies":     {secretKey, liveKey, url, WithTrustedProxies("proxy.example.com"), "WithTrustedProxies"},
		"logger":              {secretKey, liveKey, url, WithLogger(nil), "WithLogger"},
		"no option":           {secretKey, liveKey, url, Option(nil), "an option is nil"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := []Option{test.opt}
			if test.opt == nil && name != "no option" {
				opts = nil
			}
			h, err := New(test.secretKey, test.publishableKey, test.proxyURL, opts...)
			if h != nil || err == nil || !strings.HasPrefix(err.Error(), "frontendproxy: ") || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("New returns %v, %v, want an error with %q", h, err, test.want)
			}
			for _, secret := range []string{test.secretKey, test.publishableKey, "hidden"} {
				if len(secret) > 3 && strings.Contains(err.Error(), secret) {
					t.Errorf("the error shows %q: %v", secret, err)
				}
			}
		})
	}
}

func TestTargetIsThatOfTheKey(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"clerk.example.com":         "https://frontend-api.clerk.dev",
		"clerk.a.accountsstage.dev": "https://frontend-api.clerkstage.dev",
		"CLERK.a.AccountsStage.dev": "https://frontend-api.clerkstage.dev",
		"accountsstage.dev.example": "https://frontend-api.clerk.dev",
		"clerk.example.com:8443":    "https://frontend-api.clerk.dev",
		"fake.clerk.accounts.dev":   "https://frontend-api.clerk.dev",
	} {
		h, err := New(secretKey, publishableKeyOf("pk_live_", host), "/__clerk")
		if err != nil || !strings.Contains(h.String(), `target="`+want+`"`) {
			t.Errorf("%s: %v, %v, want %s", host, h, err, want)
		}
	}
	h, err := New(secretKey, liveKey, "/__clerk", WithTarget("HTTP://[::1]:80/x//"))
	if err != nil || h.p.target.String() != "http://[::1]/x" {
		t.Errorf("the target is %v, %v", h, err)
	}
}

func TestEnvironmentCountsInFromEnvAlone(t *testing.T) {
	set := func(values map[string]string) {
		t.Helper()
		for _, name := range []string{"CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_PROXY_URL", "CLERK_FAPI_URL", "CLERK_PROXY_CLIENT_IP", "CLERK_PUBLIC_ORIGIN", "CLERK_TRUSTED_PROXIES"} {
			t.Setenv(name, values[name])
		}
	}
	whole := map[string]string{
		"CLERK_SECRET_KEY": secretKey, "CLERK_PUBLISHABLE_KEY": liveKey + "\n", "CLERK_PROXY_URL": "/fapi", "CLERK_FAPI_URL": "https://clerk.example/x",
		"CLERK_PROXY_CLIENT_IP": "cf-connecting-ip", "CLERK_PUBLIC_ORIGIN": publicURL, "CLERK_TRUSTED_PROXIES": "203.0.113.7, 198.51.100.0/24",
	}
	set(whole)
	h, err := FromEnv(WithBodyLimit(7))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := h.String(), `frontendproxy.Handler(url="https://app.example.com/fapi", target="https://clerk.example/x")`; got != want {
		t.Errorf("FromEnv returns %s, want %s", got, want)
	}
	if p := h.p; p.clientIP != "Cf-Connecting-Ip" || len(p.proxies.Trusted) != 2 || p.bodyLimit != 7 {
		t.Errorf("FromEnv sets %q, %v, %d", p.clientIP, p.proxies.Trusted, p.bodyLimit)
	}
	if h, err = New(secretKey, liveKey, "/__clerk"); err != nil || h.p.clientIP != "" || h.p.proxies.Trusted != nil ||
		h.String() != `frontendproxy.Handler(url="/__clerk", target="https://frontend-api.clerk.dev")` {
		t.Errorf("New returns %v, %v, which the environment changed", h, err)
	}
	if _, err := New("", "", ""); err == nil {
		t.Error("New takes keys from the environment")
	}
	for name := range whole {
		malformed := map[string]string{}
		maps.Copy(malformed, whole)
		malformed[name] = "://"
		if strings.HasSuffix(name, "_KEY") {
			malformed[name] = ""
		}
		set(malformed)
		if _, err := FromEnv(); err == nil || !strings.HasPrefix(err.Error(), "frontendproxy: "+name+": ") || strings.Contains(err.Error(), secretKey) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestNothingPrintsTheKey(t *testing.T) {
	t.Parallel()
	h, err := New(secretKey, liveKey, "/__clerk", WithTarget("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	type holder struct{ h Handler }
	type pointer struct{ h *Handler }
	for _, v := range []any{h, *h, holder{*h}, &holder{*h}, pointer{h}, []any{h, *h}, map[string]*Handler{"h": h}} {
		for _, verb := range "vtbcdoOqxXUeEfFgGs" {
			for _, flag := range []string{"%", "%+", "%#"} {
				if text := fmt.Sprintf(flag+string(verb), v); strings.Contains(text, secretKey) || strings.Contains(text, "PANIC") {
					t.Errorf("%%%c prints %s", verb, text)
				}
			}
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("text", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("json", "v", v)
		if strings.Contains(b.String(), secretKey) {
			t.Errorf("a log record shows the key: %s", &b)
		}
	}
}
