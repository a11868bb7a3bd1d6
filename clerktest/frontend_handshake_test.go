package clerktest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/google/go-cmp/cmp"
)

const gone = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; "

func TestHandshakeSignedOut(t *testing.T) {
	t.Parallel()
	v := visit(t, startSuffixed(t, false))
	back, nonce := v.handshake(t, "http://localhost:8080/a%20b?q=%7E1&__clerk_handshake_nonce=old#top")
	if got, want := back.String(), "http://localhost:8080/a%20b?q=%7E1&__clerk_handshake_nonce="+nonce+"#top"; got != want || nonce == "" {
		t.Errorf("the handshake redirects to %s, want %s", got, want)
	}
	status, directives := v.redeem(t, nonce)
	want := []string{
		"__client_uat=; Path=/; " + gone + "SameSite=Lax",
		"__client_uat=0; Path=/; Domain=localhost; Max-Age=315360000; SameSite=Lax",
		"__client_uat_vWCgMp3A=0; Path=/; Domain=localhost; Max-Age=315360000; SameSite=Lax",
		"__refresh_vWCgMp3A=; Path=/; " + gone + "HttpOnly; SameSite=Lax",
		"__clerk_db_jwt=dv…; Path=/; Max-Age=31536000; SameSite=Lax",
		"__clerk_db_jwt_vWCgMp3A=dv…; Path=/; Max-Age=31536000; SameSite=Lax",
		"__session=; Path=/; " + gone + "SameSite=Lax",
		"__session_vWCgMp3A=; Path=/; " + gone + "SameSite=Lax",
	}
	if diff := cmp.Diff(want, shapes(directives)); diff != "" || status != http.StatusOK {
		t.Errorf("%d, the directives (-want +got):\n%s", status, diff)
	}
	if status, _ := v.redeem(t, nonce); status != http.StatusNotFound {
		t.Errorf("the second exchange of the nonce: %d", status)
	}
}

func TestHandshakeInProduction(t *testing.T) {
	t.Parallel()
	v := visit(t, startSuffixed(t, true))
	const page = "https://app.inspired.puma-74.lcl.dev/account"
	resp := v.signIn(t, "user_1", page)
	var set []string
	for _, line := range resp.Header.Values("Set-Cookie") {
		name, rest, _ := strings.Cut(line, "=")
		_, attributes, _ := strings.Cut(rest, ";")
		set = append(set, name+attributes)
	}
	if diff := cmp.Diff([]string{
		"__client Path=/; Max-Age=315360000; HttpOnly; Secure; SameSite=Lax",
		"__client_uat Path=/; Domain=inspired.puma-74.lcl.dev; Max-Age=315360000; Secure; SameSite=Lax",
		"__client_uat_MqCvchyS Path=/; Domain=inspired.puma-74.lcl.dev; Max-Age=315360000; Secure; SameSite=Lax",
	}, set); diff != "" {
		t.Errorf("signing in sets (-want +got):\n%s", diff)
	}
	if resp.Header.Get("Location") != page {
		t.Errorf("signing in redirects to %s", resp.Header.Get("Location"))
	}
	back, nonce := v.handshake(t, page)
	if back.String() != page {
		t.Errorf("the handshake redirects to %s", back)
	}
	_, directives := v.redeem(t, nonce)
	uat := strings.TrimPrefix(strings.Split(directives[3], ";")[0], "__client_uat=")
	domain := "; Path=/; Domain=inspired.puma-74.lcl.dev; "
	want := []string{
		"__client_uat=; Path=/; " + gone + "Secure; SameSite=Lax",
		"__clerk_handshake=" + domain + gone + "Secure; SameSite=Lax",
		"__clerk_handshake_nonce=" + domain + gone + "Secure; SameSite=Lax",
		"__client_uat=" + uat + domain + "Max-Age=315360000; Secure; SameSite=Lax",
		"__client_uat_MqCvchyS=" + uat + domain + "Max-Age=315360000; Secure; SameSite=Lax",
		"__refresh_MqCvchyS=rt…; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax",
		"__session=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
		"__session_MqCvchyS=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
	}
	got := shapes(directives)
	got[5] = strings.Replace(got[5], "Max-Age=604799", "Max-Age=604800", 1) // a second may have passed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the directives (-want +got):\n%s", diff)
	}
	token := strings.TrimPrefix(strings.Split(directives[7], ";")[0], "__session_MqCvchyS=")
	_, claims := parts(t, token)
	if err := verifySignature(t, v.instance, token); err != nil || claims["azp"] != "https://app.inspired.puma-74.lcl.dev" || claims["sub"] != "user_1" {
		t.Errorf("the token has %v, %v", claims, err)
	}
}

func TestHandshakeTokens(t *testing.T) {
	t.Parallel()
	v := visit(t, startSuffixed(t, false, clerktest.WithHandshakeTokens()))
	_, token := v.handshake(t, "http://127.0.0.1:8080/")
	header, claims := parts(t, token)
	if err := verifySignature(t, v.instance, token); err != nil || header["cat"] != "cl_B7d4PD111AAA" || header["typ"] != "JWT" {
		t.Errorf("the header is %v, the signature %v", header, err)
	}
	var directives []string
	for _, line := range claims["handshake"].([]any) {
		directives = append(directives, line.(string))
	}
	if got := shapes(directives)[1]; got != "__client_uat=0; Path=/; Max-Age=315360000; SameSite=Lax" {
		t.Errorf("the cookie for an IP address is %s", got)
	}
	if _, token := v.handshake(t, "http://127.0.0.1:8080/", "format", "token"); !strings.HasPrefix(token, "ey") {
		t.Errorf("with format=token the payload is %s", token)
	}
}

