package table

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// users is how many users the emulated instance has: user_0, user_1 and so on.
const users = 200

// A world is an emulated Clerk and a running example.
type world struct {
	service  Service
	instance *clerktest.Instance
	origin   string
	app      *observed
}

func emulate(t *testing.T, s Service) *world {
	t.Helper()
	list := make([]string, users)
	for i := range list {
		list[i] = fmt.Sprintf(`{"id":"user_%d"}`, i)
	}
	seed, err := clerktest.ParseSeed([]byte(`{"users":[` + strings.Join(list, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{service: s, instance: clerktest.New(t, clerktest.WithSeed(seed))}
	w.origin, w.app = w.serve(t)
	return w
}

// serve starts the example once more, with an Authenticator that has not seen a key yet.
func (w *world) serve(t *testing.T) (origin string, app *observed) {
	t.Helper()
	authn, err := auth.New(w.instance.Client(clerk.WithMaxRetries(0)), auth.WithPublishableKey(w.instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
	if err != nil {
		t.Fatal(err)
	}
	app = &observed{app: w.service.App}
	return w.service.Serve(t, authn, app.call), app
}

// An observed App is counted, and a test may do something in its place.
type observed struct {
	app     App
	calls   atomic.Int32
	instead atomic.Pointer[App]
}

func (o *observed) call(ctx context.Context) string {
	o.calls.Add(1)
	if instead := o.instead.Load(); instead != nil {
		return (*instead)(ctx)
	}
	return o.app(ctx)
}

// replace lets app be called until the test ends.
func (o *observed) replace(t *testing.T, app App) {
	o.instead.Store(&app)
	t.Cleanup(func() { o.instead.Store(nil) })
}

// send sends a request, and returns the response with its body.
func send(t *testing.T, client *http.Client, method, url string, prepare ...func(*http.Request)) (*http.Response, string) {
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

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}
