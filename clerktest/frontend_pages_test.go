package clerktest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	instance := startSuffixed(t, false)
	v := visit(t, instance)
	if got := send(t, instance, http.MethodPost, "/users/user_1/ban", ""); got.status != http.StatusOK {
		t.Fatalf("banning: %d %s", got.status, got.body)
	}
	for user, want := range map[string]int{"user_1": http.StatusForbidden, "user_none": http.StatusNotFound, "": http.StatusNotFound} {
		resp, body := v.do(t, "/sign-in", nil, url.Values{"redirect_url": {"http://a.test/"}, "user_id": {user}})
		if resp.StatusCode != want || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("as %q: %d %s, want %d", user, resp.StatusCode, body, want)
		}
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	instance := startSuffixed(t, false)
	v := visit(t, instance)
	const page = "http://localhost:8080/"
	query := url.Values{"redirect_url": {page}}
	if _, body := v.do(t, "/sign-in", query, nil); !strings.Contains(body, `id="nobody"`) || !strings.Contains(body, `value="user_1"`) {
		t.Errorf("the page without a user is %s", body)
	}
	back, err := v.signIn(t, "user_1", page).Location()
	if err != nil || !strings.HasPrefix(back.Query().Get("__clerk_db_jwt"), "dvb_") {
		t.Fatalf("signing in redirects to %v, %v", back, err)
	}
	if _, body := v.do(t, "/sign-in", query, nil); !strings.Contains(body, `<b id="user">user_1</b>`) {
		t.Errorf("the page with a user is %s", body)
	}
	signedIn := func(v *visitor, more ...string) bool {
		_, nonce := v.handshake(t, page, more...)
		_, directives := v.redeem(t, nonce)
		return strings.HasPrefix(directives[len(directives)-1], "__session_vWCgMp3A=ey")
	}
	other := visit(t, instance)
	browser := back.Query().Get("__clerk_db_jwt")
	if !signedIn(v) || !signedIn(other, "__clerk_db_jwt", browser) {
		t.Error("the handshake does not recognize the browser by its cookie or by its token")
	}
	if signedIn(visit(t, instance), "__clerk_db_jwt", "dvb_stranger") || signedIn(visit(t, instance)) {
		t.Error("an unknown browser is signed in")
	}
	if resp, body := v.do(t, "/sign-out", nil, url.Values{"redirect_url": {page}}); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out: %d %s", resp.StatusCode, body)
	}
	if signedIn(v) || signedIn(other, "__clerk_db_jwt", browser) {
		t.Error("the browser is still signed in")
	}
	if status := instance.Seed().Sessions[len(instance.Seed().Sessions)-1].Status; status != "removed" {
		t.Errorf("the session is %s", status)
	}
}
