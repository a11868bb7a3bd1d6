package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	mcpauth "github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
	"golang.org/x/oauth2"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/mcp/whoami"
)

// The hosts of the demonstration have names for which the certificate of httptest is good.
const (
	clerkHost = "clerk.example.com"
	mcpHost   = "mcp.example.com"
	resource  = "https://" + mcpHost + "/mcp"
	userID    = "user_ada"
)

// stage is an MCP server and the emulated Clerk that its clients get tokens from.
type stage struct {
	authorization *authorizationServer
	server        *httptest.Server
}

// newStage returns a stage whose MCP server verifies opaque tokens with client, if that is not
// nil.
func newStage(client *clerk.Client, opts ...auth.ResourceOption) (*stage, error) {
	instance, err := clerktest.NewInstance(clerktest.Seed{FrontendAPI: clerkHost, Users: []api.User{{ID: userID}}})
	if err != nil {
		return nil, err
	}
	authn, err := auth.New(client, auth.WithJWTKey(instance.JWTKey()), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.OAuthToken), auth.WithResource(resource, opts...))
	if err != nil {
		return nil, errors.Join(err, instance.Close())
	}
	s := &stage{authorization: &authorizationServer{instance: instance, userID: userID, grants: map[string]grant{}}}
	hosts := map[string]http.Handler{clerkHost: s.authorization.handler(), mcpHost: whoami.Handler(authn)}
	s.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hosts[r.Host].ServeHTTP(w, r) }))
	return s, nil
}

func (s *stage) close() error {
	s.server.Close()
	return s.authorization.instance.Close()
}

// client returns an HTTP client that finds both hosts on this machine, and prints its
// requests to out.
func (s *stage) client(out io.Writer) *http.Client {
	trusted := s.server.Client().Transport.(*http.Transport).TLSClientConfig
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: trusted.RootCAs},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.server.Listener.Addr().String())
		},
	}
	return &http.Client{Transport: transcript{transport, out}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// call calls the tool with the official client of MCP, which authorizes itself with handler.
func call(ctx context.Context, client *http.Client, handler mcpauth.OAuthHandler) (string, error) {
	transport := &mcp.StreamableClientTransport{Endpoint: resource, HTTPClient: client, OAuthHandler: handler, DisableStandaloneSSE: true, MaxRetries: -1}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "demo", Version: "1"}, nil).Connect(ctx, transport, nil)
	if err != nil {
		return "", err
	}
	defer session.Close()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "whoami"})
	if err != nil {
		return "", err
	}
	if text, ok := result.Content[0].(*mcp.TextContent); ok && !result.IsError {
		return text.Text, nil
	}
	return "", errors.New("the tool does not respond with text")
}

// discovery gets tokens as a client does that knows nothing but the URL of the MCP server.
// The browser of the user is client, too.
func discovery(client *http.Client) (mcpauth.OAuthHandler, error) {
	const back = "http://127.0.0.1:1/callback" // nothing is listening there: the browser's last redirect is read
	return mcpauth.NewAuthorizationCodeHandler(&mcpauth.AuthorizationCodeHandlerConfig{
		DynamicClientRegistrationConfig: &mcpauth.DynamicClientRegistrationConfig{
			Metadata: &oauthex.ClientRegistrationMetadata{ClientName: "demo", RedirectURIs: []string{back}},
		},
		Client: client,
		AuthorizationCodeFetcher: func(ctx context.Context, args *mcpauth.AuthorizationArgs) (*mcpauth.AuthorizationResult, error) {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, args.URL, nil)
			if err != nil {
				return nil, err
			}
			response, err := client.Do(r)
			if err != nil {
				return nil, err
			}
			defer response.Body.Close()
			location, err := url.Parse(response.Header.Get("Location"))
			if err != nil {
				return nil, err
			}
			return &mcpauth.AuthorizationResult{Code: location.Query().Get("code"), State: location.Query().Get("state")}, nil
		},
	})
}

// holder has a token already, and no way to another one.
type holder struct{ token string }

func (h holder) TokenSource(context.Context) (oauth2.TokenSource, error) {
	return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: h.token}), nil
}

func (h holder) Authorize(_ context.Context, _ *http.Request, response *http.Response) error {
	return fmt.Errorf("refused: %s", response.Header.Get("WWW-Authenticate"))
}

// show prints the demonstration to out.
func show(ctx context.Context, out io.Writer) error {
	s, err := newStage(nil, auth.ResourceName("Who am I"))
	if err != nil {
		return err
	}
	defer s.close()
	client := s.client(out)
	defer client.CloseIdleConnections()

	fmt.Fprintln(out, "A client that knows only the URL of an MCP server:")
	handler, err := discovery(client)
	if err != nil {
		return err
	}
	text, err := call(ctx, client, handler)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe tool says: %s\n", text)
	if text != userID+" calls with the application client_demo" {
		return errors.New("that is not who calls")
	}

	const other = "https://other.example.com/mcp"
	fmt.Fprintf(out, "\nA client with a token for %s:\n", other)
	_, err = call(ctx, client, holder{s.authorization.tokenFor(grant{clientID: "client_demo", resource: other, scope: "profile"})})
	if err == nil || !strings.Contains(err.Error(), `error="invalid_token"`) {
		return fmt.Errorf("a token for another resource is not refused: %v", err)
	}
	fmt.Fprintln(out, "\nIt is refused.")
	return nil
}
