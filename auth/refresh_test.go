package auth

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// expiredCookies are those of a browser whose token has run out and may be refreshed.
func expiredCookies(tb testing.TB, opts ...mintOption) (token string, credentials requestOption) {
	opts = append([]mintOption{withClaim("exp", testNow.Unix()-10), withClaim("iat", testNow.Unix()-70)}, opts...)
	token = mint(tb, opts...)
	return token, func(r *http.Request) {
		withCookie("__session", token)(r)
		withCookie("__client_uat", fmt.Sprint(testNow.Unix()-100))(r)
		withCookie("__refresh_"+cookieSuffix(liveKey), "r1")(r)
	}
}

// refreshing answers the one refresh of a test.
func refreshing(tb testing.TB, answer http.HandlerFunc) (*Authenticator, *atomic.Int32) {
	b := newBackend(tb, nil)
	var asked atomic.Int32
	b.HandleFunc("POST /trap/v1/sessions/{id}/refresh", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	})
	return b.authenticator(tb), &asked
}

func TestExpiredCookieIsRefreshed(t *testing.T) {
	t.Parallel()
	renewed := mint(t)
	cookies := []string{"__session=" + renewed + "; Path=/", "evil=1\r\nX: y", "__refresh_x=r2; HttpOnly"}
	a, asked := refreshing(t, func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, map[string]any{"object": "cookies", "cookies": cookies})
	})
	_, credentials := expiredCookies(t)
	want := http.Header{"Cache-Control": {"private, no-store"}, "Set-Cookie": {cookies[0], cookies[2]}}
	for name, r := range map[string]*http.Request{
		"script":                 newRequest(t, "/", credentials),
		"page load":              newRequest(t, "/", credentials, asPageLoad),
		"page load from outside": newRequest(t, "/", credentials, asPageLoad, withField("Referer", "https://search.example/")),
	} {
		s := stateOf(t, a, r)
		if s.Status != StatusSignedIn || s.Reason != "" || s.Message != "" || s.Err() != nil {
			t.Fatalf("%s: state is %v, %q, err %v", name, s, s.Message, s.Err())
		}
		if diff := cmp.Diff(want, s.Header); diff != "" {
			t.Errorf("%s: header (-want +got):\n%s", name, diff)
		}
		if got, err := s.Auth().GetToken(t.Context()); err != nil || got != renewed {
			t.Errorf("%s: GetToken gives another token than the new one, %v", name, err)
		}
	}
	if got := asked.Load(); got != 3 {
		t.Errorf("asked %d times, want 3", got)
	}
}

// What Clerk is told holds no credentials but the instance's own.
func TestRefreshTellsWhatItMust(t *testing.T) {
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

func answerText(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}
}

