// Command fiber2 is a service with version 2 of fiber whose callers are authenticated.
package main

import (
	"context"
	"log"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey)) // CLERK_PUBLISHABLE_KEY
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(newApp(authn, whoami).Listen("127.0.0.1:8080"))
}

func newApp(authn *auth.Authenticator, whoami func(context.Context) string) *fiber.App {
	// c.Context() knows the caller, c.UserContext() does not. It is not done when the caller goes
	// away, because fiber does not notice that.
	handle := func(c *fiber.Ctx) error { return c.SendString(whoami(c.Context())) }
	require := func(requirements ...auth.Requirement) fiber.Handler {
		return adaptor.HTTPMiddleware(authn.Require(requirements...))
	}
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	app := fiber.New()
	app.Use(recover.New(), crossOrigin) // in front: a preflight has no token
	app.Get("/me", require(), handle)
	app.Get("/admin", require(auth.Role("org:admin")), handle)
	app.Get("/reports", require(auth.AnyOf(auth.Accepts(auth.SessionToken), reader)), handle)
	return app
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = cors.New(cors.Config{
	AllowOrigins:  "https://app.example.com",
	AllowHeaders:  "Authorization",
	ExposeHeaders: "X-Clerk-Auth-Reason, Retry-After",
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
