package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExpiredCookieIsRefreshed(t *testing.T) {
	t.Parallel()
	renewed := mint(t)
	cookies := []string{"__session=" + renewed + "; Path=/", "evil=1\r\nX: y", "__refresh_x=r2; HttpOnly"}
	a, refreshes := refreshing(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"object": "cookies", "cookies": cookies})
	})
	_, credentials := expiredCookies(t)
	want := http.Header{"Cache-Control": {"private, no-store"}, "Set-Cookie": {cookies[0], cookies[2]}}
	for name, r := range map[string]*http.Request{
		"script":                 newRequest(t, "/", credentials),
		"page load":              newRequest(t, "/", credentials, asPageLoad),
		"page load from outside": newRequest(t, "/", credentials, asPageLoad, withField("Referer", "https://search.example/")),
	} {
		t.Run(name, func(t *testing.T) {
			s := stateOf(t, a, r)
			if s.Status != StatusSignedIn || s.Reason != "" || s.Message != "" || s.Err() != nil {
				t.Fatalf("state is %v, %q, err %v", s, s.Message, s.Err())
			}
			if diff := cmp.Diff(want, s.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if got, err := s.Auth().GetToken(t.Context()); err != nil || got != renewed {
				t.Errorf("GetToken returns another token than the new one, %v", err)
			}
		})
	}
	if got := refreshes.Load(); got != 3 {
		t.Errorf("%d refreshes, want 3", got)
	}
}

