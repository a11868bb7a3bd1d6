package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	mcpauth "github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

func begin(t *testing.T, client *clerk.Client, opts ...auth.ResourceOption) *stage {
	t.Helper()
	s, err := newStage(client, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// The official client goes from a refusal over both documents and a token to the tool, and
// the transcript shows the way without a token.
func TestClientFindsTheWayToTheTool(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := show(t.Context(), &out); err != nil {
		t.Fatalf("%v after\n%s", err, out.String())
	}
	text := out.String()
	for _, step := range []string{
		"POST https://mcp.example.com/mcp", "401\n",
		`WWW-Authenticate: Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="profile"`,
		"GET https://mcp.example.com/.well-known/oauth-protected-resource/mcp", `"authorization_servers":["https://clerk.example.com"]`,
		"GET https://clerk.example.com/.well-known/oauth-authorization-server", "POST https://clerk.example.com/oauth/register",
		"GET https://clerk.example.com/oauth/authorize (scope=profile, resource=https://mcp.example.com/mcp)",
		"POST https://clerk.example.com/oauth/token (resource=https://mcp.example.com/mcp)",
		"tools/call", "The tool says: user_ada calls with the application client_demo",
		"with a token for https://other.example.com/mcp", `error="invalid_token"`, "It is refused.",
	} {
		before, after, found := strings.Cut(text, step)
		if !found {
			t.Fatalf("%q is missing, or not after\n%s\nin\n%s", step, before, out.String())
		}
		text = after
	}
	if strings.Contains(out.String(), "eyJ") {
		t.Error("the transcript shows a token")
	}
}

func TestOnlyTokensForTheResourceReachTheTool(t *testing.T) {
	t.Parallel()
	bound, unbound := begin(t, nil), begin(t, nil, auth.UnboundTokens())
	for name, test := range map[string]struct {
		on      *stage
		grant   grant
		refused string // what the challenge says, or "" for a call that succeeds
	}{
		"for the resource":             {bound, grant{resource: resource, scope: "profile"}, ""},
		"for another":                  {bound, grant{resource: "https://other.example.com/mcp", scope: "profile"}, "invalid_token"},
		"for the resource and a slash": {bound, grant{resource: resource + "/", scope: "profile"}, "invalid_token"},
		"for none":                     {bound, grant{scope: "profile"}, "invalid_token"},
		"without the scope":            {bound, grant{resource: resource, scope: "email"}, `error="insufficient_scope", scope="profile"`},
		"unbound, for none":            {unbound, grant{scope: "profile"}, ""},
		"unbound, for another":         {unbound, grant{resource: "https://other.example.com/mcp", scope: "profile"}, "invalid_token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := test.on.client(io.Discard)
			defer client.CloseIdleConnections()
			test.grant.clientID = "client_1"
			text, err := call(t.Context(), client, holder{test.on.authorization.tokenFor(test.grant)})
			switch {
			case test.refused == "" && (err != nil || text != userID+" calls with the application client_1"):
				t.Errorf("the tool says %q, %v", text, err)
			case test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)):
				t.Errorf("the tool says %q, %v, want a refusal with %q", text, err, test.refused)
			}
		})
	}
	session := bound.authorization.instance.Token(clerktest.ForUser(userID))
	client := bound.client(io.Discard)
	defer client.CloseIdleConnections()
	if text, err := call(t.Context(), client, holder{session}); err == nil || !strings.Contains(err.Error(), "invalid_token") {
		t.Errorf("with the token of a session the tool says %q, %v", text, err)
	}
}

