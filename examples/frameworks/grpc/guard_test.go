package main

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

// serve runs the server and returns a connection to it.
func serve(t *testing.T, server *grpc.Server) *grpc.ClientConn {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.Serve(listener)
	}()
	conn, err := grpc.NewClient("passthrough:///memory", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		server.Stop()
		<-served
	})
	return conn
}

// guarded returns a server with these interceptors around the guard.
func guarded(guard Guard, outside, inside interceptors) *grpc.Server {
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(outside.unary(), guard.Unary, inside.unary()),
		grpc.ChainStreamInterceptor(outside.stream(), guard.Stream, inside.stream()))
	accounts.RegisterAccountsServer(server, service{})
	return server
}

// interceptors calls a function around each call.
type interceptors func(ctx context.Context, call func() error) error

func (f interceptors) unary() grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
		err = f.around(ctx, func() (err error) {
			resp, err = handler(ctx, req)
			return err
		})
		return resp, err
	}
}

func (f interceptors) stream() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		return f.around(stream.Context(), func() error { return handler(srv, stream) })
	}
}

func (f interceptors) around(ctx context.Context, call func() error) error {
	if f == nil {
		return call()
	}
	return f(ctx, call)
}

func with(ctx context.Context, authorization ...string) context.Context {
	for _, value := range authorization {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", value)
	}
	return ctx
}

// forms call a method of each form, which all say who calls.
var forms = map[string]func(context.Context, *grpc.ClientConn) (string, error){
	accounts.Accounts_WhoAmI_FullMethodName: func(ctx context.Context, conn *grpc.ClientConn) (string, error) {
		reply, err := accounts.NewAccountsClient(conn).WhoAmI(ctx, &emptypb.Empty{})
		return reply.GetValue(), err
	},
	accounts.Accounts_Watch_FullMethodName: func(ctx context.Context, conn *grpc.ClientConn) (string, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := accounts.NewAccountsClient(conn).Watch(ctx, &emptypb.Empty{})
		if err != nil {
			return "", err
		}
		reply, err := stream.Recv()
		return reply.GetValue(), err
	},
	accounts.Accounts_Chat_FullMethodName: func(ctx context.Context, conn *grpc.ClientConn) (string, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := accounts.NewAccountsClient(conn).Chat(ctx)
		if err != nil {
			return "", err
		}
		stream.Send(wrapperspb.String("hello")) // if it fails, Recv says why
		reply, err := stream.Recv()
		return strings.TrimSuffix(reply.GetValue(), ": hello"), err
	},
}

func same(rule Rule) map[string]Rule {
	rules := map[string]Rule{}
	for method := range forms {
		rules[method] = rule
	}
	return rules
}

func TestCallers(t *testing.T) {
	t.Parallel()
	for name, c := range callers.Cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clerk := callers.New(t)
			if c.Fault.Operation != "" {
				clerk.Inject(c.Fault)
			}
			var handled atomic.Int32
			count := func(_ context.Context, call func() error) error {
				handled.Add(1)
				return call()
			}
			conn := serve(t, guarded(Guard{clerk.Authenticator, same(Rule{Accepts: c.Accepts, Requires: c.Requires})}, nil, count))
			for method, call := range forms {
				handled.Store(0)
				clerk.Verified.Store(0)
				sent := c.Sends(clerk)
				userID, err := call(with(t.Context(), sent...), conn)
				got := status.Convert(err)
				if got.Code() != c.Code || reason(got) != c.Reason {
					t.Errorf("%s: %v %q (%s), want %v %q", method, got.Code(), reason(got), got.Message(), c.Code, c.Reason)
				}
				if err == nil && (userID != clerk.UserID || handled.Load() != 1) {
					t.Errorf("%s: called %d times by %q", method, handled.Load(), userID)
				}
				if err != nil && handled.Load() != 0 {
					t.Errorf("%s: called although the caller was refused", method)
				}
				if n := clerk.Verified.Load(); int(n) != c.Verified {
					t.Errorf("%s: %d keys were sent to Clerk, want %d", method, n, c.Verified)
				}
				for _, value := range sent {
					_, token, _ := strings.Cut(value, " ")
					if strings.Contains(got.Proto().String(), token) {
						t.Errorf("%s: the status shows the token", method)
					}
				}
			}
		})
	}
}

func reason(s *status.Status) auth.Reason {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return auth.Reason(info.Reason)
		}
	}
	return ""
}

// endless is a stream that takes every message and always has another.
type endless struct{ grpc.ServerStream }

func (endless) SendMsg(any) error { return nil }

func (endless) RecvMsg(any) error { return nil }

func TestNoMessagePassesAStreamThatIsOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := stream{endless{}, ctx}
	if sent, received := s.SendMsg(nil), s.RecvMsg(nil); sent != nil || received != nil {
		t.Errorf("before: %v, %v", sent, received)
	}
	cancel()
	if sent, received := s.SendMsg(nil), s.RecvMsg(nil); sent == nil || received == nil {
		t.Errorf("after: %v, %v", sent, received)
	}
}
