// Command gqlgen is a GraphQL API that Clerk's tokens protect, with subscriptions over
// WebSockets.
package main

import (
	"log"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/frameworks/gqlgen/graph"
)

//go:generate go run github.com/99designs/gqlgen@v0.17.98 generate

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey)) // CLERK_PUBLISHABLE_KEY
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", routes(newServer(), everybody(authn))))
}

// everybody lets those in who are signed in, and API keys with a scope.
func everybody(authn *auth.Authenticator) Access {
	return Access{
		Authenticator: authn,
		Accepts:       auth.Accepts(auth.SessionToken, auth.APIKey),
		Requires: []auth.Requirement{auth.AnyOf(
			auth.Accepts(auth.SessionToken),
			auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("graphql")),
		)},
	}
}

func newServer() *handler.Server {
	server := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: &graph.Resolver{}}))
	server.SetErrorPresenter(present)
	return server
}

func routes(server *handler.Server, access Access) http.Handler {
	// Pages of other origins than the API's own need OriginPatterns in the Websocket's
	// Implementation. No harm comes from them: the token is in no cookie.
	server.AddTransport(transport.POST{})
	server.AddTransport(transport.Websocket{InitFunc: access.Init, InitTimeout: 10 * time.Second})
	mux := http.NewServeMux()
	mux.Handle("POST /graphql", access.Requests(server))
	mux.Handle("GET /graphql", server) // WebSockets alone: without transport.GET there are no queries here
	return mux
}
