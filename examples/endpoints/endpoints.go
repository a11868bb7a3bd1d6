package main

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

func routes(client *clerk.Client) http.Handler {
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
		mux.HandleFunc(endpoint.path, otherMethod(endpoint.method))
	}
	mux.HandleFunc("/", public)
	return mux
}

// whoami is the protected endpoint at its smallest.
func whoami(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	if !a.IsAuthenticated() {
		refuse(w, a)
		return
	}
	reply(w, http.StatusOK, map[string]string{"user_id": a.UserID, "session_id": a.SessionID})
}

// databaseToken makes the token that a database would be handed, and shows the
// names of its claims only: the token itself is a credential.
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

// me shows the current user with chosen fields. A whole user holds private
// metadata and does not belong in a response.
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
// {"first_name": …, "last_name": …}. What the body leaves out is left as it is,
// null clears it, and without a body the user becomes Clerk Cookie.
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

// visitor is who looks at the public page: a user, or a machine where its kind of
// token is accepted.
type visitor struct {
	SignedIn         bool           `json:"signed_in"`
	TokenType        auth.TokenType `json:"token_type,omitempty"`
	Subject          string         `json:"subject,omitempty"`
	Scopes           []string       `json:"scopes,omitempty"`
	OrganizationID   string         `json:"organization_id,omitempty"`
	OrganizationRole string         `json:"organization_role,omitempty"`
}

// public answers everybody and may still know who is there.
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

// otherMethod keeps the public page from answering for a protected path.
func otherMethod(allowed string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allowed)
		reply(w, http.StatusMethodNotAllowed, problem{"only " + allowed + " is answered here"})
	}
}

type problem struct {
	Error string `json:"error"`
}

// refuse answers a caller who is not signed in with 401, and one of whom
// nothing could be decided, because keys are out of reach, with 503.
func refuse(w http.ResponseWriter, a *auth.Auth) {
	if a.Err() != nil {
		reply(w, http.StatusServiceUnavailable, problem{"authentication is unavailable"})
		return
	}
	w.Header().Set("WWW-Authenticate", "Bearer")
	reply(w, http.StatusUnauthorized, problem{"not signed in"})
}

// fail answers for a call to Clerk that went wrong: the caller's mistake is
// passed on, an outage of authentication is 503 and any other one 502. Without a
// secret key there is no call, which is 501.
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
		reply(w, http.StatusBadGateway, problem{"Clerk did not answer"})
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone, nobody is left to tell
}

// claimNames lists the members of a token that Clerk has just made; it is not
// verified, since this service only hands it on.
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
		return nil, errors.New("the template token holds no claims")
	}
	return slices.Sorted(maps.Keys(claims)), nil
}
