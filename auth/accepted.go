package auth

// TokenType is the kind of token that a caller presents.
type TokenType string

// The kinds of tokens. Nothing is a machine's but by its form: a token that has
// the form of none of the others counts as a session's.
const (
	SessionToken TokenType = "session_token" // of a user's session
	APIKey       TokenType = "api_key"       // ak_…, of a user or an organization
	M2MToken     TokenType = "m2m_token"     // mt_… or a JWT, of a machine
	OAuthToken   TokenType = "oauth_token"   // oat_… or a JWT, of an OAuth application's user
)

// tokenTypes is a set of token types.
type tokenTypes uint8

// sessionTokens is what is accepted where nothing else is said.
const sessionTokens tokenTypes = 1

var allTokenTypes = [...]TokenType{SessionToken, APIKey, M2MToken, OAuthToken}

func setOf(types ...TokenType) (set tokenTypes) {
	for _, t := range types {
		set |= t.bit()
	}
	return set
}

// bit is the set of t alone; a type that does not exist is in no set.
func (t TokenType) bit() tokenTypes {
	switch t {
	case SessionToken:
		return sessionTokens
	case APIKey:
		return 1 << 1
	case M2MToken:
		return 1 << 2
	case OAuthToken:
		return 1 << 3
	default:
		return 0
	}
}

func (set tokenTypes) has(t TokenType) bool { return set&t.bit() != 0 }

// only gives the type of a set that has one, and "" for any other.
func (set tokenTypes) only() TokenType {
	for _, t := range allTokenTypes {
		if set == t.bit() {
			return t
		}
	}
	return ""
}

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
