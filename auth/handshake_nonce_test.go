package auth

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/google/go-cmp/cmp"
)

// newDevBackend is newBackend for an instance in development.
func newDevBackend(tb testing.TB) (*backend, func(...Option) *Authenticator) {
	b := newBackend(tb, nil)
	options := []clerk.Option{clerk.WithBaseURL(b.url + "/trap"), clerk.WithMaxRetries(0)}
	client := newClient(tb, "sk_test_x", options...)
	return b, func(opts ...Option) *Authenticator {
		tb.Helper()
		a, err := New(client, append([]Option{WithPublishableKey(devKey), WithClock(testClock)}, opts...)...)
		if err != nil {
			tb.Fatal(err)
		}
		return a
	}
}

// nonceBackend is an instance in development that keeps an outcome under the nonce
// "n 1". It records the nonces that it is asked about.
type nonceBackend struct {
	authenticator func(...Option) *Authenticator
	token         string // of the outcome
	cookies       []string
	mu            sync.Mutex
	asked         []string
}

func newNonceBackend(t *testing.T) *nonceBackend {
	t.Helper()
	n := &nonceBackend{token: mint(t, withClaim("sub", outcomeUser))}
	n.cookies = []string{"__client_uat=1", "__session=" + n.token}
	b, authenticator := newDevBackend(t)
	n.authenticator = authenticator
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, r *http.Request) {
		nonce := r.URL.Query().Get("nonce")
		n.mu.Lock()
		n.asked = append(n.asked, nonce)
		n.mu.Unlock()
		if len(nonce) > maxTokenLength {
			t.Error("Clerk received a nonce that is too long")
		}
		status, err := strconv.Atoi(nonce)
		switch {
		case nonce == "n 1":
			writeJSON(w, map[string]any{"directives": n.cookies})
		case nonce == "lost":
			panic(http.ErrAbortHandler)
		case nonce == "key":
			w.WriteHeader(http.StatusUnauthorized)
			writeJSON(w, map[string]any{"errors": []any{map[string]any{"code": "clerk_key_invalid"}}})
		case err == nil:
			w.WriteHeader(status)
			writeJSON(w, map[string]any{"errors": []any{map[string]any{"code": "some_code"}}})
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	return n
}

// takeAsked returns the nonces that were asked about since the last time.
func (n *nonceBackend) takeAsked() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	asked := n.asked
	n.asked = nil
	return asked
}

func nonceCookie(nonce string) requestOption {
	return withCookie("__clerk_handshake_nonce", url.PathEscape(nonce))
}

func TestNonceIsExchanged(t *testing.T) {
	t.Parallel()
	n := newNonceBackend(t)
	forged := withCookie("__clerk_handshake", mintHandshake(t, nil, signedBy(otherKey())))
	for name, request := range map[string][]requestOption{
		"query":                {inQuery("__clerk_handshake_nonce", "n 1")},
		"cookie":               {nonceCookie("n 1")},
		"wins over the token":  {nonceCookie("n 1"), forged},
		"wins over a session":  {nonceCookie("n 1"), signedInCookies(t)},
		"planted in the query": {inQuery("__clerk_handshake_nonce", "404"), nonceCookie("n 1")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stateOf(t, n.authenticator(), newRequest(t, "/p", request...))
			if s.Status != StatusSignedIn || s.Auth().UserID != outcomeUser || s.Err() != nil {
				t.Errorf("state is %v for %q, err %v", s, s.Auth().UserID, s.Err())
			}
			if s.Header.Get("Location") == "" || !slices.Equal(s.Header["Set-Cookie"], n.cookies) {
				t.Errorf("header is %v", s.Header)
			}
		})
	}
}

