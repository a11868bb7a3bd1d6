package clerktest

import (
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
)

// frontendClient is one browser as the frontend API knows it. A stored client never
// changes; it is replaced.
type frontendClient struct {
	id         string // client_…, as in its sessions
	token      string // the value of the cookie on the frontend API's host
	devBrowser string // the token in URLs, on development instances
	sessionID  string // "" if nobody is signed in
	updated    time.Time
}

// maxClients bounds the memory of an emulator that runs for days.
const maxClients = 1000

// clientOf returns the browser that sent a request, and adds it if it is new. A
// development browser token takes precedence over the cookie, because a browser may
// withhold that cookie on a redirect between sites.
func (i *Instance) clientOf(r *http.Request) *frontendClient {
	i.mu.Lock()
	defer i.mu.Unlock()
	var found *frontendClient
	if browser := r.FormValue("__clerk_db_jwt"); !i.production && browser != "" {
		found = i.clients.find(func(c *frontendClient) bool { return c.devBrowser == browser })
	}
	if cookie, err := r.Cookie("__client"); found == nil && err == nil && cookie.Value != "" {
		found = i.clients.find(func(c *frontendClient) bool { return c.token == cookie.Value })
	}
	if found != nil {
		return found
	}
	return i.beginClient(newID("dvb", i.now()))
}

func (i *Instance) beginClient(devBrowser string) *frontendClient {
	now := i.now()
	c := &frontendClient{id: newID("client", now), token: randomHex(32), devBrowser: devBrowser, updated: now}
	if len(i.clients.ids) >= maxClients {
		i.clients.remove(i.clients.ids[0])
	}
	i.clients.put(c.id, c)
	return c
}

// devBrowserOf returns the token of a development browser that has the session.
func (i *Instance) devBrowserOf(s *session) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	browser := derivedID("dvb", i.id, s.ID)
	if i.clients.find(func(c *frontendClient) bool { return c.devBrowser == browser }) == nil {
		c := *i.beginClient(browser)
		c.sessionID, c.updated = s.ID, s.CreatedAt.Time()
		i.clients.put(c.id, &c)
	}
	return browser
}

// signInClient signs a user in at a browser and ends the browser's previous session.
func (i *Instance) signInClient(c *frontendClient, userID string) (*frontendClient, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	u, err := i.existingUser(userID)
	if err != nil {
		return nil, err
	}
	if u.Banned || u.Locked {
		return nil, failure(http.StatusForbidden, "user_cannot_sign_in", "the user is banned or locked", "user_id")
	}
	i.endClientSession(c, api.SessionStatusReplaced)
	begun := *i.beginSession(u)
	begun.ClientID = c.id
	i.sessions.put(begun.ID, &begun)
	return i.setClientSession(c, begun.ID), nil
}

func (i *Instance) signOutClient(c *frontendClient) *frontendClient {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.endClientSession(c, api.SessionStatusRemoved)
	return i.setClientSession(c, "")
}

func (i *Instance) setClientSession(c *frontendClient, sessionID string) *frontendClient {
	changed := *c
	changed.sessionID, changed.updated = sessionID, i.now()
	i.clients.put(c.id, &changed)
	return &changed
}

func (i *Instance) endClientSession(c *frontendClient, status api.SessionStatus) {
	if s := i.sessions.get(c.sessionID); s != nil && s.at(i.now()).live() {
		i.endSession(s, status, i.now())
	}
}

// clientSession returns the browser's session if it is live, or nil.
func (i *Instance) clientSession(c *frontendClient) *session {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.sessions.get(c.sessionID)
	if s == nil || !s.at(i.now()).live() || i.users.get(s.UserID) == nil {
		return nil
	}
	return s
}

// activateOrganization makes the organization with this ID or slug the active
// organization of a session; "" means none. If no session of the user has the
// organization, the user counts as a non-member and nothing changes.
func (i *Instance) activateOrganization(s *session, organization string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	changed := *s
	changed.organization = nil
	if organization != "" {
		other := i.sessions.find(func(o *session) bool {
			return o.UserID == s.UserID && o.organization != nil &&
				(o.organization.ID == organization || o.organization.Slug == organization)
		})
		if other == nil {
			return
		}
		changed.organization = other.organization
	}
	i.sessions.put(s.ID, &changed)
}
