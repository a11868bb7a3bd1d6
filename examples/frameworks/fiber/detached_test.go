package main

import (
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

// The token of a caller stays that of the caller after the handler, while the next request
// has the same buffer.
func TestDetachedCallerOutlivesItsHandler(t *testing.T) {
	instance, authn := table.Emulate(t)
	var callers, undetached []*auth.Auth
	app := fiber.New()
	app.Get("/", adaptor.HTTPMiddleware(authn.Require()), func(c fiber.Ctx) error {
		caller, err := detached(authn, c)
		callers, undetached = append(callers, caller), append(undetached, auth.FromContext(c.RequestCtx()))
		return err
	})
	origin := start(t, app)
	// One connection has one buffer for all its requests.
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	t.Cleanup(client.CloseIdleConnections)
	users := []string{"user_1", "user_2"}
	var tokens []string
	for _, user := range users {
		tokens = append(tokens, instance.Token(clerktest.ForUser(user)))
		if resp, body := table.Send(t, client, http.MethodGet, origin+"/", table.Bearer(tokens[len(tokens)-1])); resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d, body %s", resp.StatusCode, body)
		}
	}
	for i, caller := range callers {
		if token, err := caller.GetToken(t.Context()); err != nil || token != tokens[i] || caller.UserID != users[i] {
			t.Errorf("the caller of request %d is %v with another token, %v", i+1, caller, err)
		}
	}
	// The others have the right claims at least.
	for i, caller := range undetached {
		if caller.UserID != users[i] || caller.Claims().Subject() != users[i] {
			t.Errorf("the claims of request %d became those of %v", i+1, caller)
		}
	}
}
