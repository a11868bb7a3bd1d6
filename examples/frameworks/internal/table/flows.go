package table

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// pageLoad opens /me as a browser whose user has signed in elsewhere: it is led to the
// frontend API and back, keeps the cookies of both, and sees the page.
func (w *world) pageLoad(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: still.CheckRedirect}
	asPage := func(r *http.Request) {
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Sec-Fetch-Dest", "document")
	}
	before := w.app.calls.Load()
	resp, _ := Send(t, browser, http.MethodGet, w.origin+"/me", asPage)
	handshake, err := resp.Location()
	if err != nil || resp.StatusCode != http.StatusTemporaryRedirect {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	if frontend := handshake.Scheme + "://" + handshake.Host; frontend != w.instance.Issuer() ||
		handshake.Path != "/v1/client/handshake" || handshake.Query().Get("redirect_url") != w.origin+"/me" {
		t.Errorf("the browser is led to %s", handshake)
	}
	if got := resp.Header.Get("X-Clerk-Auth-Reason"); got != string(auth.ReasonDevBrowserMissing) {
		t.Errorf("the reason is %q", got)
	}

	back := w.visit(t, handshake, "user_1")
	for resp.StatusCode == http.StatusTemporaryRedirect {
		resp, _ = Send(t, browser, http.MethodGet, back.String(), asPage)
		if resp.StatusCode == http.StatusTemporaryRedirect {
			if back, err = resp.Location(); err != nil || back.Host == handshake.Host {
				t.Fatalf("the handshake is followed by %s, %v", back, err)
			}
			if len(resp.Header.Values("Set-Cookie")) < 2 {
				t.Errorf("the handshake sets the cookies %v", resp.Header.Values("Set-Cookie"))
			}
		}
	}
	if calls := w.app.calls.Load() - before; resp.StatusCode != http.StatusOK || calls != 1 {
		t.Errorf("the page has status %d, and the App was called %d times", resp.StatusCode, calls)
	}
}

// visit sends the request of a browser with a signed-in user to the frontend API, and
// returns where that leads it.
func (w *world) visit(t *testing.T, handshake *url.URL, userID string) *url.URL {
	t.Helper()
	page, err := http.NewRequest(http.MethodGet, w.origin, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.instance.SignInCookies(page, userID)
	r := httptest.NewRequest(http.MethodGet, handshake.String(), nil)
	r.RemoteAddr = "127.0.0.1:4010"
	if browser, err := page.Cookie("__clerk_db_jwt"); err == nil {
		query := r.URL.Query()
		query.Set("__clerk_db_jwt", browser.Value)
		r.URL.RawQuery = query.Encode()
	}
	recorder := httptest.NewRecorder()
	w.instance.Frontend().ServeHTTP(recorder, r)
	back, err := recorder.Result().Location()
	if err != nil {
		t.Fatalf("status %d, %v: %s", recorder.Code, err, recorder.Body)
	}
	return back
}

// keysOutOfReach calls while nobody can tell whether the token is good.
func (w *world) keysOutOfReach(t *testing.T) {
	token := w.instance.Token(clerktest.ForUser("user_1"))
	origin, app := w.serve(t)
	w.instance.Inject(clerktest.Fault{Operation: "GetJWKS", Status: http.StatusServiceUnavailable})
	resp, body := Send(t, still, http.MethodGet, origin+"/me", Bearer(token))
	w.instance.ClearFaults()
	checkRefusal(t, resp, body, call{status: http.StatusServiceUnavailable, code: "authentication_unavailable", reason: auth.ReasonJWKRemoteFailedToLoad})
	if calls := app.calls.Load(); calls != 0 {
		t.Errorf("the App was called %d times", calls)
	}
}

// parallelCallers calls as every user at once: all of them are there before the first is
// answered. Then each connection is that of another user.
func (w *world) parallelCallers(t *testing.T) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: users}}
	t.Cleanup(client.CloseIdleConnections)
	tokens := make([]string, users)
	for i := range tokens {
		tokens[i] = w.instance.Token(clerktest.ForUser(fmt.Sprintf("user_%d", i)))
	}
	for round := range 2 {
		var absent atomic.Int32
		absent.Store(users)
		complete := make(chan struct{})
		open := sync.OnceFunc(func() { close(complete) })
		w.app.replace(t, func(ctx context.Context) string {
			before := w.service.App(ctx)
			if absent.Add(-1) == 0 {
				open()
			}
			<-complete
			token, err := auth.FromContext(ctx).GetToken(context.Background())
			if err != nil {
				return err.Error()
			}
			return before + " " + w.service.App(ctx) + " " + token
		})
		var callers sync.WaitGroup
		for i := range users {
			callers.Go(func() {
				i := (i + round) % users
				user := fmt.Sprintf("user_%d", i)
				resp, body := Send(t, client, http.MethodGet, w.origin+"/me", Bearer(tokens[i]))
				if resp.StatusCode != http.StatusOK || body != user+" "+user+" "+tokens[i] {
					t.Errorf("%s got status %d, body %.30q, or the token of another", user, resp.StatusCode, body)
					open() // for those who wait for this caller
				}
			})
		}
		callers.Wait()
	}
}

