package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"google.golang.org/grpc/test/bufconn"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
	"github.com/backend-sdk/clerk-go/users"
)

func anySession(authn *auth.Authenticator) Access {
	return Access{Authenticator: authn, Accepts: auth.Accepts(auth.SessionToken)}
}

func TestServer(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	endpoint := serve(t, routes(newServer(), everybody(clerk.Authenticator)))
	admin := clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})
	const whoAmI, refund = "{ whoAmI }", "mutation { refund }"
	for name, test := range map[string]struct {
		token, query string
		status       int
		code         string
	}{
		"session":                     {clerk.Session(), whoAmI, 200, ""},
		"key with the scope":          {clerk.APIKey(clerktest.WithScopes("graphql")), whoAmI, 200, ""},
		"key with another scope":      {clerk.APIKey(clerktest.WithScopes("reports:read")), whoAmI, 403, ""},
		"refund, admin":               {clerk.Session(admin, clerktest.WithFactorAges(1, -1)), refund, 200, ""},
		"refund, admin, not verified": {clerk.Session(admin, clerktest.WithFactorAges(60, -1)), refund, 200, "REVERIFICATION_REQUIRED"},
		"refund, somebody":            {clerk.Session(clerktest.WithFactorAges(1, -1)), refund, 200, "FORBIDDEN"},
		"refund, key":                 {clerk.APIKey(clerktest.WithScopes("graphql")), refund, 200, "FORBIDDEN"},
	} {
		got, err := post(t.Context(), endpoint, test.query, "Bearer "+test.token)
		if err != nil || got.status != test.status {
			t.Errorf("%s: status %d, %v: %s", name, got.status, err, got.body)
			continue
		}
		switch {
		case test.code != "":
			if len(got.Errors) != 1 || got.Errors[0].Extensions.Code != test.code || got.Data.Refund != "" {
				t.Errorf("%s: %s, want %s", name, got.body, test.code)
			}
		case test.status == http.StatusOK && got.Data.WhoAmI+got.Data.Refund != clerk.UserID:
			t.Errorf("%s: %s", name, got.body)
		}
	}
}

func TestParallelCallersSeeThemselves(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	endpoint := serve(t, routes(newServer(), anySession(clerk.Authenticator)))
	var all sync.WaitGroup
	for n := range 200 {
		user := clerk.CreateUser(users.CreateUserParams{}).ID
		authorization := "Bearer " + clerk.Token(clerktest.ForUser(user))
		all.Go(func() {
			if got, err := post(t.Context(), endpoint, "{ whoAmI }", authorization); err != nil || got.Data.WhoAmI != user {
				t.Errorf("caller %d is %q, %v, want %q", n, got.body, err, user)
			}
		})
		all.Go(func() {
			s, err := dial(t.Context(), http.DefaultClient, endpoint, "graphql-transport-ws", authorization)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.CloseNow()
			if got, err := s.watch(t.Context()); err != nil || got != user {
				t.Errorf("watcher %d is %q, %v, want %q", n, got, err, user)
			}
		})
	}
	all.Wait()
}

func TestPanicReachesTheRecovery(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	server := newServer()
	server.AroundFields(func(ctx context.Context, _ graphql.Resolver) (any, error) { panic(auth.FromContext(ctx).UserID) })
	server.SetRecoverFunc(func(_ context.Context, r any) error {
		userID, _ := r.(string)
		return errors.New("recovered: " + userID)
	})
	endpoint := serve(t, routes(server, anySession(clerk.Authenticator)))
	got, err := post(t.Context(), endpoint, "{ whoAmI }", "Bearer "+clerk.Session())
	if err != nil || len(got.Errors) != 1 || got.Errors[0].Message != "recovered: "+clerk.UserID {
		t.Errorf("%s, %v", got.body, err)
	}
}

// A client that goes away ends what is under way for it, by a request or a WebSocket.
func TestCancelReachesTheResolver(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	begun, ended := make(chan struct{}), make(chan error, 1)
	server := newServer()
	server.AroundFields(func(ctx context.Context, _ graphql.Resolver) (any, error) {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return nil, ctx.Err()
	})
	endpoint := serve(t, routes(server, anySession(clerk.Authenticator)))
	for name, call := range map[string]func(context.Context) error{
		"request": func(ctx context.Context) error {
			_, err := post(ctx, endpoint, "{ whoAmI }", "Bearer "+clerk.Session())
			return err
		},
		"socket": func(ctx context.Context) error {
			s, err := dial(ctx, http.DefaultClient, endpoint, "graphql-transport-ws", "Bearer "+clerk.Session())
			if err != nil {
				return err
			}
			defer s.CloseNow()
			_, err = s.watch(ctx)
			return err
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-begun
			cancel()
		}()
		if err := call(ctx); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A WebSocket is closed when the token expires, not before, and not only when the next message
// arrives.
func TestSocketEndsWithItsToken(t *testing.T) {
	for protocol := range socketProtocols {
		synctest.Test(t, func(t *testing.T) {
			instance, authn := callers.Offline(t)
			listener := bufconn.Listen(1 << 16)
			server := &http.Server{Handler: routes(newServer(), anySession(authn))}
			go server.Serve(listener)
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{
				DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return listener.DialContext(ctx) }}}
			defer client.CloseIdleConnections()

			begun := time.Now()
			s, err := dial(t.Context(), client, "http://memory/graphql", protocol, "Bearer "+instance.Token(clerktest.WithLifetime(time.Minute)))
			if err != nil {
				t.Fatal(err)
			}
			defer s.CloseNow()
			if userID, err := s.watch(t.Context()); err != nil || userID != "user_1" {
				t.Fatal(userID, err)
			}
			if text, code := s.end(t.Context()); code != websocket.StatusNormalClosure {
				t.Errorf("%s: the socket ended with %s", protocol, text)
			}
			if after := time.Since(begun); after != time.Minute {
				t.Errorf("%s: the socket was closed after %v", protocol, after)
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	script := callers.Script{Path: "/graphql", Body: `{"query":"{ whoAmI }"}`}
	handler := func(authn *auth.Authenticator) http.Handler { return routes(newServer(), anySession(authn)) }
	callers.CheckCookies(t, script, handler)
	callers.CheckCORS(t, script, handler)
}
