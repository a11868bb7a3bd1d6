package main

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/backend-sdk/clerk-go/auth"
)

// Rule says who may call a method. The zero Rule lets nobody pass.
type Rule struct {
	Accepts  auth.AcceptedTypes // the types of tokens that the method takes
	Requires []auth.Requirement // of whoever has such a token
	Public   bool               // for everybody, who is not authenticated then
}

// Guard authenticates the callers of a server, and lets those pass who meet the rule of the
// method. In the method, auth.FromContext returns the caller.
type Guard struct {
	Authenticator *auth.Authenticator
	Rules         map[string]Rule // by full name; a method without a rule is refused
}

// Unary is a grpc.UnaryServerInterceptor.
func (g Guard) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, err := g.admit(ctx, info.FullMethod)
	if err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// Stream is a grpc.StreamServerInterceptor. A stream ends when the token of its caller
// expires.
func (g Guard) Stream(srv any, conn grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, err := g.admit(conn.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	if end := auth.FromContext(ctx).ExpiresAt(); !end.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, end, errExpired)
		defer cancel()
	}
	err = handler(srv, stream{conn, ctx})
	if err != nil && errors.Is(context.Cause(ctx), errExpired) {
		return errExpired
	}
	return err
}

func (g Guard) admit(ctx context.Context, method string) (context.Context, error) {
	rule, found := g.Rules[method]
	switch {
	case !found:
		return nil, status.Error(codes.PermissionDenied, "the method has no rule that says who may call it")
	case rule.Public:
		return ctx, nil
	}
	var caller *auth.Auth // nil without a token, and Authorize refuses it
	var err error
	if token := bearer(ctx); token != "" {
		caller, err = g.Authenticator.AuthenticateToken(ctx, token, rule.Accepts)
	}
	if err == nil {
		err = auth.Authorize(ctx, caller, rule.Requires...)
	}
	if err != nil {
		return nil, refusal(ctx, err)
	}
	return auth.NewContext(ctx, caller), nil
}

// bearer returns the token of the caller, or "". With several nobody could say which one
// a proxy in front has looked at.
func bearer(ctx context.Context) string {
	values := metadata.ValueFromIncomingContext(ctx, "authorization")
	if len(values) != 1 {
		return ""
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// refusal returns the status for an error of AuthenticateToken or Authorize. Only those
// errors reach the client that are about the client.
func refusal(ctx context.Context, err error) error {
	var refused *auth.TokenError
	var lacking *auth.AuthorizationError
	switch {
	case errors.Is(err, auth.ErrReverification):
		return explained(codes.PermissionDenied, err, "reverification-error")
	case errors.Is(err, auth.ErrPending):
		return explained(codes.Unauthenticated, err, auth.ReasonSessionPending)
	case errors.As(err, &refused):
		return explained(codes.Unauthenticated, err, refused.Reason)
	case errors.As(err, &lacking) && errors.Is(err, auth.ErrForbidden):
		return explained(codes.PermissionDenied, err, lacking.Reason)
	case errors.As(err, &lacking):
		return explained(codes.Unauthenticated, err, lacking.Reason)
	case ctx.Err() != nil:
		return status.FromContextError(ctx.Err()).Err()
	default:
		return status.Error(codes.Unavailable, "authentication is not possible at the moment")
	}
}

// explained adds the reason in a form that programs read.
func explained(code codes.Code, err error, reason auth.Reason) error {
	s := status.New(code, err.Error())
	if detailed, err := s.WithDetails(&errdetails.ErrorInfo{Reason: string(reason), Domain: "clerk.com"}); err == nil {
		s = detailed
	}
	return s.Err()
}

var errExpired = status.Error(codes.Unauthenticated, "the token expired during the call")

// stream has the caller in its context, and stops when that is done.
type stream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s stream) Context() context.Context { return s.ctx }

func (s stream) SendMsg(m any) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.ServerStream.SendMsg(m)
}

// RecvMsg looks at the context last, because the message may be long in coming.
func (s stream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	return s.ctx.Err()
}
