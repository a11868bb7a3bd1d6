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
