package auth

import "context"

// noMiddleware is the record of a request that no middleware handled.
var noMiddleware = &record{err: ErrNoMiddleware}

// FromContext returns the caller of a request that passed [Authenticator.Middleware] or
// [Authenticator.Require], or the one that [NewContext] put into ctx. It is never nil,
// and a new copy on each call. Without any of these it is signed out, and its Err is
// [ErrNoMiddleware].
func FromContext(ctx context.Context, opts ...AuthOption) *Auth {
	rec := recordFrom(ctx)
	if rec == nil {
		rec = noMiddleware
	}
	return newAuth(rec, newAuthOptions(opts))
}

// NewContext returns a copy of ctx that carries a, for [FromContext] and [CurrentUser].
// Options that a was obtained with ([Accepts], [AllowPending]) are not carried over. A
// nil or hand-made Auth is signed out there.
func NewContext(ctx context.Context, a *Auth) context.Context {
	rec := &record{}
	if a != nil && a.record != nil {
		rec = a.record
	}
	return context.WithValue(ctx, recordKey{}, handedOver{rec})
}
