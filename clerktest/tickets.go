package clerktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/sessions"
)

// SeedTicket is a sign-in token, an actor token or an agent task in a seed: what lets
// somebody sign in once as a user.
type SeedTicket struct {
	// ID begins with sit_, act_ or agt_, which says what the ticket is.
	ID     string `json:"id"`
	UserID string `json:"user_id"`
	// Token is what the link proves the ticket with.
	Token  string                `json:"token,omitempty" clerk:"credential"`
	Status api.SignInTokenStatus `json:"status,omitempty"`
	Actor  *api.Actor            `json:"actor,omitempty"`
	// OrganizationID becomes the active organization of the session.
	OrganizationID string          `json:"organization_id,omitempty"`
	AgentID        string          `json:"agent_id,omitempty"`
	RedirectURL    string          `json:"redirect_url,omitempty"`
	SessionSeconds int             `json:"session_max_duration_in_seconds,omitempty"`
	ExpiresAt      clerk.Timestamp `json:"expires_at"`
	CreatedAt      clerk.Timestamp `json:"created_at"`
	UpdatedAt      clerk.Timestamp `json:"updated_at"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (v SeedTicket) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, v) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (v SeedTicket) LogValue() slog.Value { return clerk.LogHidden(v) }

const (
	signInTokenPrefix = "sit"
	actorTokenPrefix  = "act"
	agentTaskPrefix   = "agt"

	signInTokenSeconds  = 30 * 24 * 3600
	actorTokenSeconds   = 3600
	agentTaskSeconds    = 3600
	actorSessionSeconds = 1800
)

type ticketTables struct {
	tickets        kind[SeedTicket]
	ticketsByToken *store.Index[SeedTicket]
	ticketsOfUser  *store.Index[SeedTicket]
}

func (t *tables) addTickets() {
	addSeeded(t, "tickets", &t.tickets, kind[SeedTicket]{
		noun: "token", prefix: "(sit|act|agt)",
		more: slices.Concat(membersOf(seedText, "id", "user_id", "token", "status", "organization_id", "agent_id", "redirect_url"),
			membersOf(seedAny, "actor"), membersOf(seedNumber, "session_max_duration_in_seconds", "expires_at", "created_at", "updated_at")),
		seed: func(s *Seed) *[]SeedTicket { return &s.Tickets },
		fill: func(_ *Instance, v *SeedTicket) { v.ExpiresAt = cmp.Or(v.ExpiresAt, clerk.At(seedEnd)) },
		complete: func(i *Instance, v *SeedTicket) error {
			v.Token = cmp.Or(v.Token, derivedID("ticket", i.secretKey, v.ID))
			v.Status = cmp.Or(v.Status, api.SignInTokenStatusPending)
			if i.users.Get(v.UserID) == nil {
				return errors.New("user_id is not the id of a user")
			}
			return nil
		},
	}, func(v *SeedTicket) string { return v.ID })
	t.ticketsByToken = t.tickets.By(one(func(v *SeedTicket) string { return v.Token }))
	t.ticketsOfUser = t.tickets.By(one(func(v *SeedTicket) string { return v.UserID }))
}

func (i *Instance) setTicketHandlers(h *Handlers) {
	h.CreateSignInToken = i.createSignInToken
	h.RevokeSignInToken = func(_ context.Context, id string) (*api.SignInToken, error) {
		v, err := i.revokeTicket(signInTokenPrefix, id, "sign_in_token_cannot_be_revoked_code")
		if err != nil {
			return nil, err
		}
		return i.showSignInToken(v), nil
	}
	h.CreateActorToken = i.createActorToken
	h.RevokeActorToken = func(_ context.Context, id string) (*api.ActorToken, error) {
		v, err := i.revokeTicket(actorTokenPrefix, id, "actor_token_cannot_be_revoked_code")
		if err != nil {
			return nil, err
		}
		return i.showActorToken(v), nil
	}
	h.CreateAgentTask = i.createAgentTask
	h.RevokeAgentTask = func(_ context.Context, id string) (*api.AgentTask, error) {
		v, err := i.revokeTicket(agentTaskPrefix, id, "agent_task_cannot_be_revoked")
		if err != nil {
			return nil, err
		}
		return showAgentTask(v), nil
	}
}

// addTicket stores a ticket for a user who can sign in.
func (i *Instance) addTicket(prefix string, life int, v SeedTicket) (*SeedTicket, error) {
	u, err := i.users.existing(v.UserID)
	if err != nil {
		return nil, err
	}
	if u.Banned {
		return nil, failure(http.StatusForbidden, "user_banned", "user "+u.ID+" is banned", "user_id")
	}
	now := i.now()
	v.ID, v.Token, v.Status = newID(prefix, now), randomHex(32), api.SignInTokenStatusPending
	stamp(&v.CreatedAt, now)
	stamp(&v.UpdatedAt, now)
	stamp(&v.ExpiresAt, now.Add(time.Duration(min(life, maxLife))*time.Second))
	i.tickets.Put(&v)
	return &v, nil
}

// revokeTicket revokes a pending ticket of a kind.
func (i *Instance) revokeTicket(prefix, id, code string) (*SeedTicket, error) {
	return write(i, func() (*SeedTicket, error) {
		if !idPattern(prefix).MatchString(id) {
			return nil, notFound("token", id)
		}
		return i.tickets.change(id, i.now(), nil, func(v *SeedTicket) error {
			if v.Status != api.SignInTokenStatusPending {
				return failure(http.StatusBadRequest, code, "only a pending one can be revoked, and this one is "+string(v.Status), "")
			}
			v.Status = api.SignInTokenStatusRevoked
			return nil
		})
	})
}

// redeemTicket begins the session that a ticket is for, in the course of a write.
func (i *Instance) redeemTicket(token string) (*session, error) {
	v := i.ticketsByToken.First(token)
	now := i.now()
	if v == nil || v.Status != api.SignInTokenStatusPending || now.UnixMilli() >= int64(v.ExpiresAt) {
		return nil, failure(http.StatusBadRequest, "ticket_invalid_code", "the link does not work, or not any more", "ticket")
	}
	u, err := i.users.existing(v.UserID)
	if err != nil {
		return nil, err
	}
	if u.Banned || u.Locked {
		return nil, failure(http.StatusForbidden, "user_cannot_sign_in", "the user is banned or locked", "")
	}
	accepted := *v
	accepted.Status = api.SignInTokenStatusAccepted
	resource.Touch(&accepted, now)
	i.tickets.Put(&accepted)
	begun := *i.beginSession(u)
	begun.Actor = v.Actor
	if v.OrganizationID != "" {
		begun.LastActiveOrganizationID = &v.OrganizationID
	}
	if v.SessionSeconds > 0 {
		stamp(&begun.ExpireAt, now.Add(time.Duration(v.SessionSeconds)*time.Second))
	}
	i.sessions.Put(&begun)
	return &begun, nil
}

func (i *Instance) createSignInToken(_ context.Context, params sessions.CreateSignInTokenParams) (*api.SignInToken, error) {
	return write(i, func() (*api.SignInToken, error) {
		v, err := i.addTicket(signInTokenPrefix, params.ExpiresInSeconds.Or(signInTokenSeconds), SeedTicket{UserID: params.UserID, OrganizationID: params.OrgID.Or("")})
		if err != nil {
			return nil, err
		}
		return i.showSignInToken(v), nil
	})
}

func (i *Instance) showSignInToken(v *SeedTicket) *api.SignInToken {
	shown := &api.SignInToken{Object: "sign_in_token", ID: v.ID, Status: v.Status, UserID: v.UserID, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt}
	if v.Status == api.SignInTokenStatusPending {
		shown.Token, shown.URL = v.Token, i.ticketURL("/sign-in", "", v.Token)
	}
	return shown
}

func (i *Instance) createActorToken(_ context.Context, params sessions.CreateActorTokenParams) (*api.ActorToken, error) {
	return write(i, func() (*api.ActorToken, error) {
		v, err := i.addTicket(actorTokenPrefix, params.ExpiresInSeconds.Or(actorTokenSeconds), SeedTicket{
			UserID: params.UserID, Actor: &params.Actor, SessionSeconds: params.SessionMaxDurationInSeconds.Or(actorSessionSeconds),
		})
		if err != nil {
			return nil, err
		}
		return i.showActorToken(v), nil
	})
}

func (i *Instance) showActorToken(v *SeedTicket) *api.ActorToken {
	shown := &api.ActorToken{
		Object: "actor_token", ID: v.ID, Status: api.ActorTokenStatus(v.Status), UserID: v.UserID,
		Actor: clerk.Value(v.Actor), CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	if v.Status == api.SignInTokenStatusPending {
		shown.Token, shown.URL = v.Token, i.ticketURL("/sign-in", "", v.Token)
	}
	return shown
}

func (i *Instance) createAgentTask(_ context.Context, params sessions.CreateAgentTaskParams) (*api.AgentTask, error) {
	if u, err := url.Parse(params.RedirectURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, invalid("form_param_format_invalid", "redirect_url", "must be a full URL")
	}
	return write(i, func() (*api.AgentTask, error) {
		userID, err := i.agentTaskUser(params.OnBehalfOf)
		if err != nil {
			return nil, err
		}
		v, err := i.addTicket(agentTaskPrefix, agentTaskSeconds, SeedTicket{
			UserID: userID, AgentID: derivedID("agent", i.id, params.AgentName), RedirectURL: params.RedirectURL,
			SessionSeconds: params.SessionMaxDurationInSeconds.Or(actorSessionSeconds),
		})
		if err != nil {
			return nil, err
		}
		shown := showAgentTask(v)
		shown.URL = i.ticketURL("/sign-in", "", v.Token)
		return shown, nil
	})
}

// agentTaskUser returns the ID of the user that either an ID or an identifier names.
func (i *Instance) agentTaskUser(named sessions.AgentTaskUser) (string, error) {
	id, byID := named.UserID.Get()
	identifier, byIdentifier := named.Identifier.Get()
	switch {
	case byID == byIdentifier:
		return "", invalid("form_conditional_param_missing", "on_behalf_of", "names the user by either user_id or identifier")
	case byID:
		return id, nil
	}
	u := i.userByIdentifier(identifier)
	if u == nil {
		return "", notFound("user", identifier)
	}
	return u.ID, nil
}

func showAgentTask(v *SeedTicket) *api.AgentTask {
	//lint:ignore SA1019 the API still has the member
	return &api.AgentTask{Object: "agent_task", AgentID: v.AgentID, AgentTaskID: v.ID, TaskID: v.ID}
}
