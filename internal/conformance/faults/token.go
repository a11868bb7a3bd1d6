package main

import (
	"sync/atomic"
	"time"
)

// token is a credential, and what is true about it.
type token struct {
	kind    string
	text    string
	path    string
	subject string
	kid     string    // of a JWT
	bad     bool      // at all times
	expires time.Time // zero if never
	opaque  bool
	revoked *revocation // of an opaque token
}

// revocation is when a token was revoked: at a moment between two.
type revocation struct{ began, ended atomic.Pointer[time.Time] }

func (r *revocation) before() time.Time { return orZero(r.began.Load()) }
func (r *revocation) after() time.Time  { return orZero(r.ended.Load()) }

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// The kinds of tokens, in the order of the report.
const (
	goodSession      = "session"
	longSession      = "session, of days"
	withdrawnSession = "session, key withdrawn"
	expiredSession   = "session, expired"
	forgedSession    = "session, forged"
	alteredSession   = "session, altered"
	foreignSession   = "session, foreign"
	machineJWT       = "M2M JWT"
	oauthJWT         = "OAuth JWT"
	forgedJWT        = "machine JWT, forged"
	goodAPIKey       = "API key"
	revokedAPIKey    = "API key, revoked"
	forgedAPIKey     = "API key, made up"
	goodM2M          = "M2M token"
	revokedM2M       = "M2M token, revoked"
	goodOAuth        = "OAuth token"
	revokedOAuth     = "OAuth token, revoked"
	expiredOAuth     = "OAuth token, expired"
)

var (
	localKinds = []string{
		goodSession, longSession, withdrawnSession, expiredSession, forgedSession, alteredSession, foreignSession,
		machineJWT, oauthJWT, forgedJWT,
	}
	remoteKinds = []string{
		goodAPIKey, revokedAPIKey, forgedAPIKey, goodM2M, revokedM2M, goodOAuth, revokedOAuth, expiredOAuth,
	}
)
