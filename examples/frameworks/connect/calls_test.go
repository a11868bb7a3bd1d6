package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts/accountsconnect"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
	"github.com/backend-sdk/clerk-go/users"
)

var anySession = same(Rule{Accepts: session})

// eachForm calls a procedure of each form in each protocol.
func eachForm(f func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error))) {
	for protocol, option := range protocolsOfClients {
		for procedure, call := range forms {
			f(option, protocol+" of "+procedure, call)
		}
	}
}

func TestProcedureWithoutARuleIsRefused(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	origin := serve(t, guarded(clerk.Authenticator, nil, nil, func(context.Context, func() error) error {
		return errors.New("the procedure was called")
	}))
	eachForm(func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
		if _, err := call(t.Context(), client(t, origin, protocol, "Bearer "+clerk.Session())); codeOf(err) != connect.CodePermissionDenied {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// A Guard in front of which there is no Middleware lets nobody pass.
func TestGuardWithoutMiddlewareRefuses(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	mux := http.NewServeMux()
	mux.Handle(accountsconnect.NewAccountsHandler(service{}, connect.WithInterceptors(anySession)))
	origin := serve(t, mux)
	eachForm(func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
		if _, err := call(t.Context(), client(t, origin, protocol, "Bearer "+clerk.Session())); codeOf(err) != connect.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	})
}

func TestParallelCallersSeeThemselves(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	origin := serve(t, guarded(clerk.Authenticator, anySession, nil, nil))
	var all sync.WaitGroup
	for n := range 200 {
		user := clerk.CreateUser(users.CreateUserParams{}).ID
		for _, protocol := range []string{"connect", "gRPC"} {
			client := client(t, origin, protocolsOfClients[protocol], "Bearer "+clerk.Token(clerktest.ForUser(user)))
			for procedure, call := range forms {
				all.Go(func() {
					if got, err := call(t.Context(), client); err != nil || got != user {
						t.Errorf("caller %d in %s of %s is %q, %v, want %q", n, protocol, procedure, got, err, user)
					}
				})
			}
		}
	}
	all.Wait()
}

func TestPanicReachesTheRecovery(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	recovering := connect.WithRecover(func(_ context.Context, _ connect.Spec, _ http.Header, r any) error {
		userID, _ := r.(string)
		return connect.NewError(connect.CodeDataLoss, errors.New("recovered: "+userID))
	})
	origin := serve(t, guarded(clerk.Authenticator, anySession, nil, func(ctx context.Context, _ func() error) error {
		panic(auth.FromContext(ctx).UserID)
	}, recovering))
	eachForm(func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
		_, err := call(t.Context(), client(t, origin, protocol, "Bearer "+clerk.Session()))
		if codeOf(err) != connect.CodeDataLoss || !strings.HasSuffix(err.Error(), "recovered: "+clerk.UserID) {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// A client that hangs up ends the verification of its key, and no procedure is called.
func TestCanceledCallIsNotAnOutage(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	asked := clerk.Hang()
	outcome := make(chan error, 1)
	origin := serve(t, guarded(clerk.Authenticator, same(Rule{Accepts: sessionOrKey}),
		func(_ context.Context, call func() error) error {
			err := call()
			outcome <- err
			return err
		},
		func(context.Context, func() error) error { return errors.New("the procedure was called") }))
	eachForm(func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-asked
			cancel()
		}()
		call(ctx, client(t, origin, protocol, "Bearer "+clerk.APIKey()))
		if err := <-outcome; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the guard returned %v", name, err)
		}
	})
}

// The procedures notice that their client has hung up.
func TestCancelReachesTheProcedure(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	begun, ended := make(chan struct{}), make(chan error, 1)
	origin := serve(t, guarded(clerk.Authenticator, anySession, nil, func(ctx context.Context, _ func() error) error {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}))
	eachForm(func(protocol connect.ClientOption, name string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-begun
			cancel()
		}()
		call(ctx, client(t, origin, protocol, "Bearer "+clerk.Session()))
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// A stream ends with the token: the one that waits at once, the one that reads with the next
// message, which is not answered.
func TestStreamEndsWithItsToken(t *testing.T) {
	for name, protocol := range protocolsOfClients {
		synctest.Test(t, func(t *testing.T) {
			instance, authn := callers.Offline(t)
			authorization := "Bearer " + instance.Token(clerktest.WithLifetime(time.Minute))
			client := inMemory(t, guarded(authn, anySession, nil, nil), protocol, authorization)
			begun := time.Now()

			chat, err := client.Chat(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for n := range 2 {
				chat.Send(wrapperspb.String(strconv.Itoa(n)))
				if m, err := chat.Receive(); err != nil || m.Value != "user_1: "+strconv.Itoa(n) {
					t.Fatal(m, err)
				}
			}
			watch, err := client.Watch(t.Context(), &emptypb.Empty{})
			if err != nil {
				t.Fatal(err)
			}
			if !watch.Receive() || watch.Msg().Value != "user_1" {
				t.Fatal(watch.Msg(), watch.Err())
			}
			if watch.Receive() || codeOf(watch.Err()) != connect.CodeUnauthenticated {
				t.Errorf("%s: the watcher got %v, %v", name, watch.Msg(), watch.Err())
			}
			if after := time.Since(begun); after != time.Minute {
				t.Errorf("%s: the watcher was sent away after %v", name, after)
			}
			chat.Send(wrapperspb.String("too late"))
			if m, err := chat.Receive(); codeOf(err) != connect.CodeUnauthenticated {
				t.Errorf("%s: who talks got %v, %v", name, m, err)
			}
		})
	}
}

// inMemory serves the handler without a network, so that time stands still while something
// is under way.
func inMemory(t *testing.T, handler http.Handler, protocol connect.ClientOption, authorization string) accountsconnect.AccountsClient {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	server := &http.Server{Handler: handler, Protocols: protocols()}
	go server.Serve(listener)
	var http2 http.Protocols
	http2.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: &http2,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return listener.DialContext(ctx) }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return accountsconnect.NewAccountsClient(&http.Client{Transport: sender{transport, []string{authorization}}}, "http://memory", protocol)
}
