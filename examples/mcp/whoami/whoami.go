// Package whoami is an MCP server with one tool, which says who calls it.
package whoami

import (
	"context"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/backend-sdk/clerk-go/auth"
)

// Handler serves MCP at /mcp, for OAuth tokens that are made for it, and tells clients where
// such tokens come from.
func Handler(authn *auth.Authenticator) http.Handler {
	server := mcp.NewServer(&mcp.Implementation{Name: "whoami", Version: "1"}, nil)
	mcp.AddTool(server, &mcp.Tool{Name: "whoami", Description: "Says who calls."}, whoami)
	endpoint := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless:                  true, // a session of MCP would not be tied to the caller
		DisableLocalhostProtection: true, // a page that rebinds a name has no token, and a local proxy keeps the public name
	})

	mux := http.NewServeMux()
	mux.Handle("/mcp", authn.Require(auth.Accepts(auth.OAuthToken), auth.Scope("profile"))(endpoint))
	mux.Handle("/.well-known/", authn.ResourceMetadata())
	return mux
}

// whoami is called behind Require, whose caller is in the context.
func whoami(ctx context.Context, _ *mcp.CallToolRequest, _ struct{}) (*mcp.CallToolResult, any, error) {
	caller := auth.FromContext(ctx)
	text := caller.UserID + " calls with the application " + caller.ClientID
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
}
