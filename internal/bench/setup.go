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

// A setup is an instance whose keys a server on loopback has, and both SDKs, which
// have fetched the keys already.
type setup struct {
	server *httptest.Server
	issuer *issuer
	tokens []*signed
	next   atomic.Uint64
	authn  *auth.Authenticator
	ours   http.Handler
	peers  http.Handler
}

// distinct is the number of tokens, which take turns. Each is verified every time.
const distinct = 2048

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
	if err := s.wire(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// wire makes both middlewares.
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
		URL: new(s.server.URL + "/v1"), Key: new("sk_test_bench"),
	}})
	s.peers = peerhttp.WithHeaderAuthorization(peerhttp.JWKSClient(keys), peerhttp.AuthorizedPartyMatches(party))(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, ok := peer.SessionClaimsFromContext(r.Context()); !ok || c.Subject != subject {
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
	return s.check()
}

// check checks that both middlewares do their work: they accept a valid token and
// refuse one with a wrong signature.
func (s *setup) check() error {
	good := s.tokens[0]
	bad := newSigned(string(good.input), make([]byte, len(good.signature)))
	for name, handler := range map[string]http.Handler{"this middleware": s.ours, "the published middleware": s.peers} {
		if status := good.serve(handler); status != http.StatusOK {
			return fmt.Errorf("%s refuses a valid token with %d", name, status)
		}
		if status := bad.serve(handler); status == http.StatusOK {
			return fmt.Errorf("%s accepts a wrong signature", name)
		}
	}
	return nil
}

func (s *setup) close() { s.server.Close() }

// token returns the next token.
func (s *setup) token() *signed { return s.tokens[s.next.Add(1)%uint64(len(s.tokens))] }

// pairs returns the cases with their references.
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
		must(errors.New("a valid token was refused"))
	}
}
