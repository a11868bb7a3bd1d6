// Command huma is a service with huma, on a router of chi, whose callers are authenticated.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
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
	handle := func(ctx context.Context, _ *struct{}) (*text, error) {
		return &text{ContentType: "text/plain", Body: []byte(app(ctx))}, nil
	}
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	r := chi.NewRouter()
	r.Use(middleware.Recoverer, crossOrigin.Handler) // in front: a preflight has no token
	config := huma.DefaultConfig("Who am I", "1")
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"clerk": {Type: "http", Scheme: "bearer"}}
	api := humachi.New(r, config)
	huma.Get(api, "/me", handle, protected(authn))
	huma.Get(api, "/admin", handle, protected(authn, auth.Role("org:admin")))
	huma.Get(api, "/reports", handle, protected(authn, auth.AnyOf(auth.Accepts(auth.SessionToken), reader)))
	return r
}

type text struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = cors.New(cors.Options{
	AllowedOrigins: []string{"https://app.example.com"},
	AllowedHeaders: []string{"Authorization"},
	ExposedHeaders: []string{"X-Clerk-Auth-Reason", "Retry-After"},
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
