package table

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// users is how many users the emulated instance has: user_0, user_1 and so on.
const users = 200

// Emulate starts an emulated Clerk, and returns it with an Authenticator for it.
func Emulate(t testing.TB) (*clerktest.Instance, *auth.Authenticator) {
	t.Helper()
	instance := emulate(t)
	return instance, authenticator(t, instance)
}

func emulate(t testing.TB) *clerktest.Instance {
	t.Helper()
	list := make([]string, users)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"user_%d"}`, i)
	}
	seed, err := clerktest.ParseSeed([]byte(`{"users":[` + strings.Join(list, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return clerktest.New(t, clerktest.WithSeed(seed))
}

func authenticator(t testing.TB, instance *clerktest.Instance) *auth.Authenticator {
	t.Helper()
	authn, err := auth.New(instance.Client(clerk.WithMaxRetries(0)), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey, auth.M2MToken))
	if err != nil {
		t.Fatal(err)
	}
	return authn
}

// Listen listens on the loopback interface, for a framework with a server of its own.
func Listen(t testing.TB) (_ net.Listener, origin string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener, "http://" + listener.Addr().String()
}

// Send sends a request, and returns the response with its body.
func Send(t testing.TB, client *http.Client, method, url string, prepare ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, prepare := range prepare {
		prepare(r)
	}
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

// still is a client that follows no redirects.
var still = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Bearer adds the token to a request.
func Bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}