func TestOpaqueTokensForTheResourceReachTheTool(t *testing.T) {
	t.Parallel()
	audiences := map[string]any{"oat_mine": resource, "oat_other": "https://other.example.com/mcp", "oat_none": nil}
	clerkAPI := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Token string `json:"access_token"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		writeJSON(w, http.StatusOK, map[string]any{"object": "clerk_idp_oauth_access_token", "id": "oat_id", "client_id": "client_1", "subject": userID,
			"scopes": []string{"profile"}, "revoked": false, "expired": false, "aud": audiences[asked.Token]})
	}))
	t.Cleanup(clerkAPI.Close)
	api, err := clerk.New("sk_test_example", clerk.WithBaseURL(clerkAPI.URL))
	if err != nil {
		t.Fatal(err)
	}
	s := begin(t, api)
	client := s.client(io.Discard)
	defer client.CloseIdleConnections()
	for token := range audiences {
		text, err := call(t.Context(), client, holder{token})
		if token == "oat_mine" {
			if err != nil || text != userID+" calls with the application client_1" {
				t.Errorf("%s: the tool says %q, %v", token, text, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), "invalid_token") {
			t.Errorf("%s: the tool says %q, %v, want a refusal", token, text, err)
		}
	}
}

func TestOfficialSDKReadsTheDocument(t *testing.T) {
	t.Parallel()
	s := begin(t, nil, auth.AdvertisedScopes("profile"), auth.ResourceName("Who am I"))
	client := s.client(io.Discard)
	defer client.CloseIdleConnections()
	document, err := oauthex.GetProtectedResourceMetadata(t.Context(), "https://"+mcpHost+"/.well-known/oauth-protected-resource/mcp", resource, client)
	if err != nil || document.Resource != resource || len(document.AuthorizationServers) != 1 || document.AuthorizationServers[0] != s.authorization.instance.Issuer() {
		t.Errorf("the document is %+v, %v", document, err)
	}
}

// A server may also keep the middleware of the official SDK, which demands that tokens end.
func TestVerifierOfTheOfficialSDK(t *testing.T) {
	t.Parallel()
	instance := begin(t, nil).authorization.instance
	authn, err := auth.New(nil, auth.WithJWTKey(instance.JWTKey()), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.OAuthToken), auth.WithResource(resource))
	if err != nil {
		t.Fatal(err)
	}
	verify := verifier(authn)
	token := func(audience string) string {
		return instance.Token(clerktest.ForUser(userID), clerktest.ForOAuthClient("client_1"), clerktest.WithScopes("profile"), clerktest.WithClaim("aud", audience))
	}
	info, err := verify(t.Context(), token(resource), nil)
	if err != nil || info.UserID != userID || info.Expiration.Before(time.Now()) || len(info.Scopes) != 1 {
		t.Errorf("the verifier returns %+v, %v", info, err)
	}
	var seen *mcpauth.TokenInfo
	protected := mcpauth.RequireBearerToken(verify, &mcpauth.RequireBearerTokenOptions{Scopes: []string{"profile"}})(
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = mcpauth.TokenInfoFromContext(r.Context()) }))
	for audience, want := range map[string]int{resource: http.StatusOK, "https://other.example.com": http.StatusUnauthorized} {
		seen = nil
		if got := status(t, protected, token(audience)); got != want || (seen != nil) != (want == http.StatusOK) {
			t.Errorf("a token for %s: status %d, want %d", audience, got, want)
		}
	}
}

// verifier verifies tokens for the middleware of the official SDK.
func verifier(authn *auth.Authenticator) mcpauth.TokenVerifier {
	return func(ctx context.Context, token string, _ *http.Request) (*mcpauth.TokenInfo, error) {
		caller, err := authn.AuthenticateToken(ctx, token, auth.Accepts(auth.OAuthToken))
		var refused *auth.TokenError
		if errors.As(err, &refused) {
			return nil, fmt.Errorf("%w: %w", mcpauth.ErrInvalidToken, err)
		}
		if err != nil {
			return nil, err // an outage, which says nothing about the token
		}
		return &mcpauth.TokenInfo{UserID: caller.UserID, Scopes: caller.Scopes, Expiration: caller.ExpiresAt()}, nil
	}
}

func status(t *testing.T, h http.Handler, token string) int {
	t.Helper()
	w := httptest.NewRecorder()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, resource, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	h.ServeHTTP(w, r)
	return w.Code
}
