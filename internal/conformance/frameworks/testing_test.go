package frameworks

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// users is how many users the emulated instance has: user_0, user_1 and so on.
const users = 200

func emulate(t *testing.T) (*clerktest.Instance, *auth.Authenticator) {
	t.Helper()
	var list strings.Builder
	list.WriteString(`{"id":"user_0"}`)
	for i := 1; i < users; i++ {
		fmt.Fprintf(&list, `,{"id":"user_%d"}`, i)
	}
	seed, err := clerktest.ParseSeed([]byte(`{"users":[` + list.String() + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	instance := clerktest.New(t, clerktest.WithSeed(seed))
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey, auth.M2MToken))
	if err != nil {
		t.Fatal(err)
	}
	return instance, authn
}

func listen(t *testing.T) (_ net.Listener, origin string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener, "http://" + listener.Addr().String()
}

// send sends a GET and returns the response with its body.
func send(t *testing.T, client *http.Client, url string, credentials func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	credentials(r)
	resp, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return &http.Response{}, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp, string(body)
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}
