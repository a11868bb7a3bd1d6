//go:build go1.25

// Package before locks out users who have not been active for long, and brings people in.
// A scheduler on the same machine calls it. It is written with clerk-sdk-go and Go 1.25.
package before

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/invitation"
	"github.com/clerk/clerk-sdk-go/v2/session"
	"github.com/clerk/clerk-sdk-go/v2/signintoken"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

type service struct {
	users        *user.Client
	sessions     *session.Client
	signInTokens *signintoken.Client
	invitations  *invitation.Client

	mu   sync.Mutex
	last *report // of the last run that ended
}

type report struct {
	Banned  []string `json:"banned"`
	Revoked int      `json:"revoked_sessions"`
}

// New returns the service.
func New(config *clerk.ClientConfig) http.Handler {
	s := &service{
		users:        user.NewClient(config),
		sessions:     session.NewClient(config),
		signInTokens: signintoken.NewClient(config),
		invitations:  invitation.NewClient(config),
	}
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
	count, err := s.users.Count(r.Context(), &user.ListParams{})
	if err != nil {
		respond(w, http.StatusServiceUnavailable, map[string]string{"error": "clerk_unavailable"})
		return
	}
	respond(w, http.StatusOK, map[string]int64{"users": count.TotalCount})
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

// lockOut bans the users who were not active since a time. It lists all of them first,
// because those who are banned leave the list.
func (s *service) lockOut(ctx context.Context, since time.Time) (*report, error) {
	const size = 100
	params := &user.ListParams{
		LastActiveAtBefore: clerk.Int64(since.UnixMilli()),
		Banned:             clerk.Bool(false),
		OrderBy:            clerk.String("+created_at"),
	}
	params.Limit = clerk.Int64(size)
	var inactive []*clerk.User
	for offset := int64(0); ; offset += size {
		params.Offset = clerk.Int64(offset)
		page, err := again(ctx, func() (*clerk.UserList, error) { return s.users.List(ctx, params) })
		if err != nil {
			return nil, err
		}
		inactive = append(inactive, page.Users...)
		if len(page.Users) < size {
			break
		}
	}
	result := &report{Banned: []string{}}
	for _, u := range inactive {
		active := &session.ListParams{UserID: &u.ID, Status: clerk.String("active")}
		active.Limit = clerk.Int64(size)
		list, err := again(ctx, func() (*clerk.SessionList, error) { return s.sessions.List(ctx, active) })
		if err != nil {
			return nil, err
		}
		for _, open := range list.Sessions {
			_, err := again(ctx, func() (*clerk.Session, error) {
				return s.sessions.Revoke(ctx, &session.RevokeParams{ID: open.ID})
			})
			if err != nil {
				return nil, err
			}
			result.Revoked++
		}
		if _, err := again(ctx, func() (*clerk.User, error) { return s.users.Ban(ctx, u.ID) }); err != nil {
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
	token, err := again(r.Context(), func() (*clerk.SignInToken, error) {
		return s.signInTokens.Create(r.Context(), &signintoken.CreateParams{
			UserID:           clerk.String(r.FormValue("user")),
			ExpiresInSeconds: clerk.Int64(600),
		})
	})
	if err != nil {
		fail(w, err)
		return
	}
	link := map[string]string{"id": token.ID, "user": token.UserID, "url": ""}
	if token.URL != nil {
		link["url"] = *token.URL
	}
	respond(w, http.StatusCreated, link)
}

func (s *service) revokeLink(w http.ResponseWriter, r *http.Request) {
	token, err := s.signInTokens.Revoke(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, map[string]string{"id": token.ID, "status": token.Status})
}

func (s *service) invite(w http.ResponseWriter, r *http.Request) {
	var addresses []string
	if err := json.NewDecoder(r.Body).Decode(&addresses); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	invited := map[string]string{}
	for batch := range slices.Chunk(addresses, 10) {
		var all []*invitation.CreateParams
		for _, address := range batch {
			all = append(all, &invitation.CreateParams{EmailAddress: address, Notify: clerk.Bool(false)})
		}
		created, err := again(r.Context(), func() (*clerk.Invitations, error) {
			return s.invitations.BulkCreate(r.Context(), &invitation.BulkCreateParams{Invitations: all})
		})
		if err != nil {
			fail(w, err)
			return
		}
		for _, i := range created.Invitations {
			invited[i.EmailAddress] = i.Status
		}
	}
	respond(w, http.StatusCreated, invited)
}

// again makes a call, and makes it again after Clerk's rate limit.
func again[T any](ctx context.Context, call func() (T, error)) (T, error) {
	for tries := 1; ; tries++ {
		result, err := call()
		var refusal *clerk.APIErrorResponse
		if tries == 5 || !errors.As(err, &refusal) || refusal.HTTPStatusCode != http.StatusTooManyRequests {
			return result, err
		}
		seconds, err := strconv.Atoi(refusal.Response.Header.Get("Retry-After"))
		if err != nil {
			seconds = tries
		}
		select {
		case <-time.After(time.Duration(seconds) * time.Second):
		case <-ctx.Done():
			return result, ctx.Err()
		}
	}
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