func TestRefreshThatFailsHasAReason(t *testing.T) {
	t.Parallel()
	answer := func(status int, v any) http.HandlerFunc {
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
		answer http.HandlerFunc
		claims []mintOption
		asked  int32
		want   string
	}{
		"transport":                 {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, asked: 1, want: "fetch-error"},
		"unexpected_error":          {answer: answer(500, problem("unexpected_error")), asked: 1, want: "fetch-error"},
		"no JSON":                   {answer: func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>")) }, asked: 1, want: "unexpected-sdk-error"},
		"JSON that is cut off":      {answer: answerText(200, `{"cookies":[`), asked: 1, want: "fetch-error"},
		"error that is cut off":     {answer: answerText(500, `{"errors":[`), asked: 1, want: "fetch-error"},
		"error page":                {answer: answerText(502, "<html>"), asked: 1, want: "unexpected-bapi-error"},
		"code":                      {answer: answer(401, problem("refresh_token_expired", "x")), asked: 1, want: "refresh_token_expired"},
		"no codes":                  {answer: answer(500, problem()), asked: 1, want: "unexpected-bapi-error"},
		"empty code":                {answer: answer(500, problem("")), asked: 1, want: "unexpected-sdk-error"},
		"no cookies":                {answer: answer(200, cookies()), asked: 1, want: "unexpected-sdk-error"},
		"no token":                  {answer: answer(200, cookies("a=1")), asked: 1, want: "invalid-session-token"},
		"forged token":              {answer: answer(200, cookies("__session="+mint(t, signedBy(otherKey())))), asked: 1, want: "invalid-session-token"},
		"expired token":             {answer: answer(200, cookies("__session="+mint(t, withClaim("exp", testNow.Unix()-10)))), asked: 1, want: "invalid-session-token"},
		"no session":                {claims: []mintOption{withoutClaim("sid")}, want: "expired-session-token-missing-sid-claim"},
		"session that is no id":     {claims: []mintOption{withClaim("sid", "../x")}, want: "unexpected-sdk-error"},
		"code that no header holds": {answer: answer(401, problem("a\nb")), asked: 1, want: "a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, asked := refreshing(t, test.answer)
			_, credentials := expiredCookies(t, test.claims...)
			s := stateOf(t, a, newRequest(t, "/", credentials, asPageLoad))
			if want := "session-token-expired-refresh-" + test.want; s.Status != StatusHandshake || string(s.Reason) != want {
				t.Errorf("state is %v, want a handshake for %q", s, want)
			}
			if got := s.Header["Set-Cookie"]; len(got) != 1 || s.Message == "" {
				t.Errorf("cookies are %q, message %q", got, s.Message)
			}
			if got := asked.Load(); got != test.asked {
				t.Errorf("asked %d times, want %d", got, test.asked)
			}
		})
	}
}

// Only the cookie's token may be refreshed, and only by a GET.
func TestRefreshIsNotForEveryRequest(t *testing.T) {
	t.Parallel()
	a, asked := refreshing(t, func(http.ResponseWriter, *http.Request) {})
	token, credentials := expiredCookies(t)
	_, forged := expiredCookies(t, signedBy(otherKey()))
	for name, test := range map[string]struct {
		request []requestOption
		want    Reason
	}{
		"POST":               {[]requestOption{credentials, withMethod(http.MethodPost)}, "session-token-expired-refresh-non-eligible-non-get"},
		"HEAD":               {[]requestOption{credentials, withMethod(http.MethodHead)}, "session-token-expired-refresh-non-eligible-non-get"},
		"header":             {[]requestOption{credentials, withBearer(token)}, "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"header, POST":       {[]requestOption{withBearer(token), withMethod(http.MethodPost)}, "session-token-expired-refresh-non-eligible-non-get"},
		"plain cookie":       {[]requestOption{withCookie("__session", token), withCookie("__client_uat", "1"), withCookie("__refresh", "r")}, "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"another instance's": {[]requestOption{withCookie("__session", token), withCookie("__client_uat", "1"), withCookie("__refresh_x", "r")}, "session-token-expired-refresh-non-eligible-no-refresh-cookie"},
		"forged":             {[]requestOption{forged}, ReasonTokenInvalidSignature},
	} {
		if s := stateOf(t, a, newRequest(t, "/", test.request...)); s.Status != StatusSignedOut || s.Reason != test.want {
			t.Errorf("%s: state is %v, want %q", name, s, test.want)
		}
	}
	if got := asked.Load(); got != 0 {
		t.Errorf("asked %d times", got)
	}
	s := stateOf(t, newTestAuthenticator(t), newRequest(t, "/", credentials))
	if want := Reason("session-token-expired-refresh-missing-api-client"); s.Reason != want {
		t.Errorf("without a client: state is %v, want %q", s, want)
	}
}

// The new cookies reach the browser by Middleware and by Require, beside those of the handler.
func TestRefreshedCookiesReachTheResponse(t *testing.T) {
	t.Parallel()
	cookies := []string{"__session=" + mint(t), "__client_uat=1"}
	a, asked := refreshing(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, map[string]any{"cookies": cookies}) })
	_, credentials := expiredCookies(t)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "own", Value: "1"})
		if FromContext(r.Context()).UserID != testUser {
			t.Error("the handler sees nobody")
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
	if got := asked.Load(); got != 3 {
		t.Errorf("asked %d times, want once a request", got)
	}
}
