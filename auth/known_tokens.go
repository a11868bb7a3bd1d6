package auth

import (
	"crypto/rsa"
	"strings"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/auth/internal/tokencache"
)

// The size of the cache of verified tokens: without WithTokenCache, and at most.
const (
	defaultTokenCache = 16 << 20
	maxTokenCache     = 1 << 30
)

// knownTokens holds what never changes about tokens that were accepted, so that it need
// not be found out again: what they say, and which key signed them. Whether that key
// still counts, and whether the token is accepted now and here, is decided each time. A
// nil *knownTokens knows none.
type knownTokens struct {
	// header is that of the last accepted session token. All tokens of a category that
	// an instance issues have the same one.
	header atomic.Pointer[knownHeader]
	whole  *tokencache.Table[knownToken] // nil if switched off
}

type knownHeader struct {
	segment string
	header  *header
}

// knownToken never changes, and shares no memory with a request.
type knownToken struct {
	header *header
	claims *Claims
	key    *rsa.PublicKey // which verified the signature
	signed int
}

// recall sets the content of u if its token was accepted before.
func (k *knownTokens) recall(u *unverifiedToken) bool {
	if k == nil {
		return false
	}
	t, found := k.whole.Get(u.token)
	if !found {
		return false
	}
	u.header, u.knownHeader, u.signed, u.signer = *t.header, t.header, t.signed, t.key
	u.setClaims(t.claims)
	return true
}

// headerOf returns the header that segment encodes, or nil if it is not the known one.
func (k *knownTokens) headerOf(segment string) *header {
	if k == nil {
		return nil
	}
	if last := k.header.Load(); last != nil && last.segment == segment {
		return last.header
	}
	return nil
}

func (k *knownTokens) generation() uint64 {
	if k == nil {
		return 0
	}
	return k.whole.Generation()
}

// keepHeader keeps the header of u, whose signature must have been verified, so that
// strangers cannot replace it with headers of their own.
func (k *knownTokens) keepHeader(u *unverifiedToken) {
	if k == nil || u.knownHeader != nil {
		return
	}
	segment, _, _ := strings.Cut(u.token, ".")
	h := u.header
	k.header.Store(&knownHeader{segment: strings.Clone(segment), header: &h})
}

// keep keeps u, which was accepted at the time now and will not be from expires on.
// Padding after the signature is not signed: with it, whoever has one token could make
// thousands that say the same.
func (k *knownTokens) keep(u *unverifiedToken, signer *rsa.PublicKey, now, expires time.Time) {
	if k == nil || k.whole == nil || strings.HasSuffix(u.token, "=") {
		return
	}
	h := u.knownHeader
	if h == nil {
		own := u.header
		h = &own
	}
	k.whole.Put(u.token, tokencache.Item[knownToken]{
		Value: knownToken{header: h, claims: u.claims, key: signer, signed: u.signed},
		Size:  u.claims.heapSize() + tokencache.HeapSize(int(unsafe.Sizeof(*h))) + tokencache.HeapSize(strings.IndexByte(u.token, '.')),
		Now:   now.UnixMilli(), Expires: expires.UnixMilli(),
		Generation: u.generation,
	})
}

// forgetOthers forgets the tokens that none of these keys signed.
func (k *knownTokens) forgetOthers(keys map[string]keyset.Key) {
	k.whole.DeleteFunc(func(t knownToken) bool { return keys[t.header.kid].Public != t.key })
}

// heapSize returns a number of bytes that c does not exceed in the heap.
func (c *Claims) heapSize() int {
	size := tokencache.HeapSize(len(c.payload))
	if strings.Contains(c.payload, `\`) {
		size *= 3 // Texts with escapes are copies.
	}
	return size + tokencache.HeapSize(int(unsafe.Sizeof(*c)))
}
