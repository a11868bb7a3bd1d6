// Package after lets users read and change their own profile, and administrators read
// those of others.
package after

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// customClaims are those that the instance adds to its session tokens.
type customClaims struct {
	Plan string `json:"plan"`
}

type profile struct {
	ID        string         `json:"id"`
	FirstName *string        `json:"first_name"`
	LastName  *string        `json:"last_name"`
	Email     string         `json:"email"`
	Settings  clerk.Metadata `json:"settings"`
}

type service struct{ client *clerk.Client }

// New returns the service.
func New(client *clerk.Client) (http.Handler, error) {
	authn, err := auth.New(client, auth.WithoutCookies(),
		auth.WithAuthorizedParties("https://app.example.com"),
		auth.WithRefusal(func(w http.ResponseWriter, _ *http.Request, f *auth.Refusal) {
			respond(w, f.Status, map[string]string{"error": f.Code})
		}))
	if err != nil {
		return nil, err
	}
	s := service{client}
	authorize, authorizeAdmin := authn.Require(), authn.Require(auth.Role("org:admin"))
	mux := http.NewServeMux()
	mux.Handle("GET /session", authorize(http.HandlerFunc(s.getSession)))
	mux.Handle("GET /me", authorize(http.HandlerFunc(s.getMe)))
	mux.Handle("PATCH /me", authorize(http.HandlerFunc(s.changeMe)))
	mux.Handle("GET /users/{id}", authorizeAdmin(http.HandlerFunc(s.getUser)))
	return mux, nil
}

func (s service) getSession(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	custom, err := auth.ClaimsAs[customClaims](a)
	if err != nil {
		respond(w, http.StatusUnauthorized, map[string]string{"error": "unauthenticated"})
		return
	}
	respond(w, http.StatusOK, map[string]string{
		"user": a.UserID, "session": a.SessionID, "role": a.OrganizationRole, "plan": custom.Plan,
	})
}

func (s service) getMe(w http.ResponseWriter, r *http.Request) {
	found, err := users.GetUser(r.Context(), s.client, auth.FromContext(r.Context()).UserID)
	respondProfile(w, found, err)
}

func (s service) changeMe(w http.ResponseWriter, r *http.Request) {
	id := auth.FromContext(r.Context()).UserID
	var change struct {
		FirstName clerk.Optional[string]         `json:"first_name"`
		LastName  clerk.Optional[string]         `json:"last_name"`
		Settings  clerk.Optional[clerk.Metadata] `json:"settings"`
	}
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	changed, err := users.UpdateUser(r.Context(), s.client, id, users.UpdateUserParams{
		FirstName: change.FirstName,
		LastName:  change.LastName,
	})
	if err == nil && !change.Settings.IsZero() {
		changed, err = users.MergeUserMetadata(r.Context(), s.client, id, users.MergeUserMetadataParams{
			PublicMetadata: change.Settings,
		})
	}
	respondProfile(w, changed, err)
}

func (s service) getUser(w http.ResponseWriter, r *http.Request) {
	found, err := users.GetUser(r.Context(), s.client, r.PathValue("id"))
	respondProfile(w, found, err)
}

func respondProfile(w http.ResponseWriter, u *users.User, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	p := profile{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, Settings: u.PublicMetadata}
	if address := u.PrimaryEmail(); address != nil {
		p.Email = address.EmailAddress
	}
	respond(w, http.StatusOK, p)
}

// fail passes refusals of Clerk on, and takes everything else for an outage.
func fail(w http.ResponseWriter, err error) {
	refusal, ok := errors.AsType[*clerk.Error](err)
	switch {
	case errors.Is(err, clerk.ErrInvalidRequest): // not sent
		respond(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	case ok && refusal.StatusCode < 500 && len(refusal.Problems) > 0:
		respond(w, refusal.StatusCode, map[string]string{"error": refusal.Problems[0].Code})
	default:
		respond(w, http.StatusBadGateway, map[string]string{"error": "clerk_unavailable"})
	}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
