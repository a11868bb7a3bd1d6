package frameworks

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	fiber2 "github.com/gofiber/fiber/v2"
	adaptor2 "github.com/gofiber/fiber/v2/middleware/adaptor"
	fiber3 "github.com/gofiber/fiber/v3"
	adaptor3 "github.com/gofiber/fiber/v3/middleware/adaptor"
)

type guard = func(http.Handler) http.Handler

// ctx is what a handler of fiber has: the context of the request, the one that fiber
// keeps for the program, and the request in the form of net/http.
type ctx struct {
	request, own context.Context
	convert      func() (*http.Request, error)
}

// A fiber serves handler at /, behind the guards, through fiber's own adapter for
// middleware of net/http. It returns the origin of the server.
type fiber func(t *testing.T, handler func(ctx) string, guards ...guard) (origin string)

var fibers = map[string]fiber{
	"fiber v2": func(t *testing.T, handler func(ctx) string, guards ...guard) string {
		app := fiber2.New(fiber2.Config{DisableStartupMessage: true})
		for _, guard := range guards {
			app.Use(adaptor2.HTTPMiddleware(guard))
		}
		app.Get("/", func(c *fiber2.Ctx) error {
			return c.SendString(handler(ctx{c.Context(), c.UserContext(), func() (*http.Request, error) { return adaptor2.ConvertRequest(c, true) }}))
		})
		listener, origin := listen(t)
		go app.Listener(listener)
		t.Cleanup(func() { app.Shutdown() })
		return origin
	},
	"fiber v3": func(t *testing.T, handler func(ctx) string, guards ...guard) string {
		app := fiber3.New()
		for _, guard := range guards {
			app.Use(adaptor3.HTTPMiddleware(guard))
		}
		app.Get("/", func(c fiber3.Ctx) error {
			return c.SendString(handler(ctx{c.RequestCtx(), c.Context(), func() (*http.Request, error) { return adaptor3.ConvertRequest(c, true) }}))
		})
		listener, origin := listen(t)
		go app.Listener(listener, fiber3.ListenConfig{DisableStartupMessage: true})
		t.Cleanup(func() { app.Shutdown() })
		return origin
	},
}

// describe returns who the context says is calling.
func describe(ctx context.Context) string {
	a := auth.FromContext(ctx)
	if a.Err() != nil {
		return a.Err().Error()
	}
	return fmt.Sprintf("%s %s%s", a.TokenType, a.UserID, a.MachineID)
}

