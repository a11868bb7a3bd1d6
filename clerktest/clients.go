package clerktest

import (
	"context"
	"net/http"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/sessions"
)

func (i *Instance) setClientHandlers(h *Handlers) {
	h.ListClients = func(_ context.Context, params sessions.ListClientsParams) (*clerk.List[api.Client], error) {
		return read(i, func() (*clerk.List[api.Client], error) {
			var list []*api.Client
			seen := map[string]bool{}
			for _, s := range slices.Backward(i.sessions.All()) {
				if !seen[s.ClientID] {
					seen[s.ClientID] = true
					list = append(list, i.showClient(s.ClientID))
				}
			}
			return cut(list, params), nil
		})
	}
	h.GetClient = func(_ context.Context, id string) (*api.Client, error) {
		return read(i, func() (*api.Client, error) {
			if shown := i.showClient(id); shown != nil {
				return shown, nil
			}
			return nil, notFound("client", id)
		})
	}
	h.VerifyClient = func(_ context.Context, params sessions.VerifyClientParams) (*api.Client, error) {
		return read(i, func() (*api.Client, error) {
			c := i.clientsByToken.First(params.Token)
			if c == nil {
				return nil, failure(http.StatusBadRequest, "client_token_invalid", "the token is not that of a client", "token")
			}
			return i.showClient(c.ID), nil
		})
	}
}

// showClient returns a client with its sessions, or nil. A client is a browser that the
// frontend API knows, or that has a session which was made otherwise.
func (i *Instance) showClient(id string) *api.Client {
	own, c := i.sessionsOfClient.All(id), i.clients.Get(id)
	if c == nil && len(own) == 0 {
		return nil
	}
	shown := &api.Client{Object: "client", ID: id, SessionIDs: []string{}, Sessions: []api.Session{}}
	if c != nil {
		shown.CreatedAt, shown.UpdatedAt = clerk.At(c.Updated), clerk.At(c.Updated)
	}
	now := i.now()
	for n, s := range own {
		if n == 0 {
			shown.CreatedAt = s.CreatedAt
		}
		shown.UpdatedAt = max(shown.UpdatedAt, s.UpdatedAt)
		if s = s.at(now); s.live() {
			shown.SessionIDs = append(shown.SessionIDs, s.ID)
			shown.Sessions = append(shown.Sessions, s.Session)
			shown.LastActiveSessionID = &s.ID
		}
	}
	return shown
}
