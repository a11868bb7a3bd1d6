package clerktest_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	r := httptest.NewRequest(http.MethodGet, "https://app.test/name", nil)
	i.SignIn(r, "user_1")
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || verifySignature(t, i, token) != nil {
		t.Fatalf("the header is %q", r.Header.Get("Authorization"))
	}
	_, claims := parts(t, token)
	if claims["sub"] != "user_1" || claims["sid"] != "sess_1" || claims["azp"] != "https://app.test" {
		t.Errorf("the claims are %v", claims)
	}
	r.Header.Set("Origin", "http://page.test:3000")
	i.SignIn(r, "user_1", clerktest.Pending())
	_, claims = parts(t, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if claims["azp"] != "http://page.test:3000" || claims["sts"] != "pending" || len(r.Header.Values("Authorization")) != 1 {
		t.Errorf("the claims are %v", claims)
	}
}

func TestSignInCookies(t *testing.T) {
	t.Parallel()
	i := startSuffixed(t, false)
	r := httptest.NewRequest(http.MethodGet, "http://app.test/", nil)
	i.SignInCookies(r, "user_1")
	for _, name := range []string{"__session", "__client_uat", "__clerk_db_jwt"} {
		plain, err := r.Cookie(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		suffixed, err := r.Cookie(name + "_vWCgMp3A")
		if err != nil || suffixed.Value != plain.Value {
			t.Errorf("%s with the suffix is %v, %v", name, suffixed, err)
		}
	}
	session, _ := r.Cookie("__session")
	if err := verifySignature(t, i, session.Value); err != nil {
		t.Error(err)
	}
	_, claims := parts(t, session.Value)
	uat, _ := r.Cookie("__client_uat")
	at, err := strconv.ParseInt(uat.Value, 10, 64)
	if err != nil || at <= 0 || float64(at) > claims["iat"].(float64) {
		t.Errorf("the sign-in was at %s, the token is of %v", uat.Value, claims["iat"])
	}
	if browser, _ := r.Cookie("__clerk_db_jwt"); !strings.HasPrefix(browser.Value, "dvb_") {
		t.Errorf("the browser is %s", browser.Value)
	}
	if r.Header.Get("Authorization") != "" {
		t.Error("a browser sends the token in the header too")
	}
}
