package auth

import "strings"

// TokenType is the kind of token that a caller presents.
type TokenType string

// The kinds of tokens. A token's kind is decided by its form; a token that has none of
// the other forms counts as a session token.
const (
	SessionToken TokenType = "session_token" // of a user's session
	APIKey       TokenType = "api_key"       // ak_…, of a user or an organization
	M2MToken     TokenType = "m2m_token"     // mt_… or a JWT, of a machine
	OAuthToken   TokenType = "oauth_token"   // oat_… or a JWT, of an OAuth application's user
)

// tokenTypes is a set of token types.
type tokenTypes uint8

// sessionTokens is what is accepted by default.
const sessionTokens tokenTypes = 1

var allTokenTypes = [...]TokenType{SessionToken, APIKey, M2MToken, OAuthToken}

func setOf(types ...TokenType) (set tokenTypes) {
	for _, t := range types {
		set |= t.bit()
	}
	return set
}

// bit returns the set of t alone. An unknown type is in no set.
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

// String lists the types, for a message.
func (set tokenTypes) String() string {
	var names []string
	for _, t := range allTokenTypes {
		if set.has(t) {
			names = append(names, string(t))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " or ")
}

// only returns the type of a set that has exactly one, or "".
func (set tokenTypes) only() TokenType {
	for _, t := range allTokenTypes {
		if set == t.bit() {
			return t
		}
	}
	return ""
}

// AuthOption sets which callers count as signed in; see [FromContext] and
// [Authenticator.AuthenticateToken].
type AuthOption interface {
	applyTo(*authOptions)
}

// authOptions are the combined options of one call.
type authOptions struct {
	acceptance
	pending bool
}

// acceptance says which types are accepted: those that Accepts named, or the default.
type acceptance struct {
	stated bool // whether types replaces the default
	types  tokenTypes
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

// within returns what is accepted where outer was accepted before.
func (n acceptance) within(outer acceptance) acceptance {
	if outer.stated {
		n.narrow(outer.types)
	}
	return n
}

func (n acceptance) accepted() tokenTypes {
	if n.stated {
		return n.types
	}
	return sessionTokens
}

// shown returns the type that an [Auth] reports where a token of type t was presented.
// It hides a refused type, unless only one type is accepted.
func (n acceptance) shown(t TokenType) TokenType {
	if set := n.accepted(); !set.has(t) {
		return set.only()
	}
	return t
}

type allowPending struct{}

func (allowPending) applyTo(n *authOptions) { n.pending = true }

// AllowPending treats a pending session as signed in, for the endpoints with which its
// user completes the pending tasks.
func AllowPending() AuthOption { return allowPending{} }

// AcceptedTypes is the result of [Accepts], for [Authenticator.Require], [FromContext]
// and [Authenticator.AuthenticateToken]. The zero value accepts nobody.
type AcceptedTypes struct {
	types tokenTypes
}

// Accepts says which types of tokens an endpoint takes instead of session tokens alone.
// A type that [WithAcceptedTokens] does not name stays refused. If Accepts is given
// twice, only the types that both name are accepted; without types it accepts nobody.
// What [Authenticator.Require] accepts need not be repeated in its handler.
func Accepts(types ...TokenType) AcceptedTypes {
	return AcceptedTypes{setOf(types...)}
}

func (t AcceptedTypes) applyTo(n *authOptions) { n.narrow(t.types) }

func (n *acceptance) narrow(types tokenTypes) {
	if n.stated {
		types &= n.types
	}
	n.stated, n.types = true, types
}
