//go:build go1.25

// Package before lets users read and change their own profile, and administrators read
// those of others. It is written with clerk-sdk-go and Go 1.25.
package before

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/clerk/clerk-sdk-go/v2"
	clerkhttp "github.com/clerk/clerk-sdk-go/v2/http"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

// customClaims are those that the instance adds to its session tokens.
type customClaims struct {
	Plan string `json:"plan"`
}

type profile struct {
	ID        string          `json:"id"`
	FirstName *string         `json:"first_name"`
	LastName  *string         `json:"last_name"`
	Email     string          `json:"email"`
	Settings  json.RawMessage `json:"settings"`
}

// New returns the service. The program has called clerk.SetKey.
func New() http.Handler {
	authorize := clerkhttp.RequireHeaderAuthorization(
		clerkhttp.AuthorizedPartyMatches("https://app.example.com"),
		clerkhttp.CustomClaimsConstructor(func(context.Context) any { return &customClaims{} }),
		clerkhttp.AuthorizationFailureHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			respond(w, http.StatusUnauthorized, map[string]string{"error": "unauthenticated"})
		})))
	mux := http.NewServeMux()
	mux.Handle("GET /session", authorize(http.HandlerFunc(getSession)))
	mux.Handle("GET /me", authorize(http.HandlerFunc(getMe)))
	mux.Handle("PATCH /me", authorize(http.HandlerFunc(changeMe)))
	mux.Handle("GET /users/{id}", authorize(http.HandlerFunc(getUser)))
	return mux
}

func getSession(w http.ResponseWriter, r *http.Request) {
	claims, _ := clerk.SessionClaimsFromContext(r.Context())
	custom, _ := claims.Custom.(*customClaims)
	respond(w, http.StatusOK, map[string]string{
		"user": claims.Subject, "session": claims.SessionID, "role": claims.ActiveOrganizationRole, "plan": custom.Plan,
	})
}

func getMe(w http.ResponseWriter, r *http.Request) {
	claims, _ := clerk.SessionClaimsFromContext(r.Context())
	found, err := user.Get(r.Context(), claims.Subject)
	respondProfile(w, found, err)
}

func changeMe(w http.ResponseWriter, r *http.Request) {
	claims, _ := clerk.SessionClaimsFromContext(r.Context())
	var change struct {
		FirstName *string          `json:"first_name"`
		LastName  *string          `json:"last_name"`
		Settings  *json.RawMessage `json:"settings"`
	}
	if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	changed, err := user.Update(r.Context(), claims.Subject, &user.UpdateParams{
		FirstName: change.FirstName,
		LastName:  change.LastName,
	})
	if err == nil && change.Settings != nil {
		changed, err = user.UpdateMetadata(r.Context(), claims.Subject, &user.UpdateMetadataParams{
			PublicMetadata: change.Settings,
		})
	}
	respondProfile(w, changed, err)
}

func getUser(w http.ResponseWriter, r *http.Request) {
	claims, _ := clerk.SessionClaimsFromContext(r.Context())
	if !claims.HasRole("org:admin") {
		respond(w, http.StatusForbidden, map[string]string{"error": "forbidden"})
		return
	}
	found, err := user.Get(r.Context(), r.PathValue("id"))
	respondProfile(w, found, err)
}

func respondProfile(w http.ResponseWriter, u *clerk.User, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	p := profile{ID: u.ID, FirstName: u.FirstName, LastName: u.LastName, Settings: u.PublicMetadata}
	for _, address := range u.EmailAddresses {
		if u.PrimaryEmailAddressID != nil && address.ID == *u.PrimaryEmailAddressID {
			p.Email = address.EmailAddress
		}
	}
	respond(w, http.StatusOK, p)
}

// fail passes refusals of Clerk on, and takes everything else for an outage.
func fail(w http.ResponseWriter, err error) {
	var refusal *clerk.APIErrorResponse
	if errors.As(err, &refusal) && refusal.HTTPStatusCode < 500 && len(refusal.Errors) > 0 {
		respond(w, refusal.HTTPStatusCode, map[string]string{"error": refusal.Errors[0].Code})
		return
	}
	respond(w, http.StatusBadGateway, map[string]string{"error": "clerk_unavailable"})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
