package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts/accountsconnect"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

// protocolsOfClients are those in which a procedure can be called.
var protocolsOfClients = map[string]connect.ClientOption{
	"connect":           connect.WithClientOptions(),
	"connect with JSON": connect.WithProtoJSON(),
	"gRPC":              connect.WithGRPC(),
	"gRPC-Web":          connect.WithGRPCWeb(),
}

// serve serves the handler, and returns its origin.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.Protocols = protocols()
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

// guarded is the handler with these interceptors around the guard.
func guarded(authn *auth.Authenticator, guard Guard, outside, inside interceptors, opts ...connect.HandlerOption) http.Handler {
	mux := http.NewServeMux()
	opts = append(opts, connect.WithInterceptors(outside, guard, inside))
	mux.Handle(accountsconnect.NewAccountsHandler(service{}, opts...))
	return authn.Middleware(mux)
}

// interceptors calls a function around each call.
type interceptors func(ctx context.Context, call func() error) error

func (f interceptors) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (resp connect.AnyResponse, err error) {
		err = f.around(ctx, func() (err error) {
			resp, err = next(ctx, req)
			return err
		})
		return resp, err
	}
}

func (f interceptors) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		return f.around(ctx, func() error { return next(ctx, conn) })
	}
}

func (f interceptors) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (f interceptors) around(ctx context.Context, call func() error) error {
	if f == nil {
		return call()
	}
	return f(ctx, call)
}

// client sends these values of Authorization with each call, and speaks HTTP/2, which streams
// in both directions need.
func client(t *testing.T, origin string, protocol connect.ClientOption, authorization ...string) accountsconnect.AccountsClient {
	t.Helper()
	var http2 http.Protocols
	http2.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: &http2}
	t.Cleanup(transport.CloseIdleConnections)
	return accountsconnect.NewAccountsClient(&http.Client{Transport: sender{transport, authorization}}, origin, protocol)
}

type sender struct {
	http.RoundTripper
	authorization []string
}

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header["Authorization"] = s.authorization
	return s.RoundTripper.RoundTrip(r)
}

// forms call a procedure of each form, which all say who calls.
var forms = map[string]func(context.Context, accountsconnect.AccountsClient) (string, error){
	accountsconnect.AccountsWhoAmIProcedure: func(ctx context.Context, client accountsconnect.AccountsClient) (string, error) {
		reply, err := client.WhoAmI(ctx, &emptypb.Empty{})
		return reply.GetValue(), err
	},
	accountsconnect.AccountsWatchProcedure: func(ctx context.Context, client accountsconnect.AccountsClient) (string, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := client.Watch(ctx, &emptypb.Empty{})
		if err != nil {
			return "", err
		}
		defer stream.Close()
		if !stream.Receive() {
			return "", stream.Err()
		}
		return stream.Msg().Value, nil
	},
	accountsconnect.AccountsChatProcedure: func(ctx context.Context, client accountsconnect.AccountsClient) (string, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := client.Chat(ctx)
		if err != nil {
			return "", err
		}
		defer stream.CloseResponse()
		stream.Send(wrapperspb.String("hello")) // if it fails, Receive says why
		reply, err := stream.Receive()
		return strings.TrimSuffix(reply.GetValue(), ": hello"), err
	},
}

func same(rule Rule) Guard {
	guard := Guard{}
	for procedure := range forms {
		guard[procedure] = rule
	}
	return guard
}

func TestCallers(t *testing.T) {
	t.Parallel()
	for name, c := range callers.Cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clerk := callers.New(t, auth.WithoutCookies())
			if c.Fault.Operation != "" {
				clerk.Inject(c.Fault)
			}
			var handled atomic.Int32
			count := func(_ context.Context, call func() error) error {
				handled.Add(1)
				return call()
			}
			origin := serve(t, guarded(clerk.Authenticator, same(Rule{Accepts: c.Accepts, Requires: c.Requires}), nil, count))
			for protocol, option := range protocolsOfClients {
				for procedure, call := range forms {
					handled.Store(0)
					sent := c.Sends(clerk)
					userID, err := call(t.Context(), client(t, origin, option, sent...))
					if code, reason := codeOf(err), reasonOf(err); code != connect.Code(c.Code) || reason != c.HTTPReason() {
						t.Errorf("%s of %s: %v, %q, want %v, %q", protocol, procedure, err, reason, c.Code, c.HTTPReason())
					}
					if err == nil && (userID != clerk.UserID || handled.Load() != 1) {
						t.Errorf("%s of %s: called %d times by %q", protocol, procedure, handled.Load(), userID)
					}
					for _, value := range sent {
						_, token, _ := strings.Cut(value, " ")
						if err != nil && strings.Contains(shown(err), token) {
							t.Errorf("%s of %s: the error shows the token", protocol, procedure)
						}
					}
					if err != nil && handled.Load() != 0 {
						t.Errorf("%s of %s: called although the caller was refused", protocol, procedure)
					}
				}
			}
		})
	}
}

// codeOf returns 0 for a call that succeeds.
func codeOf(err error) connect.Code {
	if err == nil {
		return 0
	}
	return connect.CodeOf(err)
}

func reasonOf(err error) auth.Reason {
	var refused *connect.Error
	if !errors.As(err, &refused) {
		return ""
	}
	for _, detail := range refused.Details() {
		if value, err := detail.Value(); err == nil {
			if info, ok := value.(*errdetails.ErrorInfo); ok {
				return auth.Reason(info.Reason)
			}
		}
	}
	return ""
}

// shown returns what the client sees of an error, with the fields of the response.
func shown(err error) string {
	var refused *connect.Error
	if errors.As(err, &refused) {
		return fmt.Sprint(err, refused.Meta())
	}
	return err.Error()
}

// endless is a stream that takes every message and always has another.
type endless struct{ connect.StreamingHandlerConn }

func (endless) Send(any) error { return nil }

func (endless) Receive(any) error { return nil }

func TestNoMessagePassesAStreamThatIsOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := stream{endless{}, ctx}
	if sent, received := s.Send(nil), s.Receive(nil); sent != nil || received != nil {
		t.Errorf("before: %v, %v", sent, received)
	}
	cancel()
	if sent, received := s.Send(nil), s.Receive(nil); sent == nil || received == nil {
		t.Errorf("after: %v, %v", sent, received)
	}
}
