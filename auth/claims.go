package auth

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// Claims are what a verified token says. They never change: every accessor gives a copy,
// and the methods may be called from many goroutines.
type Claims struct {
	payload string

	issuer, audience               strictjson.Value
	subject, sessionID, id, status string
	authorizedParty                string
	expiresAt, issuedAt, notBefore numericDate
	factorAges, actor              strictjson.Value
	features, plans                string
	version                        int
	organization                   organization
}

// numericDate is a time claim in whole seconds since 1970, cut toward zero.
type numericDate struct {
	seconds int64
	state   dateState
}

type dateState uint8

const (
	dateAbsent dateState = iota
	dateValid
	dateInvalid // no number, or one that is not finite
)

// farthest bounds times so that they can be counted in milliseconds.
const farthest = int64(1e15)

func newNumericDate(v strictjson.Value) numericDate {
	f, ok := v.Number()
	if !ok {
		return numericDate{state: dateInvalid}
	}
	if math.Abs(f) > float64(farthest) {
		f = math.Copysign(float64(farthest), f)
	}
	return numericDate{seconds: int64(f), state: dateValid}
}

func (d numericDate) millis() int64 { return d.seconds * 1000 }

func (d numericDate) time() time.Time {
	if d.state != dateValid {
		return time.Time{}
	}
	return time.Unix(d.seconds, 0)
}

// within reports whether the date is known and at most span away from now, either way.
func (d numericDate) within(span time.Duration, now time.Time) bool {
	away := d.millis() - now.UnixMilli()
	return d.state == dateValid && max(away, -away) <= span.Milliseconds()
}

// decodeClaims reads a payload. Claims of a wrong type are left out here and refused,
// where that matters, when the token is verified.
func decodeClaims(payload string) (*Claims, bool) {
	c := &Claims{payload: payload, version: 1}
	var v1, v2 organizationClaims
	ok := strictjson.Object(payload, func(name string, v strictjson.Value) {
		switch name {
		case "v":
			if f, ok := v.Number(); ok && f == 2 {
				c.version = 2
			}
		case "o":
			v2.whole = v
		case "org_id":
			v1.id = v
		case "org_slug":
			v1.slug = v
		case "org_role":
			v1.role = v
		case "org_permissions":
			v1.permissions = v
		default:
			c.setClaim(name, v)
		}
	})
	if c.version == 2 {
		c.organization = v2.compact()
	} else {
		c.organization = v1.plain()
	}
	return c, ok
}

// setClaim reads a claim that means the same in both versions.
func (c *Claims) setClaim(name string, v strictjson.Value) {
	switch name {
	case "iss":
		c.issuer = v
	case "sub":
		c.subject = v.Str()
	case "aud":
		c.audience = v
	case "azp":
		c.authorizedParty = v.Str()
	case "exp":
		c.expiresAt = newNumericDate(v)
	case "iat":
		c.issuedAt = newNumericDate(v)
	case "nbf":
		c.notBefore = newNumericDate(v)
	case "sid":
		c.sessionID = v.Str()
	case "jti":
		c.id = v.Str()
	case "sts":
		c.status = v.Str()
	case "fva":
		c.factorAges = v
	case "act":
		c.actor = v
	case "fea":
		c.features = v.Str()
	case "pla":
		c.plans = v.Str()
	}
}

// Issuer is the URL of the instance's frontend API, and "" when the token does not say.
func (c *Claims) Issuer() string { return c.issuer.Str() }

// Subject is the id of the user, or of the machine for a machine's token.
func (c *Claims) Subject() string { return c.subject }

// SessionID is the id of the session, and "" for a token that belongs to none.
func (c *Claims) SessionID() string { return c.sessionID }

// ID is the id of the token itself, and "" where it has none.
func (c *Claims) ID() string { return c.id }

// ExpiresAt is when the token stops being valid, to the second.
func (c *Claims) ExpiresAt() time.Time { return c.expiresAt.time() }

// IssuedAt is when the token was made, or the zero time when it does not say.
func (c *Claims) IssuedAt() time.Time { return c.issuedAt.time() }

// NotBefore is when the token begins to be valid, or the zero time when it does not say.
func (c *Claims) NotBefore() time.Time { return c.notBefore.time() }

// AuthorizedParty is the origin for which the token was made, and "" when the token does
// not say, as is so for tokens made through the Backend API.
func (c *Claims) AuthorizedParty() string { return c.authorizedParty }

// Audience is whom the token is meant for; nil when the token does not say.
func (c *Claims) Audience() []string {
	list, _ := c.audiences()
	return list
}

// audiences gives the audiences that are not empty, and whether the claim has a form
// that names any.
func (c *Claims) audiences() ([]string, bool) {
	switch c.audience.Kind {
	case '"':
		if c.audience.Text == "" {
			return nil, false
		}
		return []string{c.audience.Text}, true
	case '[':
		return strictjson.Strings(c.audience.Text)
	default:
		return nil, false
	}
}

// Version is the version of the session token's claims, 1 or 2.
func (c *Claims) Version() int { return c.version }

// Status is "active", "pending" while the user has a task left to do before the session
// counts, or "" for a token that does not say.
func (c *Claims) Status() string { return c.status }

// FactorVerificationAge gives the minutes since the user proved the first and the second
// factor when the token was made; -1 stands for a factor that was never proved or does
// not exist. ok is false when the token does not say, or says it in a form that cannot be
// relied on.
func (c *Claims) FactorVerificationAge() (minutes [2]float64, ok bool) {
	if c.factorAges.Kind != '[' {
		return minutes, false
	}
	n, valid := 0, true
	complete := strictjson.List(c.factorAges.Text, func(v strictjson.Value) {
		f, isNumber := v.Number()
		if n > 1 || !isNumber || (f < 0 && f != -1) {
			valid = false
			return
		}
		minutes[n] = f
		n++
	})
	if !complete || !valid || n != 2 {
		return [2]float64{}, false
	}
	return minutes, true
}

// Actor is who acts in the user's name in an impersonated session.
type Actor struct {
	Issuer    string
	Subject   string // the id of the impersonator
	SessionID string
	Type      string // "agent", for one, or "" when the token does not say
}

// Actor gives who impersonates the user, and nil in a session that is the user's own. An
// actor that the token does not describe is empty, not nil.
func (c *Claims) Actor() *Actor {
	if !c.actor.Truthy() {
		return nil
	}
	a := new(Actor)
	if c.actor.Kind != '{' {
		return a
	}
	strictjson.Object(c.actor.Text, func(name string, v strictjson.Value) {
		switch name {
		case "iss":
			a.Issuer = v.Str()
		case "sub":
			a.Subject = v.Str()
		case "sid":
			a.SessionID = v.Str()
		case "type":
			a.Type = v.Str()
		}
	})
	return a
}

// Raw is the payload as it was signed, in a copy for the caller.
func (c *Claims) Raw() json.RawMessage { return json.RawMessage(c.payload) }

// Decode reads the claims into v, a pointer to a type of the caller's, by the rules of
// encoding/json, whose error it wraps. It is how custom claims are had.
func (c *Claims) Decode(v any) error {
	if err := json.Unmarshal([]byte(c.payload), v); err != nil {
		return fmt.Errorf("auth: decoding claims into %T: %w", v, err)
	}
	return nil
}

// sessionPending is the sts claim of a pending session.
const sessionPending = "pending"