// A refresh sends Clerk no credentials but those of this instance.
func TestRefreshSendsOnlyOwnCredentials(t *testing.T) {
	t.Parallel()
	type request struct {
		Path, Query string
		Body        map[string]any
	}
	var got request
	a, _ := refreshing(t, func(w http.ResponseWriter, r *http.Request) {
		got = request{Path: r.URL.Path, Query: r.URL.RawQuery}
		json.NewDecoder(r.Body).Decode(&got.Body)
		w.WriteHeader(http.StatusUnauthorized)
	})
	suffix := cookieSuffix(liveKey)
	token, credentials := expiredCookies(t)
	own := "__session=" + token + "; __client_uat=" + fmt.Sprint(testNow.Unix()-100) + "; __refresh_" + suffix + "=r1"
	r := newRequest(t, "/p?q", withCookie("shop", "1"), credentials, withCookie("__session_other123", "x"), withCookie("__sessionX", "y"),
		withField("Authorization", "Basic dTpw"), withField("Proxy-Authorization", "Basic eDp5"), withField("User-Agent", "test"),
		withField("X-Forwarded-Proto", "https"), withField("Accept-Language", "de"), withField("Accept-Language", "en"))
	r.RemoteAddr = "127.0.0.1:1"
	if s := stateOf(t, a, r); s.Status != StatusSignedOut {
		t.Errorf("state is %v", s)
	}
	want := request{Path: "/trap/v1/sessions/" + testSession + "/refresh", Body: map[string]any{
		"format": "cookie", "expired_token": token, "refresh_token": "r1", "request_origin": "https://app.example.com",
		"request_headers": map[string]any{
			"host": []any{"app.example.com"}, "cookie": []any{own}, "user-agent": []any{"test"},
			"x-forwarded-proto": []any{"https"}, "accept-language": []any{"de, en"},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	r = newRequest(t, "/", withCookie("__session_"+suffix, token), withCookie("__client_uat_"+suffix, "1"), withCookie("__refresh_"+suffix, "r2"))
	stateOf(t, a, r)
	if got.Query != "suffixed_cookies=true" || got.Body["expired_token"] != token || got.Body["refresh_token"] != "r2" {
		t.Errorf("with suffixed cookies the query is %q", got.Query)
	}
}

func TestRefreshThatFailsHasAReason(t *testing.T) {
	t.Parallel()
	respondJSON := func(status int, v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			json.NewEncoder(w).Encode(v)
		}
	}
	problem := func(codes ...string) map[string]any {
		list := []any{}
		for _, code := range codes {
			list = append(list, map[string]any{"code": code, "message": "m"})
		}
		return map[string]any{"errors": list}
	}
	cookies := func(list ...string) map[string]any { return map[string]any{"cookies": list} }
	for name, test := range map[string]struct {
		refresh   http.HandlerFunc
		claims    []mintOption
		refreshes int32
		want      string
	}{
		"session without an id":          {claims: []mintOption{withoutClaim("sid")}, want: "expired-session-token-missing-sid-claim"},
		"session with an invalid id":     {claims: []mintOption{withClaim("sid", "../x")}, want: "unexpected-sdk-error"},
		"transport":                      {refresh: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, refreshes: 1, want: "fetch-error"},
		"unexpected_error":               {refresh: respondJSON(500, problem("unexpected_error")), refreshes: 1, want: "fetch-error"},
		"response that is cut off":       {refresh: respond(200, "application/json", `{"cookies":[`), refreshes: 1, want: "fetch-error"},
		"error that is cut off":          {refresh: respond(500, "application/json", `{"errors":[`), refreshes: 1, want: "fetch-error"},
		"error with a code":              {refresh: respondJSON(401, problem("refresh_token_expired", "x")), refreshes: 1, want: "refresh_token_expired"},
		"error with a code of two lines": {refresh: respondJSON(401, problem("a\nb")), refreshes: 1, want: "a\nb"},
		"error with an empty code":       {refresh: respondJSON(500, problem("")), refreshes: 1, want: "unexpected-sdk-error"},
		"error without codes":            {refresh: respondJSON(500, problem()), refreshes: 1, want: "unexpected-bapi-error"},
		"error page":                     {refresh: respond(502, "application/json", "<html>"), refreshes: 1, want: "unexpected-bapi-error"},
		"no cookies":                     {refresh: respondJSON(200, cookies()), refreshes: 1, want: "unexpected-sdk-error"},
		"not JSON":                       {refresh: func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) }, refreshes: 1, want: "unexpected-sdk-error"},
		"new token missing":              {refresh: respondJSON(200, cookies("a=1")), refreshes: 1, want: "invalid-session-token"},
		"new token forged":               {refresh: respondJSON(200, cookies("__session="+mint(t, signedBy(otherKey())))), refreshes: 1, want: "invalid-session-token"},
		"new token expired":              {refresh: respondJSON(200, cookies("__session="+mint(t, withClaim("exp", testNow.Unix()-10)))), refreshes: 1, want: "invalid-session-token"},
		"new token of a template":        {refresh: respondJSON(200, cookies("__session="+mint(t, withHeader("cat", categoryTemplate)))), refreshes: 1, want: "invalid-session-token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, refreshes := refreshing(t, test.refresh)
			token, credentials := expiredCookies(t, test.claims...)
			checkRefreshFailed(t, stateOf(t, a, newRequest(t, "/", credentials, asPageLoad)), test.want, token)
			if got := refreshes.Load(); got != test.refreshes {
				t.Errorf("Clerk was called %d times, want %d", got, test.refreshes)
			}
		})
	}
	t.Run("no client", func(t *testing.T) {
		token, credentials := expiredCookies(t)
		checkRefreshFailed(t, stateOf(t, newTestAuthenticator(t), newRequest(t, "/", credentials, asPageLoad)), "missing-api-client", token)
	})
}

// checkRefreshFailed checks that the browser is redirected to the frontend API with the old token.
func checkRefreshFailed(t *testing.T, s *State, failure, token string) {
	t.Helper()
	reason := Reason("session-token-expired-refresh-" + failure)
	escaped := strings.ReplaceAll(string(reason), "\n", "%0A")
	wantHandshake(t, s, reason, frontendURL(fapi, page, "false", Reason(escaped), "&__session="+token))
	if got := s.Header["Set-Cookie"]; len(got) != 1 || !strings.HasPrefix(got[0], "__clerk_redirect_count=1;") {
		t.Errorf("cookies are %q", got)
	}
	if !strings.HasSuffix(s.Message, "(reason=token-expired, token-carrier=cookie)") {
		t.Errorf("message is %q", s.Message)
	}
	if got := s.Header.Get("X-Clerk-Auth-Reason"); got != string(reason) && !strings.Contains(failure, "\n") {
		t.Errorf("the reason is %q", got)
	}
}

