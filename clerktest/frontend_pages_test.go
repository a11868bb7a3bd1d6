package clerktest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestHandshakeRefuses(t *testing.T) {
	t.Parallel()
	development, production := visit(t, suffixed(t, false)), visit(t, suffixed(t, true))
	for query, code := range map[string]string{
		"":                                       "form_param_missing",
		"redirect_url=":                          "form_param_missing",
		"redirect_url=/page":                     "invalid_url",
		"redirect_url=//evil.test/":              "invalid_url",
		"redirect_url=javascript:a":              "invalid_url",
		"redirect_url=ftp://a.test/":             "invalid_url",
		"redirect_url=http://u@a.test":           "invalid_url",
		"redirect_url=http://:80/":               "invalid_url",
		"redirect_url=http://a.test/&format=xml": "form_param_value_invalid",
		"redirect_url=http://a.test/&suffixed_cookies=yes":      "form_param_value_invalid",
		"redirect_url=http://a.test/&suffixed_cookies=1&format": "form_param_value_invalid",
	} {
		refused(t, development, "/v1/client/handshake", query, code)
	}
	for _, target := range []string{
		"http://app.inspired.puma-74.lcl.dev/", "https://evil.test/", "https://inspired.puma-74.lcl.dev.evil.test/",
		"https://evilinspired.puma-74.lcl.dev/", "https://localhost/",
	} {
		refused(t, production, "/v1/client/handshake", "redirect_url="+url.QueryEscape(target), "invalid_url_origin")
		refused(t, production, "/sign-in", "redirect_url="+url.QueryEscape(target), "invalid_url_origin")
	}
	refused(t, production, "/v1/client/elsewhere", "", "resource_not_found")
}

func refused(t *testing.T, v *visitor, path, query, code string) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	resp, body := v.ask(t, path, values, nil)
	if resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusNotFound || !strings.Contains(body, `"code":"`+code+`"`) {
		t.Errorf("%s?%s: %d %s, want %s", path, query, resp.StatusCode, body, code)
	}
	if resp.Header.Get("Location") != "" || resp.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s?%s: a refusal has the header %v", path, query, resp.Header)
	}
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	instance := suffixed(t, false)
	v := visit(t, instance)
	if got := send(t, instance, http.MethodPost, "/users/user_1/ban", ""); got.status != http.StatusOK {
		t.Fatalf("banning: %d %s", got.status, got.body)
	}
	for user, want := range map[string]int{"user_1": http.StatusForbidden, "user_none": http.StatusNotFound, "": http.StatusNotFound} {
		resp, body := v.ask(t, "/sign-in", nil, url.Values{"redirect_url": {"http://a.test/"}, "user_id": {user}})
		if resp.StatusCode != want || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("as %q: %d %s, want %d", user, resp.StatusCode, body, want)
		}
	}
}

// TestFrontendOnLoopbackOnly shows that no other computer can sign in.
func TestFrontendOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	handler := suffixed(t, false).Frontend()
	for peer, want := range map[string]int{
		"127.0.0.1:5000": http.StatusOK, "[::1]:5000": http.StatusOK, "[::ffff:127.0.0.1]:5000": http.StatusOK,
		"192.0.2.1:5000": http.StatusForbidden, "[::ffff:10.0.0.1]:5000": http.StatusForbidden, "@": http.StatusForbidden, "": http.StatusForbidden,
	} {
		r := httptest.NewRequest(http.MethodGet, "/sign-in?redirect_url=http://a.test/", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("from %q: %d, want %d", peer, w.Code, want)
		}
	}
}

func TestHandshakeOrganization(t *testing.T) {
	t.Parallel()
	instance := seeded(t, `{
		"users": [{"id": "user_1"}, {"id": "user_2"}],
		"sessions": [
			{"id": "sess_1", "user_id": "user_1", "organization": {"id": "org_1", "slug": "acme"}},
			{"id": "sess_2", "user_id": "user_2", "organization": {"id": "org_2", "slug": "other"}}
		]}`)
	v := visit(t, instance)
	v.signIn(t, "user_1", "http://a.test/")
	for _, step := range []struct{ asked, want string }{
		{"acme", "org_1"}, {"org_2", "org_1"}, {"", ""}, {"org_1", "org_1"}, {"other", "org_1"},
	} {
		_, nonce := v.handshake(t, "http://a.test/", "organization_id", step.asked)
		_, directives := v.exchange(t, nonce)
		line := directives[len(directives)-1]
		_, claims := parts(t, line[strings.Index(line, "=")+1:strings.Index(line, ";")])
		got := ""
		if o, ok := claims["o"].(map[string]any); ok {
			got, _ = o["id"].(string)
		}
		if got != step.want {
			t.Errorf("asked for %q the token has %q, want %q", step.asked, got, step.want)
		}
	}
}

func TestProductionKeys(t *testing.T) {
	t.Parallel()
	i := seeded(t, `{"production": true}`)
	if !strings.HasPrefix(i.SecretKey(), "sk_live_emulated_") || i.PublishableKey() != "pk_live_Y2xlcmsuZW11bGF0b3IudGVzdCQ" || i.Issuer() != "https://clerk.emulator.test" {
		t.Errorf("the keys are %s, %s, %s", i.SecretKey(), i.PublishableKey(), i.Issuer())
	}
	if kind := i.Client().InstanceType(); kind != "production" {
		t.Errorf("the client is one of %s", kind)
	}
	again := clerktest.New(t, clerktest.WithSeed(i.Seed()))
	if !slices.Equal(again.Env()[:2], i.Env()[:2]) {
		t.Error("the seed of a production instance makes another one")
	}
	r := httptest.NewRequest(http.MethodGet, "https://app.emulator.test/", nil)
	i.CreateSession(tokenUser(t, i))
	i.SignInCookies(r, i.Seed().Users[0].ID)
	if _, err := r.Cookie("__clerk_db_jwt"); err == nil {
		t.Error("there is a development browser in production")
	}
	for text, want := range map[string]string{
		`{"production":true,"secret_key":"sk_live_abc"}`:                              "secret_key must be sk_live_emulated_",
		`{"production":true,"secret_key":"sk_live_emulated_"}`:                        "secret_key must be sk_live_emulated_",
		`{"production":true,"secret_key":"sk_test_abc"}`:                              "secret_key must be sk_live_emulated_",
		`{"secret_key":"sk_live_emulated_abc"}`:                                       "secret_key must be sk_test_",
		`{"production":true,"publishable_key":"pk_test_Y2xlcmsuZW11bGF0b3IudGVzdCQ"}`: "publishable_key does not begin with pk_live_",
		`{"production":true,"frontend_api":"api.example.com"}`:                        "must be clerk. and the domain",
		`{"production":true,"frontend_api":"clerk.com"}`:                              "must be clerk. and the domain",
		`{"production":true,"publishable_key":"pk_live_YXBpLmV4YW1wbGUuY29tJA"}`:      "must be clerk. and the domain",
		`{"production":"yes"}`:                                                        "production",
	} {
		seed, err := clerktest.ParseSeed([]byte(text))
		if err == nil {
			seed.SigningKey = signingKey()
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// tokenUser returns the user that the instance makes up.
func tokenUser(t *testing.T, i *clerktest.Instance) string {
	t.Helper()
	i.Token()
	return i.Seed().Users[0].ID
}
