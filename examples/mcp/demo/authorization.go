package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// authorizationServer is the OAuth side of an emulated frontend API, as far as a client of
// MCP meets it: metadata, registration, and codes with proof keys. Its user consents at
// once.
type authorizationServer struct {
	instance *clerktest.Instance
	userID   string

	mu     sync.Mutex
	grants map[string]grant // by code
}

// grant is what a code is exchanged for.
type grant struct{ clientID, resource, scope, challenge string }

// handler serves the paths that the metadata names.
func (s *authorizationServer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", s.metadata)
	mux.HandleFunc("POST /oauth/register", s.register)
	mux.HandleFunc("GET /oauth/authorize", s.authorize)
	mux.HandleFunc("POST /oauth/token", s.token)
	return mux
}

func (s *authorizationServer) metadata(w http.ResponseWriter, _ *http.Request) {
	issuer := s.instance.Issuer()
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                issuer + "/oauth/authorize",
		"token_endpoint":                        issuer + "/oauth/token",
		"registration_endpoint":                 issuer + "/oauth/register",
		"response_types_supported":              []string{"code"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
	})
}

func (s *authorizationServer) register(w http.ResponseWriter, r *http.Request) {
	var client map[string]any
	if err := json.NewDecoder(r.Body).Decode(&client); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	client["client_id"], client["token_endpoint_auth_method"] = "client_demo", "none"
	writeJSON(w, http.StatusCreated, client)
}

// authorize sends the browser of the user back with a code.
func (s *authorizationServer) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	back, err := url.Parse(query.Get("redirect_uri"))
	if err != nil || query.Get("code_challenge_method") != "S256" {
		http.Error(w, "invalid_request", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	s.mu.Lock()
	s.grants[code] = grant{query.Get("client_id"), query.Get("resource"), query.Get("scope"), query.Get("code_challenge")}
	s.mu.Unlock()
	back.RawQuery = url.Values{"code": {code}, "state": {query.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// token makes a token for the resource that the client named with its code.
func (s *authorizationServer) token(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	g, found := s.grants[r.PostFormValue("code")]
	delete(s.grants, r.PostFormValue("code"))
	s.mu.Unlock()
	proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !found || base64.RawURLEncoding.EncodeToString(proof[:]) != g.challenge || r.PostFormValue("resource") != g.resource {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": 3600, "scope": g.scope, "access_token": s.tokenFor(g)})
}

// tokenFor returns a JWT, whose audience is the resource if there is one.
func (s *authorizationServer) tokenFor(g grant) string {
	opts := []clerktest.TokenOption{clerktest.ForUser(s.userID), clerktest.ForOAuthClient(g.clientID), clerktest.WithScopes(strings.Fields(g.scope)...)}
	if g.resource != "" {
		opts = append(opts, clerktest.WithClaim("aud", g.resource))
	}
	return s.instance.Token(opts...)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // The client may be gone.
}
