package auth

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// Each kind of problem is logged once, however often it happens, and without secrets.
func TestProblemsAreLoggedOnce(t *testing.T) {
	t.Parallel()
	dev := WithPublishableKey(devKey)
	loop := withCookie("__clerk_redirect_count", "3")
	late := mintHandshake(t, []any{"__session=" + mint(t, withClaim("exp", testNow.Unix()-60))})
	forged := mintHandshake(t, nil, signedBy(otherKey()))
	ambiguous := withClaims(map[string]any{"fea": "u:a,o:b", "o": map[string]any{"id": "org_1", "per": "x", "fpm": "1,1"}})
	for name, test := range map[string]struct {
		options []Option
		request []requestOption
		want    string
	}{
		"redirect loop":            {nil, []requestOption{asPageLoad, loop, withCookie("__client_uat", "1")}, "keeps being sent to Clerk"},
		"organization loop":        {[]Option{WithOrganizationPatterns("/:slug?")}, []requestOption{asPageLoad, loop, signedInCookies(t), func(r *http.Request) { r.RequestURI = "/acme" }}, "activate the organization"},
		"no party":                 {nil, []requestOption{signedInCookies(t, withoutClaim("azp"))}, "no authorized party"},
		"clock":                    {[]Option{dev}, []requestOption{withCookie("__clerk_handshake", late)}, "clock may be wrong"},
		"forged handshake":         {nil, []requestOption{withCookie("__clerk_handshake", forged)}, "was refused"},
		"keys of another instance": {[]Option{dev}, []requestOption{withCookie("__clerk_handshake", forged)}, "a request cannot be authenticated"},
		"permission masks":         {nil, []requestOption{signedInCookies(t, ambiguous)}, "permission mask"},
		"nothing":                  {nil, []requestOption{signedInCookies(t)}, ""},
		"a bad token":              {nil, []requestOption{withBearer("x")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log recorded
			a := newTestAuthenticator(t, append(test.options, WithPublicOrigin("https://app.example.com"), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))...)
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() { serve(t, a.Middleware(inspect(nil)), newRequest(t, "/", test.request...)) })
			}
			group.Wait()
			lines := log.lines()
			if test.want == "" {
				if len(lines) != 0 {
					t.Errorf("log is %q", lines)
				}
				return
			}
			if len(lines) != 1 || !strings.Contains(lines[0], "level=WARN") || !strings.Contains(lines[0], test.want) {
				t.Fatalf("log is %q, want one warning with %q", lines, test.want)
			}
			for _, token := range []string{late, forged} {
				if strings.Contains(lines[0], token[:20]) {
					t.Errorf("the log shows a token: %q", lines[0])
				}
			}
			serve(t, newTestAuthenticator(t, test.options...).Middleware(inspect(nil)), newRequest(t, "/", test.request...))
		})
	}
}

// A failed call to Clerk is logged without the nonce.
func TestFailedExchangeIsLoggedWithoutTheNonce(t *testing.T) {
	t.Parallel()
	var log recorded
	b := newBackend(t, nil)
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	a := b.authenticator(t, WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	s := stateOf(t, a, newRequest(t, "/", withCookie("__clerk_handshake_nonce", "hunter2")))
	lines := log.lines()
	if len(lines) != 1 || !strings.Contains(lines[0], "the nonce of a handshake") {
		t.Fatalf("log is %q", lines)
	}
	for _, text := range append(lines, s.Err().Error(), s.Message) {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%q shows the nonce", text)
		}
	}
}

func TestAmbiguousMasksAreLoggedOnce(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	v := testVerifier()
	v.masks = &maskWarning{log: slog.New(slog.NewTextHandler(&out, nil))}
	clear := mint(t, withClaim("fea", "o:b"), withClaim("o", map[string]any{"per": "x", "fpm": "1"}))
	ambiguous := mint(t, withClaim("fea", "u:a,o:b"), withClaim("o", map[string]any{"per": "x", "fpm": "0,1"}))
	for i, token := range []string{clear, ambiguous, ambiguous, clear} {
		if _, err := v.session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Count(out.String(), "level=WARN"), min(i, 1); got != want {
			t.Errorf("after token %d there are %d warnings, want %d", i, got, want)
		}
	}
}
