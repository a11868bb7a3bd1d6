// Command gorilla is a service with gorilla/mux whose callers are authenticated.
package main

import (
	"context"
	"io"
	"log"
	"net/http"

	"github.com/gorilla/handlers"
	"github.com/gorilla/mux"
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
	handle := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, app(r.Context())) })
	reader := auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read"))

	// Router.Use would protect every route of a router or subrouter in the same way.
	r := mux.NewRouter()
	r.Handle("/me", authn.Require()(handle)).Methods(http.MethodGet)
	r.Handle("/admin", authn.Require(auth.Role("org:admin"))(handle)).Methods(http.MethodGet)
	r.Handle("/reports", authn.Require(auth.AnyOf(auth.Accepts(auth.SessionToken), reader))(handle)).Methods(http.MethodGet)

	// Around the router, because its own middleware does not see what no route matches,
	// such as a preflight.
	return handlers.RecoveryHandler(handlers.PrintRecoveryStack(true))(crossOrigin.Handler(r))
}

// crossOrigin lets pages of the frontend send tokens, and read why they are refused.
var crossOrigin = cors.New(cors.Options{
	AllowedOrigins: []string{"https://app.example.com"},
	AllowedHeaders: []string{"Authorization"},
	ExposedHeaders: []string{"X-Clerk-Auth-Reason", "Retry-After"},
})

// whoami knows its caller from the context alone.
func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }
