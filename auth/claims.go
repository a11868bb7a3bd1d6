package auth

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/jsonfold"
	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// Claims are the claims of a verified token. They never change: every accessor returns
// a copy, and all methods are safe for concurrent use.
type Claims struct {
	payload string

	issuer, audience               strictjson.Value
	subject, sessionID, id         string
	authorizedParty                string
	status                         strictjson.Value
	expiresAt, issuedAt, notBefore numericDate
	factorAges, actor              strictjson.Value
	features, plans                string
	version                        int
	organization                   organization
}

// numericDate is a time claim in whole seconds since 1970, truncated toward zero.
type numericDate struct {
	seconds int64
	state   dateState
}

type dateState uint8

const (
	dateAbsent dateState = iota
	dateValid
	dateInvalid // not a finite number
)

// farthest limits times so that they can be counted in milliseconds.
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

// within reports whether the date is valid and at most span away from now, in either
// direction.
func (d numericDate) within(span time.Duration, now time.Time) bool {
	away := d.millis() - now.UnixMilli()
	return d.state == dateValid && max(away, -away) <= span.Milliseconds()
}

// decodeClaims reads a payload. Claims of a wrong type are left out here, and refused
// where that matters when the token is verified.
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
		c.status = v
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

// Issuer returns the URL of the instance's frontend API, or "" if the token has none.
func (c *Claims) Issuer() string { return c.issuer.Str() }

// Subject returns the ID of the user, or of the machine for a machine token.
func (c *Claims) Subject() string { return c.subject }

// SessionID returns the ID of the session, or "" for a token without one.
func (c *Claims) SessionID() string { return c.sessionID }

// ID returns the ID of the token itself, or "" without one.
func (c *Claims) ID() string { return c.id }

// ExpiresAt returns when the token expires, to the second.
func (c *Claims) ExpiresAt() time.Time { return c.expiresAt.time() }

// IssuedAt returns when the token was issued, or the zero time if it does not say.
func (c *Claims) IssuedAt() time.Time { return c.issuedAt.time() }

// NotBefore returns when the token becomes valid, or the zero time if it does not say.
func (c *Claims) NotBefore() time.Time { return c.notBefore.time() }

// AuthorizedParty returns the origin that the token was made for, or "" if the token
// does not say, as for tokens created through the Backend API.
func (c *Claims) AuthorizedParty() string { return c.authorizedParty }

// Audience returns whom the token is meant for, or nil if it does not say.
func (c *Claims) Audience() []string {
	list, _ := c.audiences()
	return list
}

// audiences returns the audiences that are not empty, and whether the claim has a form
// that can name any.
func (c *Claims) audiences() ([]string, bool) { return audiences(c.audience) }

func audiences(aud strictjson.Value) ([]string, bool) {
	switch aud.Kind {
	case '"':
		if aud.Text == "" {
			return nil, false
		}
		return []string{aud.Text}, true
	case '[':
		return strictjson.Strings(aud.Text)
	default:
		return nil, false
	}
}

// Version returns the version of the session token's claims, 1 or 2.
func (c *Claims) Version() int { return c.version }

// Status returns "active", "pending" while the user has a task to complete before the
// session counts, or "" if the token does not say.
func (c *Claims) Status() string { return c.status.Str() }

// FactorVerificationAge returns the minutes between the user's last verification of the
// first and second factor and the creation of the token; -1 means that the factor was
// never verified or does not exist. ok is false if the claim is missing or malformed.
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

// Actor acts on behalf of the user in an impersonated session.
type Actor struct {
	Issuer    string
	Subject   string // the id of the impersonator
	SessionID string
	Type      string // such as "agent", or "" if the token does not say
}

// Actor returns who impersonates the user, or nil in a session of the user's own. An
// actor that the token does not describe is empty, not nil.
func (c *Claims) Actor() *Actor { return newActor(c.actor) }

func newActor(act strictjson.Value) *Actor {
	if !act.Truthy() {
		return nil
	}
	a := new(Actor)
	if act.Kind != '{' {
		return a
	}
	strictjson.Object(act.Text, func(name string, v strictjson.Value) {
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

// Raw returns a copy of the payload as it was signed.
func (c *Claims) Raw() json.RawMessage { return json.RawMessage(c.payload) }

// Decode decodes the claims into v, a pointer, by the rules of encoding/json, whose
// error it wraps. Two names of one object that differ only in case are an error where
// that object is decoded into a struct, because encoding/json would take one for the
// other. Use Decode to read custom claims.
func (c *Claims) Decode(v any) error {
	err := jsonfold.Check(c.payload, v)
	if err == nil {
		err = json.Unmarshal([]byte(c.payload), v)
	}
	if err != nil {
		return fmt.Errorf("auth: decoding claims into %T: %w", v, err)
	}
	return nil
}

// The sts claim of a session token, which may also be absent for an active session.
const (
	sessionActive  = "active"
	sessionPending = "pending"
)
