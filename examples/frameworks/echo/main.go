// Command echo is a service with version 5 of echo whose callers are authenticated.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

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
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", routes(authn, whoami)))
}

func routes(authn *auth.Authenticator, app func(context.Context) string) http.Handler {
	handle := func(c *echo.Context) error { return c.String(http.StatusOK, app(c.Request().Context())) }
	require := func(requirements ...auth.Requirement) echo.MiddlewareFunc {
		return echo.WrapMiddleware(authn.Require(requirements...))
	}
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	e := echo.New()
	e.Use(middleware.Recover(), crossOrigin) // in front: a preflight has no token
	e.GET("/me", handle, require())
	e.GET("/admin", handle, require(auth.Role("org:admin")))
	e.GET("/reports", handle, require(auth.AnyOf(auth.Accepts(auth.SessionToken), reader)))
	return e
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = middleware.CORSWithConfig(middleware.CORSConfig{
	AllowOrigins:  []string{"https://app.example.com"},
	AllowHeaders:  []string{"Authorization"},
	ExposeHeaders: []string{"X-Clerk-Auth-Reason", "Retry-After"},
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
