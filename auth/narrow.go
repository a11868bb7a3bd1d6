package auth

// NarrowOption sets what an endpoint takes for signed in; see [FromContext].
type NarrowOption interface {
	narrow(*narrowing)
}

// narrowing is what the options of one call come to.
type narrowing struct {
	pending bool
	stated  bool // whether types says what is accepted, in place of the default
	types   tokenTypes
}

func narrow(opts []NarrowOption) narrowing {
	if len(opts) == 0 {
		return narrowing{}
	}
	var n narrowing
	for _, opt := range opts {
		if types, ok := opt.(*AcceptedTypes); ok && types == nil {
			opt = AcceptedTypes{}
		}
		if opt != nil {
			opt.narrow(&n)
		}
	}
	return n
}

func (n narrowing) accepted() tokenTypes {
	if n.stated {
		return n.types
	}
	return sessionTokens
}

// shown is the type that an [Auth] names where a token of type t was presented:
// a type that is refused is not told, but the only one wanted is.
func (n narrowing) shown(t TokenType) TokenType {
	if set := n.accepted(); !set.has(t) {
		return set.only()
	}
	return t
}

type allowPending struct{}

func (allowPending) narrow(n *narrowing) { n.pending = true }

// AllowPending takes a pending session for signed in: for the endpoints by which
// its user does what is left to do.
func AllowPending() NarrowOption { return allowPending{} }

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

func (t AcceptedTypes) narrow(n *narrowing) {
	if n.stated {
		n.types &= t.types
		return
	}
	n.stated, n.types = true, t.types
}

func (t AcceptedTypes) require(r *requirements) { t.narrow(&r.narrowing) }
