// Command gin is a service with gin whose callers are authenticated.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"

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
	// c.Request.Context knows the caller. c itself does not, unless ContextWithFallback of
	// the engine is set: auth.FromContext(c).Err() is then auth.ErrNoMiddleware.
	handle := func(c *gin.Context) { c.String(http.StatusOK, app(c.Request.Context())) }
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	r := gin.New()
	r.Use(gin.Recovery(), crossOrigin) // in front: a preflight has no token
	r.GET("/me", wrap(authn.Require()), handle)
	r.GET("/admin", wrap(authn.Require(auth.Role("org:admin"))), handle)
	r.GET("/reports", wrap(authn.Require(auth.AnyOf(auth.Accepts(auth.SessionToken), reader))), handle)
	return r
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = cors.New(cors.Config{
	AllowOrigins:  []string{"https://app.example.com"},
	AllowMethods:  []string{http.MethodGet},
	AllowHeaders:  []string{"Authorization"},
	ExposeHeaders: []string{"X-Clerk-Auth-Reason", "Retry-After"},
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
