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

// handedOver marks a record that a caller put into a context: it answers there,
// but no middleware takes it for its own work on the request.
type handedOver struct{ *record }

// AuthOption sets what an endpoint takes for signed in; see [FromContext].
type AuthOption interface {
	applyTo(*authOptions)
}

// authOptions is what the options of one call come to.
type authOptions struct {
	pending bool
	stated  bool // whether types says what is accepted, in place of the default
	types   tokenTypes
}

func newAuthOptions(opts []AuthOption) authOptions {
	if len(opts) == 0 {
		return authOptions{}
	}
	var n authOptions
	for _, opt := range opts {
		if types, ok := opt.(*AcceptedTypes); ok && types == nil {
			opt = AcceptedTypes{}
		}
		if opt != nil {
			opt.applyTo(&n)
		}
	}
	return n
}

func (n authOptions) accepted() tokenTypes {
	if n.stated {
		return n.types
	}
	return sessionTokens
}

// shown is the type that an [Auth] names where a token of type t was presented:
// a type that is refused is not told, but the only one wanted is.
func (n authOptions) shown(t TokenType) TokenType {
	if set := n.accepted(); !set.has(t) {
		return set.only()
	}
	return t
}

type allowPending struct{}

func (allowPending) applyTo(n *authOptions) { n.pending = true }

// AllowPending takes a pending session for signed in: for the endpoints by which
// its user does what is left to do.
func AllowPending() AuthOption { return allowPending{} }

// AcceptedTypes is what [Accepts] gives, for [FromContext] and
// [Authenticator.Require]. The zero value accepts nobody.
type AcceptedTypes struct {
	types tokenTypes
}

// Accepts says which types of tokens an endpoint takes, in place of session
// tokens alone. What the [Authenticator] was not told to accept by
// [WithAcceptedTokens] stays refused. Given twice, only what both name counts;
// with no types it accepts nobody.
func Accepts(types ...TokenType) AcceptedTypes {
	return AcceptedTypes{setOf(types...)}
}

func (t AcceptedTypes) applyTo(n *authOptions) {
	if n.stated {
		n.types &= t.types
		return
	}
	n.stated, n.types = true, t.types
}

func (t AcceptedTypes) require(r *requirements) { t.applyTo(&r.authOptions) }