// panics calls an App that panics, and then one that does not.
func (w *world) panics(t *testing.T) {
	token := Bearer(w.instance.Token(clerktest.ForUser("user_1")))
	w.app.replace(t, func(context.Context) string { panic("a panic of the App") })
	if resp, body := Send(t, still, http.MethodGet, w.origin+"/me", token); resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d, body %q", resp.StatusCode, body)
	}
	w.app.replace(t, w.service.App)
	if resp, body := Send(t, still, http.MethodGet, w.origin+"/me", token); resp.StatusCode != http.StatusOK || body != "user_1" {
		t.Errorf("after the panic: status %d, body %q", resp.StatusCode, body)
	}
}

// canceled goes away while the App works for it.
func (w *world) canceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	w.app.replace(t, func(ctx context.Context) string {
		cancel()
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second): // the test has failed
		}
		ended <- ctx.Err()
		return ""
	})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.origin+"/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	Bearer(w.instance.Token(clerktest.ForUser("user_1")))(r)
	if resp, err := still.Do(r); err == nil {
		resp.Body.Close()
		t.Fatalf("status %d", resp.StatusCode)
	}
	if err := <-ended; err != context.Canceled {
		t.Errorf("the App's context ends with %v", err)
	}
}

// preflight asks, as a browser does, whether a page of the frontend may send a token.
func (w *world) preflight(t *testing.T) {
	before := w.app.calls.Load()
	resp, body := Send(t, still, http.MethodOptions, w.origin+"/me", func(r *http.Request) {
		r.Header.Set("Origin", Frontend)
		r.Header.Set("Access-Control-Request-Method", http.MethodGet)
		r.Header.Set("Access-Control-Request-Headers", "authorization")
	})
	if calls := w.app.calls.Load() - before; resp.StatusCode != http.StatusNoContent || body != "" || calls != 0 {
		t.Errorf("status %d, body %q; the App was called %d times", resp.StatusCode, body, calls)
	}
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != Frontend {
		t.Errorf("Access-Control-Allow-Origin is %q", got)
	}
	if got := resp.Header.Get("Access-Control-Allow-Headers"); !strings.Contains(strings.ToLower(got), "authorization") {
		t.Errorf("Access-Control-Allow-Headers is %q", got)
	}
}

// refusedAcrossOrigins lets a page of the frontend read why it is refused.
func (w *world) refusedAcrossOrigins(t *testing.T) {
	resp, body := Send(t, still, http.MethodGet, w.origin+"/me", Bearer("x"), func(r *http.Request) { r.Header.Set("Origin", Frontend) })
	checkRefusal(t, resp, body, call{status: http.StatusUnauthorized, code: "unauthenticated", reason: auth.ReasonTokenInvalid})
	if got := resp.Header.Values("Access-Control-Allow-Origin"); len(got) != 1 || got[0] != Frontend {
		t.Errorf("Access-Control-Allow-Origin is %q", got)
	}
	if got := resp.Header.Get("Access-Control-Expose-Headers"); !strings.Contains(strings.ToLower(got), "x-clerk-auth-reason") {
		t.Errorf("Access-Control-Expose-Headers is %q", got)
	}
	checkVary(t, resp, "Origin")
}