// A browser with a session keeps it, and one without is told what it would be told
// without the nonce.
func TestUnknownNonceIsAsIfThereWereNone(t *testing.T) {
	t.Parallel()
	n := newNonceBackend(t)
	tooLong := strings.Repeat("x", maxTokenLength+1)
	for _, nonce := range []string{"other", "404", "422", "400", "401", "403", "410", tooLong} {
		for carrier, planted := range map[string]requestOption{"cookie": nonceCookie(nonce), "query": plantedNonce(nonce)} {
			t.Run(carrier+" "+nonce[:min(len(nonce), 5)], func(t *testing.T) {
				t.Parallel()
				checkPassedOver(t, n.authenticator(), planted)
			})
		}
	}
	t.Run("no client", func(t *testing.T) {
		t.Parallel()
		var log recorded
		a := newTestAuthenticator(t, WithPublishableKey(devKey), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		checkPassedOver(t, a, nonceCookie("n 1"))
		checkPassedOver(t, a, plantedNonce("n 1"))
		if lines := log.lines(); len(lines) > 0 {
			t.Errorf("log is %q", lines)
		}
	})
}

// plantedNonce puts a nonce into the URL of a request, and nothing else.
func plantedNonce(nonce string) requestOption {
	return func(r *http.Request) { r.RequestURI = "/?__clerk_handshake_nonce=" + url.QueryEscape(nonce) }
}

// checkPassedOver checks that a request with planted has the result of one without.
func checkPassedOver(t *testing.T, a *Authenticator, planted requestOption) {
	t.Helper()
	for who, request := range map[string][]requestOption{
		"signed in": {devBrowser, signedInCookies(t)}, "page load": {devBrowser, signedInCookies(t), asPageLoad},
		"guest": {devBrowser}, "first visit": {}, "page load of a guest": {asPageLoad},
	} {
		want := stateOf(t, a, newRequest(t, "/", request...))
		got := stateOf(t, a, newRequest(t, "/", append(request, planted)...))
		if diff := cmp.Diff(want.Header, got.Header); got.Status != want.Status || got.Reason != want.Reason || got.Err() != nil || diff != "" {
			t.Errorf("%s: state is %v, err %v, want %v; header (-want +got):\n%s", who, got, got.Err(), want, diff)
		}
		if got.Auth().UserID != want.Auth().UserID {
			t.Errorf("%s: user is %q", who, got.Auth().UserID)
		}
	}
}

// While Clerk cannot say what a nonce brings, nobody is signed out, and the nonce stays in
// the URL for the next try.
func TestNonceThatCannotBeAskedAboutIsUndecided(t *testing.T) {
	t.Parallel()
	n := newNonceBackend(t)
	for nonce, want := range map[string]error{
		"500": ErrVerificationUnavailable, "502": ErrVerificationUnavailable, "429": ErrVerificationUnavailable,
		"302": ErrVerificationUnavailable, "lost": ErrVerificationUnavailable, "key": ErrSecretKey,
	} {
		t.Run(nonce, func(t *testing.T) {
			t.Parallel()
			a := n.authenticator()
			r := newRequest(t, "/", devBrowser, signedInCookies(t), asPageLoad, plantedNonce(nonce), nonceCookie("n 1"))
			s := stateOf(t, a, r)
			if s.Status != StatusSignedOut || s.Reason != ReasonSessionTokenMissing || !errors.Is(s.Err(), want) {
				t.Errorf("state is %v, err %v", s, s.Err())
			}
			if s.Header.Get("Location") != "" || s.Header["Set-Cookie"] != nil {
				t.Errorf("header is %v", s.Header)
			}
			if resp := serve(t, a.Require()(inspect(nil)), r); resp.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("Require responds with %d", resp.StatusCode)
			}
		})
	}
}

