package auth

import (
	"context"
	"net/http"
)

// noMiddleware is the record of a request that no middleware handled.
var noMiddleware = &record{err: ErrNoMiddleware}

// FromContext returns the caller of a request that passed [Authenticator.Middleware] or
// [Authenticator.Require], or the one that [NewContext] put into ctx. It is never nil,
// and a new copy on each call. Without any of these it is signed out, and its Err is
// [ErrNoMiddleware].
//
// Behind Require, and below NewContext, the types of tokens that were accepted there are
// accepted here; [Accepts] can only narrow them. Behind Middleware alone, session tokens
// are accepted unless Accepts says otherwise.
//
// The token that [Auth.GetToken] returns is a part of the request. A server that uses the
// memory of a request again for the next one, such as fiber's, changes it once the
// handler has returned.
func FromContext(ctx context.Context, opts ...AuthOption) *Auth {
	v := viewFrom(ctx)
	if v.record == nil {
		v.record = noMiddleware
	}
	n := newAuthOptions(opts)
	n.acceptance = n.within(v.accepted)
	return newAuth(v.record, n)
}

// NewContext returns a copy of ctx that carries a, for [FromContext] and [CurrentUser].
// The types of tokens that a was obtained with are accepted there too. [AllowPending] is
// not carried over. A nil or hand-made Auth is signed out there.
func NewContext(ctx context.Context, a *Auth) context.Context {
	v := view{record: newRecord(nil), handedOver: true}
	if a != nil && a.record != nil {
		v.record, v.accepted = a.record, a.authOptions.acceptance
	}
	return v.below(ctx)
}

type recordKey struct{}

// view is what a context knows about the caller. A context holds a view, or the record
// alone if the rest is zero, which saves an allocation. It is put there by
// context.WithValue, because adapters for other servers copy only such values.
type view struct {
	record     *record    // nil without a caller
	accepted   acceptance // by Require, or for the Auth that was handed over
	handedOver bool       // by NewContext, and so not a middleware's own work on the request
}

func viewFrom(ctx context.Context) view {
	if ctx == nil {
		return view{}
	}
	switch found := ctx.Value(recordKey{}).(type) {
	case *record:
		return view{record: found}
	case view:
		return found
	default:
		return view{}
	}
}

// below returns a context below ctx that holds v.
func (v view) below(ctx context.Context) context.Context {
	if v == (view{record: v.record}) {
		return context.WithValue(ctx, recordKey{}, v.record)
	}
	return context.WithValue(ctx, recordKey{}, v)
}

// shownTo returns r with v in its context.
func (v view) shownTo(r *http.Request) *http.Request {
	if viewFrom(r.Context()) == v {
		return r
	}
	return r.WithContext(v.below(r.Context()))
}
