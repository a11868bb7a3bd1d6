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
		ExpiredToken:   instance.Token(clerktest.ForSession("sess_1"), clerktest.WithAuthorizedParty("https://app.test"), clerktest.Expired()),
		RefreshToken:   instance.RefreshToken("sess_1"),
		RequestOrigin:  "https://app.test",
		RequestHeaders: clerk.Set(http.Header{"User-Agent": {"test"}}),
	}
	got, err := sessions.RefreshSession(t.Context(), client, "sess_1", params)
	if err != nil || got.Object != "token" || got.JWT == "" || got.Cookies != nil {
		t.Fatalf("the refresh returns %+v, %v", got, err)
	}
	params.ResultFormat = clerk.Set(sessions.SessionRefreshFormatCookie)
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
	const origin = "https://app.test"
	instance := startSuffixed(t, false)
	client := instance.Client()
	other := instance.CreateSession("user_1")
	party := clerktest.WithAuthorizedParty(origin)
	right := sessions.RefreshSessionParams{
		ExpiredToken: instance.Token(clerktest.ForSession("sess_1"), party), RefreshToken: instance.RefreshToken("sess_1"), RequestOrigin: origin,
	}
	for name, tc := range map[string]struct {
		code   string
		change func(*sessions.RefreshSessionParams)
	}{
		"right": {"", func(*sessions.RefreshSessionParams) {}},
		"forged token": {"expired_session_token_invalid", func(p *sessions.RefreshSessionParams) {
			p.ExpiredToken = instance.Token(clerktest.ForSession("sess_1"), party, clerktest.SignedByStranger())
		}},
		"no token":             {"expired_session_token_invalid", func(p *sessions.RefreshSessionParams) { p.ExpiredToken = "" }},
		"no dots in the token": {"expired_session_token_invalid", func(p *sessions.RefreshSessionParams) { p.ExpiredToken = "token" }},
		"token of another session": {"refresh_sid_mismatch", func(p *sessions.RefreshSessionParams) {
			p.ExpiredToken = instance.Token(clerktest.ForSession(other.ID), party)
		}},
		"token without azp": {"expired_session_token_missing_azp", func(p *sessions.RefreshSessionParams) {
			p.ExpiredToken = instance.Token(clerktest.ForSession("sess_1"))
		}},
		"another origin":                   {"refresh_request_origin_azp_mismatch", func(p *sessions.RefreshSessionParams) { p.RequestOrigin = "https://other.test" }},
		"refresh token of another session": {"refresh_token_not_found", func(p *sessions.RefreshSessionParams) { p.RefreshToken = instance.RefreshToken(other.ID) }},
		"no refresh token":                 {"refresh_token_not_found", func(p *sessions.RefreshSessionParams) { p.RefreshToken = "" }},
		"no origin":                        {"refresh_request_origin_invalid", func(p *sessions.RefreshSessionParams) { p.RequestOrigin = "app.test" }},
		"a path":                           {"refresh_request_origin_invalid", func(p *sessions.RefreshSessionParams) { p.RequestOrigin = origin + "/" }},
	} {
		params := right
		tc.change(&params)
		_, err := sessions.RefreshSession(t.Context(), client, "sess_1", params)
		if tc.code == "" && err != nil || tc.code != "" && !clerk.HasCode(err, tc.code) {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	if _, err := sessions.RevokeSession(t.Context(), client, "sess_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.RefreshSession(t.Context(), client, "sess_1", right); !clerk.HasCode(err, "session_refresh_inactive_session") {
		t.Errorf("a revoked session: %v", err)
	}
	gone := right
	gone.ExpiredToken = instance.Token(clerktest.ForSession(other.ID), party, clerktest.WithClaim("sid", "sess_gone"))
	gone.RefreshToken = instance.RefreshToken("sess_gone")
	if _, err := sessions.RefreshSession(t.Context(), client, "sess_gone", gone); !clerk.HasCode(err, "session_refresh_session_not_found") {
		t.Errorf("a session that does not exist: %v", err)
	}
}
