package clerktest

import "time"

// TokenOption configures a token that [Instance.Token] returns.
type TokenOption func(*tokenRequest)

// tokenRequest collects the options of a token.
type tokenRequest struct {
	userID, sessionID          string
	template                   string
	machineID, clientID        string
	version1, pending          bool
	authorizedParty, actor     string
	organization               *Organization
	inOrganization             string
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

// ForUser selects the user of the token. The token belongs to the user's newest
// active session, which is created if the user has none.
func ForUser(userID string) TokenOption { return func(t *tokenRequest) { t.userID = userID } }

// ForSession selects the session of the token, whatever the status of the session.
func ForSession(sessionID string) TokenOption {
	return func(t *tokenRequest) { t.sessionID = sessionID }
}

// FromTemplate makes a token from the JWT template with this name.
func FromTemplate(name string) TokenOption { return func(t *tokenRequest) { t.template = name } }

// ForMachine makes a machine-to-machine token whose subject is the machine, such as
// "mch_…". The token is a JWT unless [Opaque] is given, too.
func ForMachine(machineID string) TokenOption {
	return func(t *tokenRequest) { t.machineID = machineID }
}

// ForOAuthClient makes an OAuth access token that the client holds for the user. The
// token is a JWT unless [Opaque] is given, too.
func ForOAuthClient(clientID string) TokenOption {
	return func(t *tokenRequest) { t.clientID = clientID }
}

// Version1 makes a version 1 session token, which has no v claim.
func Version1() TokenOption { return func(t *tokenRequest) { t.version1 = true } }

// Pending makes a session token with the status pending, as for a user who has yet to
// complete a task.
func Pending() TokenOption { return func(t *tokenRequest) { t.pending = true } }

// Expired makes a token that expired an hour ago.
func Expired() TokenOption { return func(t *tokenRequest) { t.expired = true } }

// NotYetActive makes a token that is issued an hour in the future.
func NotYetActive() TokenOption { return func(t *tokenRequest) { t.notYet = true } }

// WithLifetime sets the time between the issue and the expiry of the token, in whole
// seconds.
func WithLifetime(d time.Duration) TokenOption { return func(t *tokenRequest) { t.lifetime = d } }

// WithAuthorizedParty sets the azp claim, the origin of the page that the token is
// for.
func WithAuthorizedParty(origin string) TokenOption {
	return func(t *tokenRequest) { t.authorizedParty = origin }
}

// InOrganization makes the organization with this ID or slug the active one of the session,
// as the user does who selects it. The token has the role and the permissions that the user
// has there. The test fails if the user is not a member.
func InOrganization(organization string) TokenOption {
	return func(t *tokenRequest) { t.inOrganization = organization }
}

// WithOrganization sets the active organization of a session token to one that the
// instance need not have. The session does not change.
func WithOrganization(o Organization) TokenOption {
	return func(t *tokenRequest) { t.organization = &o }
}

// WithActor makes a session token with which the user userID impersonates the user of
// the session.
func WithActor(userID string) TokenOption { return func(t *tokenRequest) { t.actor = userID } }

// WithFactorAges sets the fva claim: how many minutes ago each factor was
// verified, -1 for a factor that the user does not have.
func WithFactorAges(first, second int) TokenOption {
	return func(t *tokenRequest) { t.factorAges = []int{first, second} }
}

// WithClaim sets a claim and overrides the claim that the token would have.
func WithClaim(name string, value any) TokenOption {
	return func(t *tokenRequest) { t.claims[name] = value }
}

// WithoutClaim removes a claim.
func WithoutClaim(name string) TokenOption {
	return func(t *tokenRequest) { t.absentClaims = append(t.absentClaims, name) }
}

// WithHeader sets a header parameter, such as "cat" or "kid". An alg that is set here
// does not change the algorithm that signs the token.
func WithHeader(name string, value any) TokenOption {
	return func(t *tokenRequest) { t.header[name] = value }
}

// WithoutHeader removes a header parameter.
func WithoutHeader(name string) TokenOption {
	return func(t *tokenRequest) { t.absentHeader = append(t.absentHeader, name) }
}

// SignedByStranger signs the token with a key that is not the instance's, although its
// header names the instance's key.
func SignedByStranger() TokenOption { return func(t *tokenRequest) { t.byStranger = true } }

// Opaque makes a token that is not a JWT, mt_… with [ForMachine] and oat_… with
// [ForOAuthClient]. The instance stores the token, so that it can be verified and
// revoked.
func Opaque() TokenOption { return func(t *tokenRequest) { t.opaque = true } }

// ForAPIKey makes and stores an API key (ak_…) for the subject, which is a user, an
// organization or a machine. The claims that [WithClaim] sets become claims of the
// key, as they become claims of an opaque M2M token.
func ForAPIKey(subject string) TokenOption { return func(t *tokenRequest) { t.keyOf = subject } }

// WithScopes sets the scopes of an API key or an OAuth token, or the machines that an
// M2M token is for. By default an M2M token is for the machines that its subject may
// call.
func WithScopes(scopes ...string) TokenOption {
	return func(t *tokenRequest) { t.scopes = append([]string{}, scopes...) }
}

// Revoked makes an opaque token or an API key that is revoked.
func Revoked() TokenOption { return func(t *tokenRequest) { t.revoked = true } }
