package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/backend-sdk/clerk-go/auth"
)

// Access says who may use the API, whether by requests or by a WebSocket.
type Access struct {
	Authenticator *auth.Authenticator
	Accepts       auth.AcceptedTypes // the types of tokens that the API takes
	Requires      []auth.Requirement // of whoever has such a token
}

// Requests guards requests that are no WebSocket.
func (a Access) Requests(next http.Handler) http.Handler {
	return a.Authenticator.Require(slices.Concat(a.Requires, []auth.Requirement{a.Accepts})...)(next)
}

// The codes with which a WebSocket is closed in place of its acknowledgement.
const (
	closeForbidden     = 4403 // of the protocol graphql-transport-ws
	closeTryAgainLater = 1013
)

// Init is a transport.WebsocketInitFunc. A browser sends no Authorization field with a
// WebSocket, so clients have the token in the payload of their first message, in a member
// "Authorization". The socket is closed when the token expires, and clients come back with
// another one.
func (a Access) Init(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	var caller *auth.Auth // nil without a token, and Authorize refuses it
	var err error
	if scheme, token, _ := strings.Cut(payload.Authorization(), " "); strings.EqualFold(scheme, "Bearer") {
		caller, err = a.Authenticator.AuthenticateToken(ctx, token, a.Accepts)
	}
	if err == nil {
		err = auth.Authorize(ctx, caller, a.Requires...)
	}
	if err != nil {
		return refused(ctx, err) // gqlgen uses the context beside an error, too
	}
	connected := auth.NewContext(ctx, caller)
	if end := caller.ExpiresAt(); !end.IsZero() {
		var cancel context.CancelFunc
		connected, cancel = context.WithDeadline(connected, end)
		context.AfterFunc(ctx, cancel)
	}
	return connected, nil, nil
}

// refused says how the socket is closed. Only those errors reach the client that are about
// the client.
func refused(ctx context.Context, err error) (context.Context, *transport.InitPayload, error) {
	code, reason := closeForbidden, codeOf(err)
	if reason == "" {
		code, reason, err = closeTryAgainLater, "UNAVAILABLE", errors.New("authentication is not possible at the moment")
	}
	return transport.AppendCloseReason(transport.WithWebsocketCloseCode(ctx, code), reason), nil, err
}

// present tells clients in extensions.code what the resolvers' calls of Authorize find.
func present(ctx context.Context, err error) *gqlerror.Error {
	shown := graphql.DefaultErrorPresenter(ctx, err)
	if code := codeOf(err); code != "" {
		shown.Extensions = map[string]any{"code": code}
	}
	return shown
}

// codeOf returns "" for an error that says nothing about the client.
func codeOf(err error) string {
	switch {
	case errors.Is(err, auth.ErrReverification):
		return "REVERIFICATION_REQUIRED"
	case errors.Is(err, auth.ErrForbidden):
		return "FORBIDDEN"
	case errors.Is(err, auth.ErrUnauthenticated):
		return "UNAUTHENTICATED"
	default:
		return ""
	}
}