// The new cookies reach the browser through Middleware and through Require, beside those of the handler.
func TestRefreshedCookiesReachTheResponse(t *testing.T) {
	t.Parallel()
	cookies := []string{"__session=" + mint(t), "__client_uat=1"}
	a, refreshes := refreshing(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]any{"cookies": cookies}) })
	_, credentials := expiredCookies(t)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "own", Value: "1"})
		if FromContext(r.Context()).UserID != testUser {
			t.Error("the handler sees another user")
		}
	})
	for name, h := range map[string]http.Handler{
		"Middleware": a.Middleware(handler), "Require": a.Require()(handler), "both": a.Middleware(a.Require()(handler)),
	} {
		resp := serve(t, h, newRequest(t, "/", credentials))
		if got := resp.Header["Set-Cookie"]; !slices.Equal(got, append(slices.Clone(cookies), "own=1")) || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, cookies %q", name, resp.StatusCode, got)
		}
		if resp.Header.Get("Cache-Control") != "private, no-store" || resp.Header.Get("X-Clerk-Auth-Status") != "" {
			t.Errorf("%s: header is %v", name, resp.Header)
		}
	}
	if got := refreshes.Load(); got != 3 {
		t.Errorf("%d refreshes, want one per request", got)
	}
}

// Only an expired token from a cookie is refreshed, only for a GET request, and only
// with the refresh cookie of this instance.
func TestRefreshIsNotForEveryRequest(t *testing.T) {
	t.Parallel()
	a, refreshes := refreshing(t, func(http.ResponseWriter, *http.Request) {})
	token, credentials := expiredCookies(t)
	_, forged := expiredCookies(t, signedBy(otherKey()))
	_, early := expiredCookies(t, withClaim("exp", testNow.Unix()+120), withClaim("iat", testNow.Unix()+60))
	_, inactive := expiredCookies(t, withClaim("exp", testNow.Unix()+120), withClaim("nbf", testNow.Unix()+60))
	refresh := withCookie("__refresh_"+cookieSuffix(liveKey), "r1")
	const notGet, noCookie = "session-token-expired-refresh-non-eligible-non-get", "session-token-expired-refresh-non-eligible-no-refresh-cookie"
	for name, test := range map[string]struct {
		request []requestOption
		want    Reason
	}{
		"POST":                               {[]requestOption{credentials, withMethod(http.MethodPost)}, notGet},
		"HEAD":                               {[]requestOption{credentials, withMethod(http.MethodHead)}, notGet},
		"POST without a refresh cookie":      {[]requestOption{signedInCookie(token), withMethod(http.MethodPost)}, notGet},
		"no refresh cookie":                  {[]requestOption{signedInCookie(token)}, noCookie},
		"refresh cookie empty":               {[]requestOption{signedInCookie(token), withCookie("__refresh_"+cookieSuffix(liveKey), "")}, noCookie},
		"refresh cookie without suffix":      {[]requestOption{signedInCookie(token), withCookie("__refresh", "r")}, noCookie},
		"refresh cookie of another instance": {[]requestOption{signedInCookie(token), withCookie("__refresh_x", "r")}, noCookie},
		"token of the header":                {[]requestOption{credentials, withBearer(token)}, noCookie},
		"token of the header, no session":    {[]requestOption{refresh, withBearer(token)}, noCookie},
		"token of the header, POST":          {[]requestOption{withBearer(token), withMethod(http.MethodPost)}, notGet},
		"no session token":                   {[]requestOption{refresh, withCookie("__client_uat", "1")}, ReasonClientUATButNoSessionToken},
		"session token undecodable":          {[]requestOption{refresh, signedInCookie("x.y.z")}, ReasonTokenInvalid},
		"session token forged":               {[]requestOption{forged}, ReasonTokenInvalidSignature},
		"session token not active yet":       {[]requestOption{inactive}, ReasonSessionTokenNBF},
		"session token from the future":      {[]requestOption{early}, ReasonSessionTokenIATInTheFuture},
	} {
		t.Run(name, func(t *testing.T) {
			if s := stateOf(t, a, newRequest(t, "/", test.request...)); s.Status != StatusSignedOut || s.Reason != test.want {
				t.Errorf("state is %v, want %q", s, test.want)
			}
			if got := refreshes.Load(); got != 0 {
				t.Errorf("Clerk was called %d times", got)
			}
		})
	}
}