// A handler of fiber behind Require finds the caller, as one of net/http does.
func TestFiberHandlerFindsTheCaller(t *testing.T) {
	instance, authn := emulate(t)
	session := instance.Token(clerktest.ForUser("user_1"))
	nobody := func(*http.Request) {}
	either := authn.Require(auth.Accepts(auth.SessionToken, auth.M2MToken))
	for name, test := range map[string]struct {
		guards      []guard
		credentials func(*http.Request)
		want        string // "" for a caller who is refused
	}{
		"guest":                      {[]guard{authn.Require()}, nobody, ""},
		"bad token":                  {[]guard{authn.Require()}, bearer("x"), ""},
		"expired":                    {[]guard{authn.Require()}, bearer(instance.Token(clerktest.ForUser("user_1"), clerktest.Expired())), ""},
		"pending":                    {[]guard{authn.Require()}, bearer(instance.Token(clerktest.ForUser("user_1"), clerktest.Pending())), ""},
		"machine":                    {[]guard{authn.Require()}, bearer(instance.Token(clerktest.ForMachine("mch_1"))), ""},
		"session":                    {[]guard{authn.Require()}, bearer(session), "session_token user_1"},
		"cookies":                    {[]guard{authn.Require()}, func(r *http.Request) { instance.SignInCookies(r, "user_1") }, "session_token user_1"},
		"machine, accepted":          {[]guard{either}, bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"API key, not accepted":      {[]guard{either}, bearer(instance.Token(clerktest.ForAPIKey("user_1"))), ""},
		"session behind Middleware":  {[]guard{authn.Middleware}, bearer(session), "session_token user_1"},
		"guest behind Middleware":    {[]guard{authn.Middleware}, nobody, "session_token "},
		"Require behind Middleware":  {[]guard{authn.Middleware, either}, bearer(session), "session_token user_1"},
		"machine behind both":        {[]guard{authn.Middleware, either}, bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"guest behind both":          {[]guard{authn.Middleware, either}, nobody, ""},
		"Middleware behind Require":  {[]guard{either, authn.Middleware}, bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"cookies behind two Require": {[]guard{either, authn.Require()}, func(r *http.Request) { instance.SignInCookies(r, "user_1") }, "session_token user_1"},
	} {
		for version, serve := range fibers {
			t.Run(name+", "+version, func(t *testing.T) {
				t.Parallel()
				var mu sync.Mutex
				var seen, own []string
				origin := serve(t, func(c ctx) string {
					mu.Lock()
					defer mu.Unlock()
					seen, own = append(seen, describe(c.request)), append(own, describe(c.own))
					return "done"
				}, test.guards...)
				resp, body := send(t, http.DefaultClient, origin+"/", test.credentials)
				mu.Lock()
				defer mu.Unlock()
				if !strings.Contains(strings.Join(resp.Header["Vary"], ", "), "Authorization, Cookie") {
					t.Errorf("Vary is %q", resp.Header["Vary"])
				}
				if test.want == "" {
					if resp.StatusCode != http.StatusUnauthorized || len(seen) != 0 || !strings.Contains(body, `"code":"unauthenticated"`) {
						t.Errorf("status %d, body %s; the handler saw %q", resp.StatusCode, body, seen)
					}
					return
				}
				if resp.StatusCode != http.StatusOK || body != "done" || !slices.Equal(seen, []string{test.want}) {
					t.Errorf("status %d, body %s; the handler saw %q, want %q once", resp.StatusCode, body, seen, test.want)
				}
				// The context that fiber keeps for the program does not know the caller.
				if !slices.Equal(own, []string{auth.ErrNoMiddleware.Error()}) {
					t.Errorf("the other context contains %q", own)
				}
				wantCache := ""
				if strings.HasPrefix(name, "cookies") {
					wantCache = "private"
				}
				if got := resp.Header.Get("Cache-Control"); got != wantCache {
					t.Errorf("Cache-Control is %q, want %q", got, wantCache)
				}
			})
		}
	}
}

// A barrier holds up its callers until all of them are there.
type barrier struct {
	absent atomic.Int32
	open   func()
	opened chan struct{}
}

func newBarrier(callers int32) *barrier {
	b := &barrier{opened: make(chan struct{})}
	b.absent.Store(callers)
	b.open = sync.OnceFunc(func() { close(b.opened) })
	return b
}

func (b *barrier) wait() {
	if b.absent.Add(-1) == 0 {
		b.open()
	}
	<-b.opened
}

// Callers at the same time, whose requests share buffers one after another, are never
// taken for each other.
func TestFiberKeepsCallersApart(t *testing.T) {
	instance, authn := emulate(t)
	tokens := make([]string, users)
	for i := range tokens {
		tokens[i] = instance.Token(clerktest.ForUser(fmt.Sprintf("user_%d", i)))
	}
	for version, serve := range fibers {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			var here atomic.Pointer[barrier]
			origin := serve(t, func(c ctx) string {
				before := describe(c.request)
				here.Load().wait()
				token, err := auth.FromContext(c.request).GetToken(context.Background())
				if err != nil {
					return err.Error()
				}
				return before + " " + describe(c.request) + " " + token
			}, authn.Middleware, authn.Require())
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: users}}
			t.Cleanup(client.CloseIdleConnections)
			for round := range 2 {
				all := newBarrier(users)
				here.Store(all)
				var callers sync.WaitGroup
				for i := range users {
					callers.Go(func() {
						// In each round another user has the connection.
						user := (i + round) % users
						who := fmt.Sprintf("session_token user_%d ", user)
						resp, body := send(t, client, origin+"/", bearer(tokens[user]))
						if resp.StatusCode != http.StatusOK || body != who+who+tokens[user] {
							t.Errorf("%s got status %d, and the handler saw %.60q", who, resp.StatusCode, body)
							all.open() // for those who wait for this caller
						}
					})
				}
				callers.Wait()
			}
		})
	}
}

// What outlives its handler is authenticated from a copy: the strings of fiber's
// requests are in buffers that the next request overwrites.
func TestFiberAuthThatOutlivesItsHandler(t *testing.T) {
	instance, authn := emulate(t)
	tokens := []string{instance.Token(clerktest.ForUser("user_1")), instance.Token(clerktest.ForUser("user_2"))}
	for version, serve := range fibers {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			kept := make(chan *auth.Auth, 1)
			var overwritten []*auth.Auth
			origin := serve(t, func(c ctx) string {
				r, err := c.convert()
				if err != nil {
					return err.Error()
				}
				for name, values := range r.Header {
					delete(r.Header, name)
					for _, value := range values {
						r.Header.Add(strings.Clone(name), strings.Clone(value))
					}
				}
				state, err := authn.Authenticate(r)
				if err != nil {
					return err.Error()
				}
				overwritten = append(overwritten, auth.FromContext(c.request))
				kept <- state.Auth()
				return "done"
			}, authn.Require())
			// One connection has one buffer for all its requests.
			client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			t.Cleanup(client.CloseIdleConnections)
			var own []*auth.Auth
			for _, token := range tokens {
				if resp, body := send(t, client, origin+"/", bearer(token)); resp.StatusCode != http.StatusOK || body != "done" {
					t.Fatalf("status %d, body %s", resp.StatusCode, body)
				}
				own = append(own, <-kept)
			}
			for i, a := range own {
				if token, err := a.GetToken(t.Context()); err != nil || token != tokens[i] || a.UserID != fmt.Sprintf("user_%d", i+1) {
					t.Errorf("the Auth of request %d is %v with a token of another request, %v", i+1, a, err)
				}
			}
			// Without the copy, the token alone is another one afterwards.
			for i, a := range overwritten {
				if a.UserID != fmt.Sprintf("user_%d", i+1) || a.Claims().Subject() != a.UserID {
					t.Errorf("the claims of request %d became those of %v", i+1, a)
				}
			}
		})
	}
}
