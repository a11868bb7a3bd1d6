package main

import (
	"context"
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"github.com/backend-sdk/clerk-go/auth"
)

// Rule says who may call a procedure. The zero Rule lets nobody pass.
type Rule struct {
	Accepts  auth.AcceptedTypes // the types of tokens that the procedure takes
	Requires []auth.Requirement // of whoever has such a token
}

// Guard is a connect.Interceptor behind Authenticator.Middleware. It has the rules by
// procedure, and lets those pass who meet the rule. A procedure without a rule is refused. In
// the procedure, auth.FromContext returns the caller.
//
// Where every procedure has the same rule, Authenticator.Require does without a Guard: clients
// of each protocol take its refusals for unauthenticated, permission denied and unavailable,
// but not its messages.
type Guard map[string]Rule

// WrapUnary guards procedures that take one message and return one.
func (g Guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		ctx, err := g.admit(ctx, req.Spec().Procedure)
		if err != nil {
			return nil, err
		}
		return next(ctx, req)
	}
}

// WrapStreamingHandler guards all others. A stream ends when the token of its caller expires.
func (g Guard) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		ctx, err := g.admit(ctx, conn.Spec().Procedure)
		if err != nil {
			return err
		}
		if end := auth.FromContext(ctx).ExpiresAt(); !end.IsZero() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadlineCause(ctx, end, errExpired)
			defer cancel()
		}
		err = next(ctx, stream{conn, ctx})
		if err != nil && errors.Is(context.Cause(ctx), errExpired) {
			return connect.NewError(connect.CodeUnauthenticated, errExpired)
		}
		return err
	}
}

// WrapStreamingClient is for clients, which have no callers.
func (g Guard) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (g Guard) admit(ctx context.Context, procedure string) (context.Context, error) {
	rule, found := g[procedure]
	if !found {
		return nil, connect.NewError(connect.CodePermissionDenied, errors.New("the procedure has no rule that says who may call it"))
	}
	caller := auth.FromContext(ctx, rule.Accepts)
	if err := auth.Authorize(ctx, caller, rule.Requires...); err != nil {
		return nil, refusal(ctx, err)
	}
	return auth.NewContext(ctx, caller), nil
}

// refusal returns what the client gets for an error of Authorize. Only those errors reach it
// that are about the client.
func refusal(ctx context.Context, err error) error {
	var lacking *auth.AuthorizationError
	switch {
	case errors.Is(err, auth.ErrReverification):
		return explained(connect.CodePermissionDenied, err, "reverification-error")
	case errors.As(err, &lacking) && errors.Is(err, auth.ErrForbidden):
		return explained(connect.CodePermissionDenied, err, lacking.Reason)
	case errors.As(err, &lacking):
		return explained(connect.CodeUnauthenticated, err, lacking.Reason)
	case ctx.Err() != nil:
		return ctx.Err() // which connect translates
	default:
		return connect.NewError(connect.CodeUnavailable, errors.New("authentication is not possible at the moment"))
	}
}

// explained adds the reason in a form that programs read.
func explained(code connect.Code, err error, reason auth.Reason) error {
	refused := connect.NewError(code, err)
	if detail, err := connect.NewErrorDetail(&errdetails.ErrorInfo{Reason: string(reason), Domain: "clerk.com"}); err == nil {
		refused.AddDetail(detail)
	}
	return refused
}

var errExpired = errors.New("the token expired during the call")

// stream stops when its context is done.
type stream struct {
	connect.StreamingHandlerConn
	ctx context.Context
}

func (s stream) Send(m any) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	return s.StreamingHandlerConn.Send(m)
}

// Receive looks at the context last, because the message may be long in coming.
func (s stream) Receive(m any) error {
	if err := s.StreamingHandlerConn.Receive(m); err != nil {
		return err
	}
	return s.ctx.Err()
}
