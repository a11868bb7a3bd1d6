package clerktest

import "time"

// TokenOption configures a token of [Instance.Token].
type TokenOption func(*tokenRequest)

// tokenRequest collects the options of a token.
type tokenRequest struct {
	userID, sessionID          string
	template                   string
	machineID, clientID        string
	version1, pending          bool
	authorizedParty, actor     string
	organization               *Organization
	factorAges                 []int
	lifetime                   time.Duration
	expired, notYet            bool
	byStranger                 bool
	keyOf                      string // the subject of an API key
	opaque, revoked            bool
	scopes                     []string
	claims, header             map[string]any
	absentClaims, absentHeader []string
}

// ForUser makes the token one of a user of the instance. It uses the user's newest
// active session, or begins one.
func ForUser(userID string) TokenOption { return func(t *tokenRequest) { t.userID = userID } }

// ForSession makes the token one of a session of the instance, whatever its status.
func ForSession(sessionID string) TokenOption {
	return func(t *tokenRequest) { t.sessionID = sessionID }
}

// FromTemplate makes the token from a JWT template of the instance, by name.
func FromTemplate(name string) TokenOption { return func(t *tokenRequest) { t.template = name } }

// ForMachine makes a machine-to-machine token with the machine as its subject, such as
// "mch_…": a JWT, unless [Opaque] is used too.
func ForMachine(machineID string) TokenOption {
	return func(t *tokenRequest) { t.machineID = machineID }
}

// ForOAuthClient makes an OAuth access token that the user granted to the client: a
// JWT, unless [Opaque] is used too.
func ForOAuthClient(clientID string) TokenOption {
	return func(t *tokenRequest) { t.clientID = clientID }
}

// Version1 makes a session token of version 1, which has no v claim.
func Version1() TokenOption { return func(t *tokenRequest) { t.version1 = true } }

// Pending makes a session token whose user still has a task to complete.
func Pending() TokenOption { return func(t *tokenRequest) { t.pending = true } }

// Expired makes a token that expired an hour ago.
func Expired() TokenOption { return func(t *tokenRequest) { t.expired = true } }

// NotYetActive makes a token that becomes valid in an hour.
func NotYetActive() TokenOption { return func(t *tokenRequest) { t.notYet = true } }

// WithLifetime makes a token that expires d after it was issued, in whole seconds.
func WithLifetime(d time.Duration) TokenOption { return func(t *tokenRequest) { t.lifetime = d } }

// WithAuthorizedParty sets the azp claim: the origin of the page that the
// token was made for.
func WithAuthorizedParty(origin string) TokenOption {
	return func(t *tokenRequest) { t.authorizedParty = origin }
}

// WithOrganization makes a session token with this organization active.
func WithOrganization(o Organization) TokenOption {
	return func(t *tokenRequest) { t.organization = &o }
}

// WithActor makes a session token with which userID acts as the user.
func WithActor(userID string) TokenOption { return func(t *tokenRequest) { t.actor = userID } }

// WithFactorAges sets the fva claim: how many minutes ago each factor was
// verified, -1 for a factor that the user does not have.
func WithFactorAges(first, second int) TokenOption {
	return func(t *tokenRequest) { t.factorAges = []int{first, second} }
}

// WithClaim sets any claim, even one that the token's kind sets itself.
func WithClaim(name string, value any) TokenOption {
	return func(t *tokenRequest) { t.claims[name] = value }
}

// WithoutClaim leaves a claim out.
func WithoutClaim(name string) TokenOption {
	return func(t *tokenRequest) { t.absentClaims = append(t.absentClaims, name) }
}

// WithHeader sets any header parameter, such as "cat" or "kid". The token is signed as
// before, so an alg set here is wrong.
func WithHeader(name string, value any) TokenOption {
	return func(t *tokenRequest) { t.header[name] = value }
}

// WithoutHeader leaves a header parameter out.
func WithoutHeader(name string) TokenOption {
	return func(t *tokenRequest) { t.absentHeader = append(t.absentHeader, name) }
}

// SignedByStranger signs the token with a key that is not the instance's but
// names the instance's key.
func SignedByStranger() TokenOption { return func(t *tokenRequest) { t.byStranger = true } }

// Opaque makes a token without readable content that the instance stores, so that it
// can be verified and revoked: mt_… with [ForMachine], oat_… with [ForOAuthClient].
func Opaque() TokenOption { return func(t *tokenRequest) { t.opaque = true } }

// ForAPIKey makes an API key (ak_…) that acts for the subject, a user, an organization
// or a machine, and stores it. The claims of [WithClaim] are attached to it, as to an
// opaque M2M token.
func ForAPIKey(subject string) TokenOption { return func(t *tokenRequest) { t.keyOf = subject } }

// WithScopes sets what an API key or an OAuth token may be used for, and which machines
// an M2M token is for. By default a machine of the instance has those that it may call.
func WithScopes(scopes ...string) TokenOption {
	return func(t *tokenRequest) { t.scopes = append([]string{}, scopes...) }
}

// Revoked makes an opaque token or an API key that was revoked.
func Revoked() TokenOption { return func(t *tokenRequest) { t.revoked = true } }
