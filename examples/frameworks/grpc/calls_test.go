package main

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
	"github.com/backend-sdk/clerk-go/users"
)

var anySession = same(Rule{Accepts: auth.Accepts(auth.SessionToken)})

func TestMethodWithoutARuleIsRefused(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	conn := serve(t, guarded(Guard{clerk.Authenticator, nil}, nil, func(context.Context, func() error) error {
		return errors.New("the method was called")
	}))
	for method, call := range forms {
		if _, err := call(with(t.Context(), "Bearer "+clerk.Session()), conn); status.Code(err) != codes.PermissionDenied {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestParallelCallersSeeThemselves(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	conn := serve(t, guarded(Guard{clerk.Authenticator, anySession}, nil, nil))
	var all sync.WaitGroup
	for n := range 200 {
		user := clerk.CreateUser(users.CreateUserParams{})
		ctx := with(t.Context(), "Bearer "+clerk.Token(clerktest.ForUser(user.ID)))
		for method, call := range forms {
			all.Go(func() {
				if got, err := call(ctx, conn); err != nil || got != user.ID {
					t.Errorf("caller %d of %s is %q, %v, want %q", n, method, got, err, user.ID)
				}
			})
		}
	}
	all.Wait()
}

// A panic in a method passes through the guard to the interceptor that recovers.
func TestPanicReachesTheRecovery(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	recovering := func(_ context.Context, call func() error) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = status.Errorf(codes.Internal, "recovered: %v", r)
			}
		}()
		return call()
	}
	conn := serve(t, guarded(Guard{clerk.Authenticator, anySession}, recovering, func(ctx context.Context, _ func() error) error {
		panic(auth.FromContext(ctx).UserID)
	}))
	for method, call := range forms {
		_, err := call(with(t.Context(), "Bearer "+clerk.Session()), conn)
		if got := status.Convert(err); got.Code() != codes.Internal || got.Message() != "recovered: "+clerk.UserID {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// A client that hangs up ends the verification of its key, and no method is called.
func TestCanceledCallIsNotAnOutage(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	asked := clerk.Hang()
	outcome := make(chan error, 1)
	conn := serve(t, guarded(Guard{clerk.Authenticator, same(Rule{Accepts: auth.Accepts(auth.APIKey)})},
		func(_ context.Context, call func() error) error {
			err := call()
			outcome <- err
			return err
		},
		func(context.Context, func() error) error { return errors.New("the method was called") }))
	for method, call := range forms {
		ctx, cancel := context.WithCancel(with(t.Context(), "Bearer "+clerk.APIKey()))
		go func() {
			<-asked
			cancel()
		}()
		call(ctx, conn)
		if err := <-outcome; status.Code(err) != codes.Canceled {
			t.Errorf("%s: the guard returned %v", method, err)
		}
		cancel()
	}
}

// The methods notice that their client has hung up.
func TestCancelReachesTheMethod(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	begun, ended := make(chan struct{}), make(chan error, 1)
	conn := serve(t, guarded(Guard{clerk.Authenticator, anySession}, nil, func(ctx context.Context, _ func() error) error {
		begun <- struct{}{}
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}))
	for method, call := range forms {
		ctx, cancel := context.WithCancel(with(t.Context(), "Bearer "+clerk.Session()))
		go func() {
			<-begun
			cancel()
		}()
		call(ctx, conn)
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", method, err)
		}
		cancel()
	}
}

// A stream ends with the token: the one that waits at once, the one that reads with the next
// message, which is not answered.
func TestStreamEndsWithItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		instance, authn := callers.Offline(t)
		client := accounts.NewAccountsClient(serve(t, guarded(Guard{authn, anySession}, nil, nil)))
		ctx := with(t.Context(), "Bearer "+instance.Token(clerktest.WithLifetime(time.Minute)))
		begun := time.Now()

		chat, err := client.Chat(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 2 {
			chat.Send(wrapperspb.String(strconv.Itoa(n)))
			if m, err := chat.Recv(); err != nil || m.Value != "user_1: "+strconv.Itoa(n) {
				t.Fatal(m, err)
			}
		}
		watch, err := client.Watch(ctx, &emptypb.Empty{})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := watch.Recv(); err != nil || m.Value != "user_1" {
			t.Fatal(m, err)
		}
		if m, err := watch.Recv(); status.Code(err) != codes.Unauthenticated {
			t.Errorf("the watcher got %v, %v", m, err)
		}
		if after := time.Since(begun); after != time.Minute {
			t.Errorf("the watcher was sent away after %v", after)
		}
		chat.Send(wrapperspb.String("too late"))
		if m, err := chat.Recv(); status.Code(err) != codes.Unauthenticated {
			t.Errorf("who talks got %v, %v", m, err)
		}
	})
}