func TestHandshakeAfterSignInCookies(t *testing.T) {
	t.Parallel()
	v := visit(t, startSuffixed(t, false))
	r := httptest.NewRequest(http.MethodGet, "http://app.test/", nil)
	v.instance.SignInCookies(r, "user_1")
	browser, err := r.Cookie("__clerk_db_jwt")
	if err != nil {
		t.Fatal(err)
	}
	_, nonce := v.handshake(t, "http://app.test/", "__clerk_db_jwt", browser.Value)
	_, directives := v.redeem(t, nonce)
	if _, claims := parts(t, strings.TrimPrefix(strings.Split(directives[6], ";")[0], "__session=")); claims["sid"] != "sess_1" {
		t.Errorf("the claims are %v", claims)
	}
}

func TestNonceExpires(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := visit(t, startSuffixed(t, false, clerktest.WithClock(c.now)))
	_, nonce := v.handshake(t, "http://app.test/")
	c.advance(time.Minute + time.Millisecond)
	if status, _ := v.redeem(t, nonce); status != http.StatusNotFound {
		t.Errorf("after a minute: %d", status)
	}
	v.instance.Inject(clerktest.Fault{Operation: "GetHandshakePayload", Times: 1, Status: http.StatusServiceUnavailable})
	_, nonce = v.handshake(t, "http://app.test/")
	if status, _ := v.redeem(t, nonce); status != http.StatusServiceUnavailable {
		t.Errorf("during the fault: %d", status)
	}
	if status, _ := v.redeem(t, nonce); status != http.StatusOK {
		t.Errorf("after the fault: %d", status)
	}
	for query, want := range map[string]int{"": http.StatusBadRequest, "?nonce=": http.StatusNotFound, "?nonce=a&surprise=1": http.StatusNotFound} {
		if got := send(t, v.instance, http.MethodGet, "/clients/handshake_payload"+query, ""); got.status != want {
			t.Errorf("%q: %d, want %d", query, got.status, want)
		}
	}
	if got := send(t, v.instance, http.MethodGet, "/clients/handshake_payload?nonce=a", "", "Authorization", "Bearer sk_test_other"); got.status != http.StatusUnauthorized {
		t.Errorf("with a wrong key: %d", got.status)
	}
	if last := v.instance.Requests(); last[len(last)-1].Operation != "GetHandshakePayload" {
		t.Errorf("the log ends with %+v", last[len(last)-1])
	}
}

func TestHandshakeRefuses(t *testing.T) {
	t.Parallel()
	development, production := visit(t, startSuffixed(t, false)), visit(t, startSuffixed(t, true))
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
		wantRefusal(t, development, "/v1/client/handshake", query, code)
	}
	for _, target := range []string{
		"http://app.inspired.puma-74.lcl.dev/", "https://evil.test/", "https://inspired.puma-74.lcl.dev.evil.test/",
		"https://evilinspired.puma-74.lcl.dev/", "https://localhost/",
	} {
		wantRefusal(t, production, "/v1/client/handshake", "redirect_url="+url.QueryEscape(target), "invalid_url_origin")
		wantRefusal(t, production, "/sign-in", "redirect_url="+url.QueryEscape(target), "invalid_url_origin")
	}
	wantRefusal(t, production, "/v1/client/elsewhere", "", "resource_not_found")
}

func TestTokensOfCookiesWithoutAnAuthorizedParty(t *testing.T) {
	t.Parallel()
	v := visit(t, startSuffixed(t, true, clerktest.WithoutAuthorizedParties()))
	const page = "https://app.inspired.puma-74.lcl.dev/account"
	v.signIn(t, "user_1", page)
	_, nonce := v.handshake(t, page)
	_, directives := v.redeem(t, nonce)
	refreshed, err := sessions.RefreshSession(t.Context(), v.instance.Client(), "sess_1", sessions.RefreshSessionParams{
		ExpiredToken: v.instance.Token(clerktest.ForSession("sess_1"), clerktest.Expired()), RefreshToken: v.instance.RefreshToken("sess_1"),
		RequestOrigin: "https://app.inspired.puma-74.lcl.dev", RequestHeaders: clerk.Set(http.Header{"User-Agent": {"test"}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, token := range map[string]string{
		"handshake": strings.TrimPrefix(strings.Split(directives[7], ";")[0], "__session_MqCvchyS="), "refresh": refreshed.JWT,
	} {
		if _, claims := parts(t, token); claims["azp"] != nil || claims["sub"] != "user_1" {
			t.Errorf("the token of a %s has %v", what, claims)
		}
	}
	own := v.instance.Token(clerktest.ForSession("sess_1"), clerktest.WithAuthorizedParty("https://app.test"))
	if _, claims := parts(t, own); claims["azp"] != "https://app.test" {
		t.Errorf("a token that is to name a party has %v", claims)
	}
}
