package auth

import (
	"context"
	"crypto/rsa"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// maxTokenLife bounds how far ahead a token may expire: ten years, the longest lifetime
// that Clerk allows.
const maxTokenLife = 315_360_000 * time.Second

// verifier verifies tokens. Its fields are set before first use; after that it is safe
// for concurrent use.
type verifier struct {
	keys            keySource
	parties         []string // authorized parties; none allows all, unless allowParty decides
	allowParty      func(party string) bool
	audience        []string
	requireAudience bool
	issuer          string // "" allows all
	skew            time.Duration
	now             func() time.Time
	allowTemplates  bool
	masks           *maskWarning // nil: silent
	development     bool         // whether errors may show claims

	known *knownTokens
}

func newVerifier(keys keySource, now func() time.Time) *verifier {
	return &verifier{keys: keys, now: now, known: new(knownTokens)}
}

// source says how a session token came.
type source struct {
	cookie    bool // or the answer of Clerk that replaces a cookie
	partyless bool // whether it may name no authorized party
}

// session verifies a session token that came in the Authorization header or without a
// request. The error is a *TokenError, or matches [ErrKeysUnavailable], [ErrSecretKey] or
// the error of ctx.
func (v *verifier) session(ctx context.Context, token string) (*Claims, error) {
	u, err := parseToken(token, v.known)
	if err != nil {
		return nil, err
	}
	return v.parsedSession(ctx, &u, source{})
}

// cookieSession is session for a token of a cookie, where template tokens are refused
// whatever the options say.
func (v *verifier) cookieSession(ctx context.Context, token string, partyless bool) (*Claims, error) {
	u, err := parseToken(token, v.known)
	if err != nil {
		return nil, err
	}
	return v.parsedSession(ctx, &u, source{cookie: true, partyless: partyless})
}

// parsedSession verifies a session token that was parsed before.
func (v *verifier) parsedSession(ctx context.Context, u *unverifiedToken, from source) (*Claims, error) {
	templates := v.allowTemplates && !from.cookie
	if isMachineJWT(u) || nonSessionCategory(u.cat) && !(templates && u.cat == categoryTemplate) {
		return nil, refuseFor(ReasonTokenTypeMismatch, otherKind(u))
	}
	key, now, err := v.signature(ctx, u)
	if err != nil {
		return nil, err
	}
	if err := v.checkParties(u.claims, from.partyless); err != nil {
		return nil, refusedAs(u.claims, err)
	}
	if err := v.checkTimes(u.claims, now); err != nil {
		return nil, refusedAs(u.claims, err)
	}
	if err := checkSession(u.claims, from.cookie, templates); err != nil {
		return nil, refusedAs(u.claims, err)
	}
	v.masks.warn(ctx, u.claims)
	v.keep(u, key, now)
	return u.claims, nil
}

// checkSession refuses what is not known to be good about a session. It comes last, so
// that an expired token is first of all expired and can be refreshed.
func checkSession(c *Claims, cookie, templates bool) error {
	if cookie && c.issuedAt.state != dateValid {
		// Without it nothing says whether the session is older than the client's state.
		return refuseFor(ReasonTokenVerificationFailed, "iat is missing")
	}
	switch sts := c.status; {
	case sts.Text != "" && sts.Text != sessionActive && sts.Text != sessionPending: // also what is not a string
		return refuseFor(ReasonTokenVerificationFailed, "sts is neither active nor pending")
	case c.sessionID == "" && !templates:
		return refuseFor(ReasonTokenTypeMismatch, "it belongs to no session")
	default:
		return nil
	}
}

// handshakeDirectives verifies a handshake token and returns the cookies that it wants
// set, and when it was issued. It is signed like a session token but names no user. The
// session token among its cookies has its own times, which are checked.
func (v *verifier) handshakeDirectives(ctx context.Context, token string) (directives []string, issued numericDate, err error) {
	u, err := parseToken(token, v.known)
	if err != nil {
		return nil, numericDate{}, err
	}
	if isMachineJWT(&u) || nonSessionCategory(u.cat) {
		return nil, numericDate{}, refuseFor(ReasonTokenInvalid, "wrong token category")
	}
	if _, _, err := v.signature(ctx, &u); err != nil {
		return nil, numericDate{}, err
	}
	strictjson.Object(u.claims.payload, func(name string, list strictjson.Value) {
		if name != "handshake" || list.Kind != '[' {
			return
		}
		strictjson.List(list.Text, func(directive strictjson.Value) {
			if directive.Kind == '"' {
				directives = append(directives, directive.Text)
			}
		})
	})
	return directives, u.claims.issuedAt, nil
}

// signature checks the header, which costs nothing, before it looks for a key, and then
// the signature. It returns the key and the time.
func (v *verifier) signature(ctx context.Context, u *unverifiedToken) (*rsa.PublicKey, time.Time, error) {
	if u.typ != "" && u.typ != "JWT" {
		return nil, time.Time{}, refuseFor(ReasonTokenInvalid, "wrong token type")
	}
	key, now, err := v.signed(ctx, u)
	if err == nil {
		v.known.keepHeader(u)
	}
	return key, now, err
}

// signed is signature for a token whose type was checked.
func (v *verifier) signed(ctx context.Context, u *unverifiedToken) (*rsa.PublicKey, time.Time, error) {
	if u.alg != "RS256" && u.alg != "RS384" && u.alg != "RS512" {
		return nil, time.Time{}, refuse(ReasonTokenInvalidAlgorithm)
	}
	key, now, err := v.keys.key(ctx, u.kid)
	if err != nil {
		return nil, time.Time{}, err
	}
	if key.Algorithm != "" && key.Algorithm != u.alg {
		return nil, time.Time{}, refuseFor(ReasonTokenVerificationFailed, "the key is meant for another algorithm")
	}
	if !hasSigned(key.Public, u) {
		return nil, time.Time{}, refuse(ReasonTokenInvalidSignature)
	}
	if now.IsZero() {
		now = v.now()
	}
	return key.Public, now, nil
}

// keep remembers a token that key signed and that was accepted now, unless it is known.
func (v *verifier) keep(u *unverifiedToken, key *rsa.PublicKey, now time.Time) {
	if u.signer != key {
		v.known.keep(u, key, now, u.claims.expiresAt.time().Add(v.skew))
	}
}

// checkParties checks from whom and for whom the token is.
func (v *verifier) checkParties(c *Claims, partyless bool) error {
	if c.subject == "" {
		return refuseFor(ReasonTokenVerificationFailed, "sub is missing or not a string")
	}
	if err := v.checkAudience(c); err != nil {
		return err
	}
	if !v.authorizes(c.authorizedParty, partyless) {
		allowed := v.parties
		if v.allowParty != nil {
			allowed = append(slices.Clone(allowed), "those of WithAuthorizedPartyFunc")
		}
		return v.refuseMismatch(ReasonTokenInvalidAuthorizedParties, "azp", nonEmpty(c.authorizedParty), allowed)
	}
	if v.issuer != "" && c.Issuer() != v.issuer {
		return v.refuseMismatch(ReasonTokenInvalidIssuer, "iss", nonEmpty(c.Issuer()), []string{v.issuer})
	}
	return nil
}

// authorizes reports whether session tokens may be made for a party, which is "" if a
// token names none.
func (v *verifier) authorizes(party string, partyless bool) bool {
	switch {
	case len(v.parties) == 0 && v.allowParty == nil:
		return true
	case party == "":
		return partyless
	default:
		return slices.Contains(v.parties, party) || v.allowParty != nil && v.allowParty(party)
	}
}

// checkAudience lets a token without an audience pass unless one is required: session
// tokens have none by default.
func (v *verifier) checkAudience(c *Claims) error {
	audiences, named := c.audiences()
	configured := slices.ContainsFunc(v.audience, func(a string) bool { return a != "" })
	if !v.requireAudience && (!named || !configured) {
		return nil
	}
	if named && slices.ContainsFunc(audiences, func(a string) bool { return slices.Contains(v.audience, a) }) {
		return nil
	}
	return v.refuseMismatch(ReasonTokenVerificationFailed, "aud", audiences, v.audience)
}

// refuseMismatch refuses a token that is meant for another service. The developer of a
// development instance reads for which one.
func (v *verifier) refuseMismatch(reason Reason, claim string, value, allowed []string) *TokenError {
	m := &mismatch{claim: claim, value: value, allowed: allowed}
	return &TokenError{Reason: reason, cause: errors.New(m.text(v.development)), mismatch: m}
}

func nonEmpty(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// checkTimes compares in milliseconds, the precision of clock and skew.
func (v *verifier) checkTimes(c *Claims, at time.Time) error {
	now, skew := at.UnixMilli(), v.skew.Milliseconds()
	if c.expiresAt.state != dateValid {
		return refuseFor(ReasonTokenVerificationFailed, "exp is missing or not a number")
	}
	if c.expiresAt.millis() > now+maxTokenLife.Milliseconds() {
		return refuseFor(ReasonTokenVerificationFailed, "exp is too far ahead")
	}
	if c.expiresAt.millis() <= now-skew {
		return refuseFor(ReasonTokenExpired, seconds(now-c.expiresAt.millis())+" ago")
	}
	if c.notBefore.state == dateInvalid {
		return refuseFor(ReasonTokenVerificationFailed, "nbf is not a number")
	}
	if c.notBefore.millis() > now+skew && c.notBefore.state == dateValid {
		return refuseFor(ReasonTokenNotActiveYet, seconds(c.notBefore.millis()-now)+" too early, so a clock may be wrong")
	}
	if c.issuedAt.state == dateInvalid {
		return refuseFor(ReasonTokenVerificationFailed, "iat is not a number")
	}
	if c.issuedAt.millis() > now+skew && c.issuedAt.state == dateValid {
		return refuseFor(ReasonTokenIATInTheFuture, seconds(c.issuedAt.millis()-now)+" ahead, so a clock may be wrong")
	}
	return nil
}

// seconds writes milliseconds as seconds for people.
func seconds(millis int64) string { return strconv.FormatInt(millis/1000, 10) + " s" }
