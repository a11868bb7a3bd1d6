// Package service is the handler of the example endpoints.
package service

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// New returns the handler. It belongs behind [auth.Authenticator.Middleware]. Without a
// client, endpoints that call Clerk respond 501.
func New(client *clerk.Client) http.Handler {
	mux := http.NewServeMux()
	for _, endpoint := range []struct {
		method, path string
		handler      http.HandlerFunc
	}{
		{http.MethodGet, "/api/auth", whoami},
		{http.MethodGet, "/api/data", databaseToken},
		{http.MethodGet, "/api/me", me},
		{http.MethodPost, "/api/name", rename(client)},
	} {
		mux.HandleFunc(endpoint.method+" "+endpoint.path, endpoint.handler)
		mux.HandleFunc(endpoint.path, methodNotAllowed(endpoint.method))
	}
	mux.HandleFunc("/", public)
	return mux
}

// whoami responds with the ids of the user and the session.
func whoami(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	if !a.IsAuthenticated() {
		refuse(w, a)
		return
	}
	reply(w, http.StatusOK, map[string]string{"user_id": a.UserID, "session_id": a.SessionID})
}

// databaseToken creates a token for a database and responds with the names of its
// claims only, because the token itself is a credential.
func databaseToken(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	if !a.IsAuthenticated() {
		refuse(w, a)
		return
	}
	token, err := a.GetToken(r.Context(), auth.Template("supabase"))
	if err != nil {
		fail(w, err)
		return
	}
	names, err := claimNames(token)
	if err != nil {
		fail(w, err)
		return
	}
	reply(w, http.StatusOK, map[string][]string{"claims": names})
}

// me responds with chosen fields of the current user. The whole user includes
// private metadata, which does not belong in a response.
func me(w http.ResponseWriter, r *http.Request) {
	user, err := auth.CurrentUser(r.Context())
	switch {
	case err != nil:
		fail(w, err)
	case user == nil:
		refuse(w, auth.FromContext(r.Context()))
	default:
		reply(w, http.StatusOK, profileOf(user))
	}
}

type profile struct {
	ID        string  `json:"id"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	Username  *string `json:"username"`
}

func profileOf(u *users.User) profile {
	return profile{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, Username: u.Username}
}

const maxNameBody = 4 << 10

// rename changes the name of the signed-in user to the one in the JSON body,
// {"first_name": …, "last_name": …}. A member that the body leaves out keeps its
// value, null clears it, and without a body the name becomes Clerk Cookie.
func rename(client *clerk.Client) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		if !a.IsAuthenticated() {
			refuse(w, a)
			return
		}
		if client == nil {
			fail(w, auth.ErrNoClient)
			return
		}
		name := struct {
			FirstName clerk.Optional[string] `json:"first_name"`
			LastName  clerk.Optional[string] `json:"last_name"`
		}{}
		body := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxNameBody))
		body.DisallowUnknownFields()
		switch err := body.Decode(&name); {
		case errors.Is(err, io.EOF):
			name.FirstName, name.LastName = clerk.Set("Clerk"), clerk.Set("Cookie")
		case err != nil || body.More():
			reply(w, http.StatusBadRequest, problem{"the body must be an object with first_name and last_name"})
			return
		}
		user, err := users.UpdateUser(r.Context(), client, a.UserID, users.UpdateUserParams{
			FirstName: name.FirstName,
			LastName:  name.LastName,
		})
		if err != nil {
			fail(w, err)
			return
		}
		reply(w, http.StatusOK, profileOf(user))
	}
}

// visitor describes the caller of the public page: a user, or a machine if the
// service accepts its type of token.
type visitor struct {
	SignedIn         bool           `json:"signed_in"`
	TokenType        auth.TokenType `json:"token_type,omitempty"`
	Subject          string         `json:"subject,omitempty"`
	Scopes           []string       `json:"scopes,omitempty"`
	OrganizationID   string         `json:"organization_id,omitempty"`
	OrganizationRole string         `json:"organization_role,omitempty"`
}

// public responds to everybody, and describes the callers that it can identify.
func public(w http.ResponseWriter, r *http.Request) {
	everyone := auth.Accepts(auth.SessionToken, auth.APIKey, auth.M2MToken, auth.OAuthToken)
	a := auth.FromContext(r.Context(), everyone)
	if !a.IsAuthenticated() {
		reply(w, http.StatusOK, visitor{})
		return
	}
	reply(w, http.StatusOK, visitor{
		SignedIn:         true,
		TokenType:        a.TokenType,
		Subject:          cmp.Or(a.Subject, a.UserID),
		Scopes:           a.Scopes,
		OrganizationID:   a.OrganizationID,
		OrganizationRole: a.OrganizationRole,
	})
}

// methodNotAllowed responds to the other methods on a protected path, which would
// reach the public page otherwise.
func methodNotAllowed(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		reply(w, http.StatusMethodNotAllowed, problem{"only " + allowed + " is allowed here"})
	}
}

type problem struct {
	Error string `json:"error"`
}

// refuse responds 401 to a caller who is not signed in, and 503 when an outage
// leaves open who is calling.
func refuse(w http.ResponseWriter, a *auth.Auth) {
	if a.Err() != nil {
		reply(w, http.StatusServiceUnavailable, problem{"authentication is unavailable"})
		return
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	reply(w, http.StatusUnauthorized, problem{"not signed in"})
}

// fail responds to a request for which a call to Clerk failed: 422 for values that
// Clerk refuses, 503 for an outage of authentication, 501 without a secret key, and
// 502 for anything else.
func fail(w http.ResponseWriter, err error) {
	refused := new(clerk.Error)
	switch {
	case errors.Is(err, auth.ErrKeysUnavailable), errors.Is(err, auth.ErrVerificationUnavailable), errors.Is(err, auth.ErrSecretKey):
		reply(w, http.StatusServiceUnavailable, problem{"authentication is unavailable"})
	case errors.Is(err, auth.ErrNoClient):
		reply(w, http.StatusNotImplemented, problem{"this service has no secret key"})
	case errors.As(err, &refused) && refused.StatusCode == http.StatusUnprocessableEntity:
		reply(w, http.StatusUnprocessableEntity, problem{"Clerk refused the values"})
	default:
		reply(w, http.StatusBadGateway, problem{"the call to Clerk failed"})
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only when the client is gone
}

// claimNames returns the names of the claims in a token that Clerk has just created.
// The service passes such a token on and need not verify it.
func claimNames(token string) ([]string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("the template token is not a JWT")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, errors.New("the template token is not a JWT")
	}
	var claims map[string]json.RawMessage
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, errors.New("the claims of the template token are not a JSON object")
	}
	return slices.Sorted(maps.Keys(claims)), nil
}
