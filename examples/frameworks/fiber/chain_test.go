package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	fiber2 "github.com/gofiber/fiber/v2"
	adaptor2 "github.com/gofiber/fiber/v2/middleware/adaptor"
	fiber3 "github.com/gofiber/fiber/v3"
	adaptor3 "github.com/gofiber/fiber/v3/middleware/adaptor"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

type guard = func(http.Handler) http.Handler

// ctx is what a handler of fiber has: the context of the request, and the one that fiber
// keeps for the program.
type ctx struct{ request, own context.Context }

// A server serves handler at /, behind the guards, through fiber's own adapter for
// middleware of net/http.
type server func(t *testing.T, handler func(ctx) string, guards ...guard) (origin string)

// versions are those of fiber, because both have an adapter of their own.
var versions = map[string]server{
	"fiber v2": func(t *testing.T, handler func(ctx) string, guards ...guard) string {
		app := fiber2.New(fiber2.Config{DisableStartupMessage: true})
		for _, guard := range guards {
			app.Use(adaptor2.HTTPMiddleware(guard))
		}
		app.Get("/", func(c *fiber2.Ctx) error {
			return c.SendString(handler(ctx{c.Context(), c.UserContext()}))
		})
		listener, origin := table.Listen(t)
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
			return c.SendString(handler(ctx{c.RequestCtx(), c.Context()}))
		})
		listener, origin := table.Listen(t)
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

// A handler of fiber finds the caller behind each chain of Middleware and Require, as one
// of net/http does.
func TestHandlerFindsTheCallerBehindEachChain(t *testing.T) {
	instance, authn := table.Emulate(t)
	session := instance.Token(clerktest.ForUser("user_1"))
	nobody := func(*http.Request) {}
	either := authn.Require(auth.Accepts(auth.SessionToken, auth.M2MToken))
	for name, test := range map[string]struct {
		guards      []guard
		credentials func(*http.Request)
		want        string // "" for a caller who is refused
	}{
		"guest":                      {[]guard{authn.Require()}, nobody, ""},
		"bad token":                  {[]guard{authn.Require()}, table.Bearer("x"), ""},
		"expired":                    {[]guard{authn.Require()}, table.Bearer(instance.Token(clerktest.ForUser("user_1"), clerktest.Expired())), ""},
		"pending":                    {[]guard{authn.Require()}, table.Bearer(instance.Token(clerktest.ForUser("user_1"), clerktest.Pending())), ""},
		"machine":                    {[]guard{authn.Require()}, table.Bearer(instance.Token(clerktest.ForMachine("mch_1"))), ""},
		"session":                    {[]guard{authn.Require()}, table.Bearer(session), "session_token user_1"},
		"cookies":                    {[]guard{authn.Require()}, func(r *http.Request) { instance.SignInCookies(r, "user_1") }, "session_token user_1"},
		"machine, accepted":          {[]guard{either}, table.Bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"API key, not accepted":      {[]guard{either}, table.Bearer(instance.Token(clerktest.ForAPIKey("user_1"))), ""},
		"session behind Middleware":  {[]guard{authn.Middleware}, table.Bearer(session), "session_token user_1"},
		"guest behind Middleware":    {[]guard{authn.Middleware}, nobody, "session_token "},
		"Require behind Middleware":  {[]guard{authn.Middleware, either}, table.Bearer(session), "session_token user_1"},
		"machine behind both":        {[]guard{authn.Middleware, either}, table.Bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"guest behind both":          {[]guard{authn.Middleware, either}, nobody, ""},
		"Middleware behind Require":  {[]guard{either, authn.Middleware}, table.Bearer(instance.Token(clerktest.ForMachine("mch_1"))), "m2m_token mch_1"},
		"cookies behind two Require": {[]guard{either, authn.Require()}, func(r *http.Request) { instance.SignInCookies(r, "user_1") }, "session_token user_1"},
	} {
		for version, serve := range versions {
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
				resp, body := table.Send(t, http.DefaultClient, http.MethodGet, origin+"/", test.credentials)
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
