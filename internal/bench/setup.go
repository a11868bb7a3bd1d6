package main

import (
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

// A setup is one instance with its keys on a server of its own, and both SDKs
// in front of it with the keys already fetched.
type setup struct {
	server *httptest.Server
	issuer *issuer
	tokens []*signed
	next   atomic.Uint64
	authn  *auth.Authenticator
	ours   http.Handler
	peers  http.Handler
}

// distinct is how many tokens go round, each verified anew every time.
const distinct = 2048

func newSetup() (*setup, error) {
	iss, err := newIssuer()
	if err != nil {
		return nil, err
	}
	s := &setup{issuer: iss}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(iss.keySet())
	}))
	for i := range distinct {
		token, err := iss.token(i)
		if err != nil {
			return nil, err
		}
		s.tokens = append(s.tokens, token)
	}
	if err := s.wire(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *setup) wire() error {
	client, err := clerk.New("sk_test_bench", clerk.WithBaseURL(s.server.URL))
	if err != nil {
		return err
	}
	s.authn, err = auth.New(client, auth.WithoutCookies(), auth.WithAuthorizedParties(party))
	if err != nil {
		return err
	}
	s.ours = s.authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a := auth.FromContext(r.Context()); !a.IsAuthenticated() || a.UserID != subject {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	keys := peerjwks.NewClient(&peer.ClientConfig{BackendConfig: peer.BackendConfig{
		URL: peer.String(s.server.URL + "/v1"), Key: peer.String("sk_test_bench"),
	}})
	s.peers = peerhttp.WithHeaderAuthorization(peerhttp.JWKSClient(keys), peerhttp.AuthorizedPartyMatches(party))(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, ok := peer.SessionClaimsFromContext(r.Context()); !ok || c.Subject != subject {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
	return s.provenFair()
}

// provenFair checks that every case does its work: the good token is let in and
// one with a broken signature is not.
func (s *setup) provenFair() error {
	good := s.tokens[0]
	bad, err := newSigned(string(good.input), make([]byte, len(good.signature)))
	if err != nil {
		return err
	}
	for name, handler := range map[string]http.Handler{"this middleware": s.ours, "the published middleware": s.peers} {
		if status := good.serve(handler); status != http.StatusOK {
			return fmt.Errorf("%s refuses a good token with %d", name, status)
		}
		if status := bad.serve(handler); status == http.StatusOK {
			return fmt.Errorf("%s lets a bad signature in", name)
		}
	}
	return nil
}

func (s *setup) close() { s.server.Close() }

// token returns the next token of the round.
func (s *setup) token() *signed { return s.tokens[s.next.Add(1)%distinct] }

func (s *setup) pairs() []pair {
	floor := work{"SHA-256 + rsa.VerifyPKCS1v15", s.floor}
	verify := work{"auth.VerifyToken, new token", s.verify}
	ours := work{"auth.Middleware, new token", func() { s.request(s.ours) }}
	peers := work{"clerk-sdk-go middleware", func() { s.request(s.peers) }}
	return []pair{
		{candidate: work{"the floor itself (should be 1)", s.floor}, reference: floor},
		{candidate: verify, reference: floor, goal: 1.15},
		{candidate: ours, reference: floor},
		{candidate: ours, reference: peers, goal: 0.30},
	}
}

func (s *setup) floor() {
	t := s.token()
	sum := sha256.Sum256(t.input)
	must(rsa.VerifyPKCS1v15(&s.issuer.key.PublicKey, crypto.SHA256, sum[:], t.signature))
}

func (s *setup) verify() {
	_, err := s.authn.VerifyToken(background, s.token().token)
	must(err)
}

func (s *setup) request(handler http.Handler) {
	if status := s.token().serve(handler); status != http.StatusOK {
		must(errors.New("a good token was refused"))
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
