// Package after locks out users who have not been active for long, and brings people in.
// A scheduler on the same machine calls it.
package after

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/invitations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

type service struct {
	client *clerk.Client

	mu   sync.Mutex
	last *report // of the last run that ended
}

type report struct {
	Banned  []string `json:"banned"`
	Revoked int      `json:"revoked_sessions"`
}

// New returns the service. A client with [clerk.WithRateLimit] leaves room for sign-ins.
func New(client *clerk.Client) http.Handler {
	s := &service{client: client}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", s.health)
	mux.HandleFunc("POST /runs", s.run)
	mux.HandleFunc("GET /runs/last", s.lastRun)
	mux.HandleFunc("POST /sign-in-links", s.createLink)
	mux.HandleFunc("DELETE /sign-in-links/{id}", s.revokeLink)
	mux.HandleFunc("POST /invitations", s.invite)
	return mux
}

func (s *service) health(w http.ResponseWriter, r *http.Request) {
	count, err := users.CountUsers(r.Context(), s.client, users.CountUsersParams{})
	if err != nil {
		respond(w, http.StatusServiceUnavailable, map[string]string{"error": "clerk_unavailable"})
		return
	}
	respond(w, http.StatusOK, map[string]int{"users": count.TotalCount})
}

func (s *service) run(w http.ResponseWriter, r *http.Request) {
	days, err := strconv.Atoi(r.FormValue("inactive_days"))
	if err != nil || days < 1 {
		respond(w, http.StatusBadRequest, map[string]string{"error": "inactive_days_missing"})
		return
	}
	result, err := s.lockOut(r.Context(), time.Now().AddDate(0, 0, -days))
	if err != nil {
		fail(w, err)
		return
	}
	s.mu.Lock()
	s.last = result
	s.mu.Unlock()
	respond(w, http.StatusOK, result)
}

// lockOut bans the users who were not active since a time.
func (s *service) lockOut(ctx context.Context, since time.Time) (*report, error) {
	result := &report{Banned: []string{}}
	for u, err := range users.AllUsers(ctx, s.client, users.ListUsersParams{
		LastActiveAtBefore: clerk.Set(since),
		Banned:             clerk.Set(false),
		OrderBy:            clerk.Set("+created_at"),
	}) {
		if err != nil {
			return nil, err
		}
		for open, err := range sessions.AllSessions(ctx, s.client, sessions.ListSessionsParams{
			UserID: clerk.Set(u.ID),
			Status: clerk.Set(api.SessionStatusActive),
		}) {
			if err != nil {
				return nil, err
			}
			if _, err := sessions.RevokeSession(ctx, s.client, open.ID); err != nil {
				return nil, err
			}
			result.Revoked++
		}
		if _, err := users.BanUser(ctx, s.client, u.ID); err != nil {
			return nil, err
		}
		result.Banned = append(result.Banned, u.ID)
	}
	return result, nil
}

func (s *service) lastRun(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		respond(w, http.StatusNotFound, map[string]string{"error": "no_run"})
		return
	}
	respond(w, http.StatusOK, s.last)
}

func (s *service) createLink(w http.ResponseWriter, r *http.Request) {
	token, err := sessions.CreateSignInToken(r.Context(), s.client, sessions.CreateSignInTokenParams{
		UserID:           r.FormValue("user"),
		ExpiresInSeconds: clerk.Set(600),
	})
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusCreated, map[string]string{"id": token.ID, "user": token.UserID, "url": token.URL})
}

func (s *service) revokeLink(w http.ResponseWriter, r *http.Request) {
	token, err := sessions.RevokeSignInToken(r.Context(), s.client, r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, map[string]string{"id": token.ID, "status": string(token.Status)})
}

func (s *service) invite(w http.ResponseWriter, r *http.Request) {
	var addresses []string
	if err := json.NewDecoder(r.Body).Decode(&addresses); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	invited := map[string]invitations.InvitationStatus{}
	for batch := range slices.Chunk(addresses, 10) {
		var all invitations.CreateInvitationBulkParams
		for _, address := range batch {
			all = append(all, invitations.NewInvitation{EmailAddress: address, Notify: clerk.Set(false)})
		}
		created, err := invitations.CreateInvitationBulk(r.Context(), s.client, all)
		if err != nil {
			fail(w, err)
			return
		}
		for _, i := range created.Data {
			invited[i.EmailAddress] = i.Status
		}
	}
	respond(w, http.StatusCreated, invited)
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
