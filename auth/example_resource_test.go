package auth_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// A resource server accepts OAuth tokens that are made for it, and says where they come
// from. Clients from before RFC 9728 ask the resource's own host for that.
func ExampleAuthenticator_ResourceMetadata() {
	instance, err := clerktest.NewInstance(clerktest.Seed{FrontendAPI: "clerk.example.com"})
	if err != nil {
		log.Fatal(err)
	}
	endpoint := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

	authn, err := auth.New(nil,
		auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithJWTKey(instance.JWTKey()),
		auth.WithAcceptedTokens(auth.OAuthToken),
		auth.WithResource("https://mcp.example.com/mcp", auth.AdvertisedScopes("reports:read")),
	)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", authn.Require(auth.Accepts(auth.OAuthToken), auth.Scope("reports:read"))(endpoint))
	mux.Handle("/.well-known/", authn.ResourceMetadata())
	const older = "/.well-known/oauth-authorization-server"
	mux.Handle("GET "+older, http.RedirectHandler(instance.Issuer()+older, http.StatusFound))

	for _, seen := range []struct{ path, field string }{
		{"/mcp", "WWW-Authenticate"}, {"/.well-known/oauth-protected-resource/mcp", "Content-Type"}, {older, "Location"},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, seen.path, nil))
		fmt.Println(w.Code, w.Header().Get(seen.field))
	}
	// Output:
	// 401 Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="reports:read"
	// 200 application/json
	// 302 https://clerk.example.com/.well-known/oauth-authorization-server
}
