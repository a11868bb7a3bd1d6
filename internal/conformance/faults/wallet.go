package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

// wallet holds the tokens that are sent.
type wallet struct {
	emulator *emulator
	foreign  *signer
	made     int

	mu     sync.RWMutex
	tokens map[string][]*token
}

// room is how many tokens of a kind are kept, the newest.
const room = 12

// The lives of tokens, by the fast clock.
const (
	shortLife = time.Minute
	longLife  = 3 * 24 * time.Hour
)

func (w *wallet) pick(kinds []string, dice *rand.Rand) *token {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for {
		if some := w.tokens[kinds[dice.IntN(len(kinds))]]; len(some) > 0 {
			return some[dice.IntN(len(some))]
		}
	}
}

func (w *wallet) add(t *token) {
	w.mu.Lock()
	defer w.mu.Unlock()
	some := append(w.tokens[t.kind], t)
	w.tokens[t.kind] = slices.Clone(some[max(0, len(some)-room):])
}

const (
	sessionPath = "/api/auth"
	machinePath = "/"
)

// jwt adds a token that a key signs.
func (w *wallet) jwt(kind string, by *signer, bad bool, life time.Duration, subject string, opts ...clerktest.TokenOption) *token {
	t := &token{kind: kind, path: sessionPath, subject: subject, kid: by.ID(), bad: bad, expires: w.emulator.clock.now().Add(life)}
	if kind == machineJWT || kind == oauthJWT || kind == forgedJWT {
		t.path = machinePath
	}
	t.text = by.Token(append(opts, clerktest.WithLifetime(life))...)
	w.add(t)
	return t
}

// refill makes fresh tokens of every kind, and revokes some.
func (w *wallet) refill() {
	by := w.emulator.current()
	w.made++
	good := w.jwt(goodSession, by, false, shortLife, by.user)
	w.jwt(goodSession, by, false, shortLife, by.user)
	w.jwt(machineJWT, by, false, shortLife, "mch_1", clerktest.ForMachine("mch_1"))
	w.jwt(oauthJWT, by, false, shortLife, by.user, clerktest.ForOAuthClient("client_1"))
	altered := &token{kind: alteredSession, path: sessionPath, kid: good.kid, bad: true, text: alter(good.text)}
	w.add(altered)
	// The emulated Clerk looks for opaque tokens one by one, so there are not many.
	if w.made%5 == 1 {
		w.jwt(expiredSession, by, true, shortLife, by.user, clerktest.Expired())
		w.jwt(forgedSession, by, true, shortLife, by.user, clerktest.SignedByStranger())
		w.jwt(forgedJWT, by, true, shortLife, "mch_1", clerktest.ForMachine("mch_1"), clerktest.SignedByStranger())
		w.jwt(foreignSession, w.foreign, true, shortLife, w.foreign.user)
		w.refillOpaque()
	}
}

// alter changes the signature of a token.
func alter(jwt string) string {
	n := strings.LastIndexByte(jwt, '.') + 20
	letter := "A"
	if jwt[n] == 'A' {
		letter = "B"
	}
	return jwt[:n] + letter + jwt[n+1:]
}

func (w *wallet) opaque(kind, subject string, bad bool, expires time.Time, opts ...clerktest.TokenOption) *token {
	t := &token{kind: kind, path: machinePath, subject: subject, opaque: true, bad: bad, expires: expires, revoked: new(revocation)}
	t.text = w.emulator.Token(opts...)
	w.add(t)
	return t
}

const machineLife = time.Hour // of an M2M or OAuth token

func (w *wallet) refillOpaque() {
	never, hour := time.Time{}, w.emulator.clock.now().Add(machineLife)
	user := w.emulator.Seed().Users[0].ID
	w.opaque(goodAPIKey, user, false, never, clerktest.ForAPIKey(user))
	w.opaque(forgedAPIKey, "", true, never, clerktest.ForAPIKey(user), clerktest.SignedByStranger())
	w.opaque(goodM2M, "mch_1", false, hour, clerktest.ForMachine("mch_1"), clerktest.Opaque(), clerktest.WithLifetime(machineLife))
	w.opaque(goodOAuth, user, false, hour, clerktest.ForOAuthClient("client_1"), clerktest.Opaque(), clerktest.WithLifetime(machineLife))
	w.opaque(revokedOAuth, user, true, never, clerktest.ForOAuthClient("client_1"), clerktest.Opaque(), clerktest.Revoked())
	w.opaque(expiredOAuth, user, true, never, clerktest.ForOAuthClient("client_1"), clerktest.Opaque(), clerktest.Expired())
	w.revoke(goodAPIKey, revokedAPIKey)
	w.revoke(goodM2M, revokedM2M)
}

// revoke revokes the oldest of the good tokens, while it is sent, when there are enough.
func (w *wallet) revoke(good, revoked string) {
	w.mu.RLock()
	some := w.tokens[good]
	w.mu.RUnlock()
	if len(some) < 3 {
		return
	}
	t := some[0]
	began := w.emulator.clock.now()
	t.revoked.began.Store(&began)
	w.emulator.revoke(t.text)
	ended := w.emulator.clock.now()
	t.revoked.ended.Store(&ended)
	w.mu.Lock()
	w.tokens[good] = slices.Clone(some[1:])
	w.mu.Unlock()
	gone := *t
	gone.kind = revoked
	w.add(&gone)
}

// revoke revokes an opaque token, and panics if there is none.
func (e *emulator) revoke(secret string) {
	ctx, content := context.Background(), e.Seed()
	for _, k := range content.APIKeys {
		if k.Secret == secret {
			must(e.Handlers().RevokeAPIKey(ctx, k.ID, machines.RevokeAPIKeyParams{}))
			return
		}
	}
	for _, t := range content.M2MTokens {
		if t.Token == secret {
			must(e.Handlers().RevokeM2MToken(ctx, t.ID, machines.RevokeM2MTokenParams{}))
			return
		}
	}
	panic("the emulated Clerk has no such token")
}

func must[T any](_ T, err error) {
	if err != nil {
		panic(err)
	}
}

// rotate makes the tokens of a new key that outlive it.
func (w *wallet) rotate(by *signer) {
	for range 3 {
		w.jwt(longSession, by, false, longLife, by.user)
	}
}

// withdrew keeps the tokens of a key that was withdrawn.
func (w *wallet) withdrew(kid string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	stay := make([]*token, 0, room)
	gone := w.tokens[withdrawnSession]
	for _, t := range w.tokens[longSession] {
		if t.kid != kid {
			stay = append(stay, t)
			continue
		}
		gone = append(gone, &token{kind: withdrawnSession, path: t.path, text: t.text, subject: t.subject, kid: kid, expires: t.expires})
	}
	w.tokens[longSession] = stay
	w.tokens[withdrawnSession] = slices.Clone(gone[max(0, len(gone)-room):])
}
