package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	peer "github.com/clerk/clerk-sdk-go/v2"
	peerhttp "github.com/clerk/clerk-sdk-go/v2/http"
	peerjwks "github.com/clerk/clerk-sdk-go/v2/jwks"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// A setup is an instance whose keys a server on loopback has, and both SDKs, which
// have fetched the keys already.
type setup struct {
	server *httptest.Server
	issuer *issuer
	tokens []*signed
	seen   []*signed // the first of them
	turn   atomic.Uint64

	uncached, small, large caching
	peers, oneValue        http.Handler
	services               []*service
}

// caching is an Authenticator with a cache of some size, and its middleware.
type caching struct {
	authn *auth.Authenticator
	// reading has a handler that asks who is calling, passing one that does not.
	reading, passing http.Handler
}

// distinct is the number of tokens, which take turns, and seen the number of those that
// were seen before: so few that they fit into the caches of a processor, where a token
// is that was read from a connection just now.
const (
	distinct = 2048
	seen     = 64
)

// smallCache holds a fifth of that, so that each token is displaced before its next turn.
const smallCache = 1 << 20

func newSetup(tokens int) (*setup, error) {
	iss := newIssuer()
	s := &setup{issuer: iss}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(iss.keySet())
	}))
	for i := range tokens {
		s.tokens = append(s.tokens, iss.token(i))
	}
	s.seen = s.tokens[:min(tokens, seen)]
	if err := s.wire(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// wire makes all middlewares.
func (s *setup) wire() error {
	client, err := clerk.New("sk_test_bench", clerk.WithBaseURL(s.server.URL))
	if err != nil {
		return err
	}
	for c, opts := range map[*caching][]auth.Option{
		&s.uncached: {auth.WithTokenCache(0)}, &s.small: {auth.WithTokenCache(smallCache)}, &s.large: nil,
	} {
		if *c, err = newCaching(client, opts...); err != nil {
			return err
		}
	}
	keys := peerjwks.NewClient(&peer.ClientConfig{BackendConfig: peer.BackendConfig{
		URL: new(s.server.URL + "/v1"), Key: new("sk_test_bench"),
	}})
	s.peers = peerhttp.WithHeaderAuthorization(peerhttp.JWKSClient(keys), peerhttp.AuthorizedPartyMatches(party))(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, ok := peer.SessionClaimsFromContext(r.Context()); !ok || c.Subject != subject {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
	s.oneValue = http.HandlerFunc(withOneValue)
	if err := s.check(); err != nil {
		return err
	}
	for _, t := range s.seen {
		if _, err := s.large.authn.VerifyToken(background, t.token); err != nil {
			return err
		}
	}
	for _, handler := range []http.Handler{bareService(), s.large.authn.Middleware(protectedService())} {
		started, err := startService(handler, s.tokens[0].token)
		if err != nil {
			return err
		}
		s.services = append(s.services, started)
	}
	return nil
}

func newCaching(client *clerk.Client, opts ...auth.Option) (c caching, err error) {
	c.authn, err = auth.New(client, append([]auth.Option{auth.WithoutCookies(), auth.WithAuthorizedParties(party)}, opts...)...)
	if err != nil {
		return c, err
	}
	c.reading = c.authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := auth.FromContext(r.Context()); !a.IsAuthenticated() || a.UserID != subject {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	c.passing = c.authn.Middleware(http.HandlerFunc(pass))
	return c, nil
}

func pass(http.ResponseWriter, *http.Request) {}

// valueKey is the key of a value in a context.
type valueKey struct{}

// withOneValue is the least that a middleware does which hands something on: it reads
// a header and puts a value into the context.
func withOneValue(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	pass(w, r.WithContext(context.WithValue(r.Context(), valueKey{}, valueKey{})))
}

// check checks that all middlewares do their work: they accept a valid token, also when
// they have seen it before, and refuse one with a wrong signature.
func (s *setup) check() error {
	good := s.tokens[0]
	bad := newSigned(string(good.input), make([]byte, len(good.signature)))
	for name, handler := range map[string]http.Handler{
		"the middleware without a cache": s.uncached.reading, "the middleware with a small cache": s.small.reading,
		"the middleware": s.large.reading, "the published middleware": s.peers,
	} {
		for range 2 {
			if status := good.serve(handler); status != http.StatusOK {
				return fmt.Errorf("%s refuses a valid token with %d", name, status)
			}
			if status := bad.serve(handler); status == http.StatusOK {
				return fmt.Errorf("%s accepts a wrong signature", name)
			}
		}
	}
	return nil
}

func (s *setup) close() {
	for _, started := range s.services {
		started.close()
	}
	s.server.Close()
}

// next returns the next of tokens.
func (s *setup) next(tokens []*signed) *signed { return tokens[s.turn.Add(1)%uint64(len(tokens))] }

// pairs returns the cases with their references. A case with new tokens has no cache or
// one that is too small for them.
func (s *setup) pairs() []pair {
	floor := work{"SHA-256 + rsa.VerifyPKCS1v15", s.floor}
	peers := work{"clerk-sdk-go middleware", s.requests(s.peers, s.tokens)}
	oneValue := work{"one value in the context", s.requests(s.oneValue, s.seen)}
	uncached := work{"auth.Middleware, new token, no cache", s.requests(s.uncached.reading, s.tokens)}
	return []pair{
		{candidate: work{"the floor itself (should be 1)", s.floor}, reference: floor},
		{candidate: work{"auth.VerifyToken, new token, no cache", s.verifications(s.uncached, s.tokens)}, reference: floor, goal: 1.08, allocations: 11},
		{candidate: work{"auth.VerifyToken, new token", s.verifications(s.small, s.tokens)}, reference: floor, goal: 1.12, allocations: 14},
		{candidate: work{"auth.VerifyToken, seen token", s.verifications(s.large, s.seen)}, reference: floor, goal: 0.008},
		{candidate: uncached, reference: floor},
		{candidate: uncached, reference: peers, goal: 0.27},
		{candidate: work{"auth.Middleware, new token", s.requests(s.small.reading, s.tokens)}, reference: peers, goal: 0.27},
		{candidate: work{"auth.Middleware, seen token", s.requests(s.large.reading, s.seen)}, reference: peers, goal: 0.005},
		{candidate: work{"auth.Middleware, seen token, not read", s.requests(s.large.passing, s.seen)}, reference: oneValue, goal: 3, allocations: 3},
	}
}

// servicePair compares the time of requests over loopback. A service that handles 0.85
// times as many requests a second needs 1/0.85 of the time.
func (s *setup) servicePair() pair {
	return pair{
		candidate: work{"service behind auth.Middleware, seen token", s.services[1].request},
		reference: work{"the same handler without auth", s.services[0].request},
		goal:      1 / 0.85,
	}
}

func (s *setup) floor() {
	t := s.next(s.tokens)
	sum := sha256.Sum256(t.input)
	must(rsa.VerifyPKCS1v15(&s.issuer.key.PublicKey, crypto.SHA256, sum[:], t.signature))
}

func (s *setup) verifications(c caching, tokens []*signed) func() {
	return func() {
		_, err := c.authn.VerifyToken(background, s.next(tokens).token)
		must(err)
	}
}

func (s *setup) requests(handler http.Handler, tokens []*signed) func() {
	return func() {
		if status := s.next(tokens).serve(handler); status != http.StatusOK {
			must(errors.New("a valid token was refused"))
		}
	}
}
