package auth

import "context"

// noMiddleware is the record of every request that was not looked at.
var noMiddleware = &record{err: ErrNoMiddleware}

// FromContext gives who sent the request, behind [Authenticator.Middleware] or
// [Authenticator.Require], or from a context of [NewContext]. It is never nil and
// is made anew at each call. Where nobody looked at the request it is signed out
// and its Err is [ErrNoMiddleware].
func FromContext(ctx context.Context, opts ...AuthOption) *Auth {
	rec := recordFrom(ctx)
	if rec == nil {
		rec = noMiddleware
	}
	return newAuth(rec, newAuthOptions(opts))
}

// NewContext gives a context in which [FromContext] and [CurrentUser] answer for
// a. What a was narrowed to is not carried along. A nil or hand-made Auth is
// signed out there.
func NewContext(ctx context.Context, a *Auth) context.Context {
	rec := &record{}
	if a != nil && a.record != nil {
		rec = a.record
	}
	return context.WithValue(ctx, recordKey{}, handedOver{rec})
}