func TestOutcomesAreTriedInOrder(t *testing.T) {
	t.Parallel()
	foreign, outcome := mintHandshake(t, nil, signedBy(otherKey())), mintHandshake(t, []any{"__session=" + mint(t, withClaim("sub", outcomeUser))})
	query := func(pairs string) requestOption { return func(r *http.Request) { r.RequestURI = "/?" + pairs } }
	for name, test := range map[string]struct {
		request []requestOption
		asked   []string
		user    string
	}{
		"nonce of the query first":  {[]requestOption{query("__clerk_handshake_nonce=n+1&__clerk_handshake=x"), nonceCookie("b"), withCookie("__clerk_handshake", "x")}, []string{"n 1"}, outcomeUser},
		"then that of the cookie":   {[]requestOption{query("__clerk_handshake_nonce=a&__clerk_handshake=x"), nonceCookie("n 1")}, []string{"a", "n 1"}, outcomeUser},
		"then the query's token":    {[]requestOption{query("__clerk_handshake_nonce=a&__clerk_handshake=" + outcome), nonceCookie("b"), withCookie("__clerk_handshake", "x")}, []string{"a", "b"}, outcomeUser},
		"then the cookie's":         {[]requestOption{query("__clerk_handshake_nonce=a&__clerk_handshake=" + foreign), nonceCookie("b"), withCookie("__clerk_handshake", outcome)}, []string{"a", "b"}, outcomeUser},
		"never more than two":       {[]requestOption{query("__clerk_handshake_nonce=a&__clerk_handshake_nonce=c&__clerk_handshake_nonce=d"), nonceCookie("b"), nonceCookie("e")}, []string{"a", "b"}, testUser},
		"the same one twice":        {[]requestOption{query("__clerk_handshake_nonce=a"), nonceCookie("a")}, []string{"a"}, testUser},
		"a session is checked last": {[]requestOption{query("__clerk_handshake_nonce=a")}, []string{"a"}, testUser},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNonceBackend(t)
			s := stateOf(t, n.authenticator(), newRequest(t, "/", append([]requestOption{devBrowser, signedInCookies(t)}, test.request...)...))
			if s.Auth().UserID != test.user || s.Err() != nil {
				t.Errorf("state is %v for %q, err %v", s, s.Auth().UserID, s.Err())
			}
			if diff := cmp.Diff(test.asked, n.takeAsked()); diff != "" {
				t.Errorf("nonces that Clerk was asked about (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownNonceIsRemembered(t *testing.T) {
	t.Parallel()
	n := newNonceBackend(t)
	a := n.authenticator()
	r := newRequest(t, "/", devBrowser, signedInCookies(t), nonceCookie("other"))
	for range 20 {
		if s := stateOf(t, a, r); s.Status != StatusSignedIn {
			t.Errorf("state is %v", s)
		}
	}
	if asked := n.takeAsked(); len(asked) != 1 {
		t.Errorf("Clerk was asked %d times, want once", len(asked))
	}
	lost := newRequest(t, "/", nonceCookie("502"))
	for range 3 {
		stateOf(t, a, lost)
	}
	if asked := n.takeAsked(); len(asked) != 3 {
		t.Errorf("during an outage Clerk was asked %d times, want each time", len(asked))
	}
}

// The URL to which the frontend API sends the browser back has no outcome in it.
func TestReturnURLHasNoOutcome(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	r := newRequest(t, "/", asPageLoad, withCookie("__client_uat", "1"))
	r.RequestURI = "/p?a=1&__clerk_handshake=x&__clerk_handshake_nonce=y&b=2&__clerk_help=1&%5F_clerk_handshake_nonce=z"
	wantHandshake(t, stateOf(t, a, r), ReasonClientUATButNoSessionToken,
		frontendURL(fapi, page+"p?a=1&b=2", "false", ReasonClientUATButNoSessionToken, ""))
}

// A nonce works once: each request asks, also beside another with the same nonce.
func TestNonceWorksOnce(t *testing.T) {
	t.Parallel()
	b, authenticator := newDevBackend(t)
	var used atomic.Bool
	b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, _ *http.Request) {
		if used.Swap(true) {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		time.Sleep(20 * time.Millisecond) // so that others ask meanwhile
		writeJSON(w, map[string]any{"directives": []string{"__session=" + mint(t)}})
	})
	a := authenticator()
	var in, out atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			s := stateOf(t, a, newRequest(t, "/", nonceCookie("n")))
			switch {
			case s.Status == StatusSignedIn:
				in.Add(1)
			case s.Reason == ReasonDevBrowserMissing && s.Header["Set-Cookie"] == nil:
				out.Add(1)
			}
		})
	}
	group.Wait()
	if in.Load() != 1 || out.Load() != 7 {
		t.Errorf("%d requests are signed in, %d out", in.Load(), out.Load())
	}
}

// An empty response says nothing about a nonce. An object without cookies does, as in
// Clerk's JavaScript SDK.
func TestNonceWithAnEmptyResponseIsUndecided(t *testing.T) {
	t.Parallel()
	for body, undecided := range map[string]bool{"": true, "null": true, "[]": true, "{}": false, `{"directives":null}`: false, `{"directives":[]}`: false} {
		b, authenticator := newDevBackend(t)
		b.HandleFunc("GET /trap/v1/clients/handshake_payload", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
		s := stateOf(t, authenticator(), newRequest(t, "/", nonceCookie("n")))
		if got := errors.Is(s.Err(), ErrVerificationUnavailable); got != undecided {
			t.Errorf("after %q: %v, error %v", body, s, s.Err())
		}
	}
}
