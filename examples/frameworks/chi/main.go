// Command chi is a service with chi whose callers are authenticated. net/http itself takes
// the same middleware.
package main

import (
	"context"
	"io"
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/rs/cors"

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
	handle := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, app(r.Context())) }
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	r := chi.NewRouter()
	r.Use(middleware.Recoverer, crossOrigin.Handler) // in front: a preflight has no token
	r.With(authn.Require()).Get("/me", handle)
	r.With(authn.Require(auth.Role("org:admin"))).Get("/admin", handle)
	r.With(authn.Require(auth.AnyOf(auth.Accepts(auth.SessionToken), reader))).Get("/reports", handle)
	return r
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = cors.New(cors.Options{
	AllowedOrigins: []string{"https://app.example.com"},
	AllowedHeaders: []string{"Authorization"},
	ExposedHeaders: []string{"X-Clerk-Auth-Reason", "Retry-After"},
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
