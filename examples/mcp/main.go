// Command mcp is an MCP server that Clerk's OAuth tokens protect. CLERK_RESOURCE is the URL
// at which clients reach it, such as https://mcp.example.com/mcp.
package main

import (
	"log"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/mcp/whoami"
)

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, auth.WithAcceptedTokens(auth.OAuthToken)) // CLERK_PUBLISHABLE_KEY, CLERK_RESOURCE
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", whoami.Handler(authn)))
}
