package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
)

// TestForeignPost submits a form from another page to the service. The browser sends no
// cookies with a form of another site, but it does with one of another host of the same
// domain, which WithCrossOriginProtection refuses.
func TestForeignPost(t *testing.T) {
	t.Parallel()
	protected := []auth.Option{auth.WithCrossOriginProtection(http.NewCrossOriginProtection())}
	for _, tc := range []struct {
		plan
		from, want, outcome string
	}{
		{plan{name: "form"}, "elsewhere-form.test", "", "401 dev-browser-missing"},
		{plan{name: "formlive", production: true}, "elsewhere-formlive.test", "", "401 session-token-and-uat-missing"},
		{plan{name: "sibling", production: true}, "blog.sibling.test", "user_1", "200"},
		{plan{name: "guarded", production: true, options: protected}, "blog.guarded.test", "", "401 cross-origin-request"},
		{plan{name: "itself", production: true, options: protected}, "", "user_1", "200"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, tc.plan), newTab(t)
			s.shows(t, s.enter(t, b, "user_1", "/account"), "/account", "user_1")
			if tc.from != "" {
				internet.host(t, tc.from, formTo(s.origin+"/account"))
				b.open(t, "https://"+tc.from+"/")
			} else {
				script[bool](t, b, "document.body.innerHTML = `<form method='post' action='/account'><button id='send'>`, true")
			}
			s.forget()
			s.shows(t, b.click(t, "send"), "/account", tc.want)
			s.responded(t, tc.outcome)
		})
	}
}

// TestForeignWebSocket opens a WebSocket to the service from a page of another host of
// the same domain, with a fresh session token and with an expired one. The browser sends
// the cookies along, and no rule of the browser keeps that page from reading the socket.
func TestForeignWebSocket(t *testing.T) {
	t.Parallel()
	protected := []auth.Option{auth.WithCrossOriginProtection(http.NewCrossOriginProtection())}
	for _, tc := range []struct {
		plan
		foreign        bool
		fresh, expired string
		refreshes      int
	}{
		{plan{name: "socket", production: true}, true, "200", "200", 1},
		{plan{name: "guardsocket", production: true, options: protected}, true, "401 cross-origin-request", "401 cross-origin-request", 0},
		{plan{name: "ownsocket", production: true, options: protected}, false, "200", "200", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, b := begin(t, tc.plan), newTab(t)
			s.shows(t, s.enter(t, b, "user_1", "/account"), "/account", "user_1")
			if tc.foreign {
				host := "blog." + tc.name + ".test"
				internet.host(t, host, formTo(s.origin))
				b.open(t, "https://"+host+"/")
			}
			s.forget()
			address := "wss" + strings.TrimPrefix(s.origin, "https") + "/account"
			open := fmt.Sprintf("new Promise(done => { new WebSocket(%q).onerror = () => done(true) })", address)
			script[bool](t, b, open)
			s.pass(2 * time.Minute)
			script[bool](t, b, open)
			s.responded(t, tc.fresh, tc.expired)
			if n := s.refreshes(); n != tc.refreshes {
				t.Errorf("the token was refreshed %d times, want %d", n, tc.refreshes)
			}
		})
	}
}

// formTo serves a page with one button, which submits a form.
func formTo(address string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<form method="post" action="%s"><button id="send">send</button></form>`, address)
	})
}
