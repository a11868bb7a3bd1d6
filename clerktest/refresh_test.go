package clerktest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/google/go-cmp/cmp"
)

func TestRefreshSession(t *testing.T) {
	t.Parallel()
	instance := startSuffixed(t, false)
	client := instance.Client()
	params := sessions.RefreshSessionParams{
		ExpiredToken:   instance.Token(clerktest.ForSession("sess_1"), clerktest.Expired()),
		RefreshToken:   instance.RefreshToken("sess_1"),
		RequestOrigin:  "https://app.test",
		RequestHeaders: clerk.Set(http.Header{"User-Agent": {"test"}}),
	}
	got, err := sessions.RefreshSession(t.Context(), client, "sess_1", params)
	if err != nil || got.Object != "token" || got.JWT == "" || got.Cookies != nil {
		t.Fatalf("the refresh returns %+v, %v", got, err)
	}
	params.Format = clerk.Set(sessions.SessionRefreshFormatCookie)
	params.SuffixedCookies = clerk.Set(true)
	got, err = sessions.RefreshSession(t.Context(), client, "sess_1", params)
	if err != nil || got.Object != "cookies" || got.JWT != "" {
		t.Fatalf("the refresh returns %+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{
		"__session=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
		"__session_vWCgMp3A=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
	}, shapes(got.Cookies)); diff != "" {
		t.Errorf("the cookies (-want +got):\n%s", diff)
	}
	token := strings.TrimPrefix(strings.Split(got.Cookies[0], ";")[0], "__session=")
	_, claims := parts(t, token)
	if err := verifySignature(t, instance, token); err != nil || claims["azp"] != "https://app.test" || claims["sid"] != "sess_1" {
		t.Errorf("the token has %v, %v", claims, err)
	}
}

func TestRefreshSessionRefuses(t *testing.T) {
	t.Parallel()
	instance := startSuffixed(t, false)
	client := instance.Client()
	other := instance.CreateSession("user_1")
	for name, tc := range map[string]struct {
		code   string
		change func(*sessions.RefreshSessionParams)
	}{
		"forged token": {"expired_token_invalid", func(p *sessions.RefreshSessionParams) {
			p.ExpiredToken = instance.Token(clerktest.ForSession("sess_1"), clerktest.SignedByStranger())
		}},
		"no token":             {"expired_token_invalid", func(p *sessions.RefreshSessionParams) { p.ExpiredToken = "" }},
		"no dots in the token": {"expired_token_invalid", func(p *sessions.RefreshSessionParams) { p.ExpiredToken = "token" }},
		"token of another session": {"expired_token_invalid", func(p *sessions.RefreshSessionParams) {
			p.ExpiredToken = instance.Token(clerktest.ForSession(other.ID))
		}},
		"refresh token of another session": {"refresh_token_invalid", func(p *sessions.RefreshSessionParams) { p.RefreshToken = instance.RefreshToken(other.ID) }},
		"no refresh token":                 {"refresh_token_invalid", func(p *sessions.RefreshSessionParams) { p.RefreshToken = "" }},
		"no origin":                        {"request_origin_invalid", func(p *sessions.RefreshSessionParams) { p.RequestOrigin = "app.test" }},
		"a path":                           {"request_origin_invalid", func(p *sessions.RefreshSessionParams) { p.RequestOrigin = "https://app.test/" }},
	} {
		params := sessions.RefreshSessionParams{
			ExpiredToken: instance.Token(clerktest.ForSession("sess_1")), RefreshToken: instance.RefreshToken("sess_1"), RequestOrigin: "https://app.test",
		}
		tc.change(&params)
		_, err := sessions.RefreshSession(t.Context(), client, "sess_1", params)
		if !clerk.HasCode(err, tc.code) {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	params := sessions.RefreshSessionParams{
		ExpiredToken: instance.Token(clerktest.ForSession("sess_1")), RefreshToken: instance.RefreshToken("sess_1"), RequestOrigin: "https://app.test",
	}
	if _, err := sessions.RevokeSession(t.Context(), client, "sess_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.RefreshSession(t.Context(), client, "sess_1", params); !clerk.HasCode(err, "session_not_active") {
		t.Errorf("a revoked session: %v", err)
	}
}
