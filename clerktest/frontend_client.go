package clerktest

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedClient is a browser in a seed, as the frontend API knows it.
type SeedClient struct {
	ID         string    `json:"id"`                                       // client_…, as in its sessions
	Token      string    `json:"token" clerk:"credential"`                 // the value of the cookie on the frontend API's host
	DevBrowser string    `json:"dev_browser,omitempty" clerk:"credential"` // the token in URLs, on development instances
	SessionID  string    `json:"session_id,omitempty"`                     // "" if nobody is signed in
	Updated    time.Time `json:"updated"`
	// FactorUserID is the user whose password was right and who has a second factor.
	FactorUserID string `json:"factor_user_id,omitempty"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (c SeedClient) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, c) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (c SeedClient) LogValue() slog.Value { return clerk.LogHidden(c) }

type frontendClient = SeedClient

type clientTables struct {
	clients          kind[frontendClient]
	clientsByToken   *store.Index[frontendClient]
	clientsByBrowser *store.Index[frontendClient]
}

func (t *tables) addClients() {
	addSeeded(t, "clients", &t.clients, kind[frontendClient]{
		noun: "client", prefix: "client",
		more: membersOf(seedText, "id", "token", "dev_browser", "session_id", "updated", "factor_user_id"),
		seed: func(s *Seed) *[]frontendClient { return &s.Clients },
		complete: func(i *Instance, c *frontendClient) error {
			c.Token = cmp.Or(c.Token, derivedID("client", i.secretKey, c.ID))
			if c.Updated.IsZero() {
				c.Updated = seedBegin
			}
			return nil
		},
	}, func(c *frontendClient) string { return c.ID })
	t.clientsByToken = t.clients.By(one(func(c *frontendClient) string { return c.Token }))
	t.clientsByBrowser = t.clients.By(one(func(c *frontendClient) string { return c.DevBrowser }))
}

// maxClients bounds the memory of an emulator that runs for days.
const maxClients = 1000

// clientOf returns the browser that sent a request, and adds it if it is new. A
// development browser token takes precedence over the cookie, because a browser may
// withhold that cookie on a redirect between sites.
func (i *Instance) clientOf(r *http.Request) (*frontendClient, error) {
	browser, token := "", ""
	if !i.production {
		browser = r.FormValue("__clerk_db_jwt")
	}
	if cookie, err := r.Cookie("__client"); err == nil {
		token = cookie.Value
	}
	return write(i, func() (*frontendClient, error) {
		if c := i.clientsByBrowser.First(browser); c != nil {
			return c, nil
		}
		if c := i.clientsByToken.First(token); c != nil {
			return c, nil
		}
		return i.beginClient(newID("dvb", i.now())), nil
	})
}

func (i *Instance) beginClient(devBrowser string) *frontendClient {
	now := i.now()
	c := &frontendClient{ID: newID("client", now), Token: randomHex(32), DevBrowser: devBrowser, Updated: now}
	if i.clients.Len() >= maxClients {
		oldest := i.clients.Find(func(*frontendClient) bool { return true })
		i.clients.Remove(oldest.ID)
	}
	i.clients.Put(c)
	return c
}

// devBrowserOf returns the token of a development browser that has the session.
func (i *Instance) devBrowserOf(s *session) (string, error) {
	browser := derivedID("dvb", i.id, s.ID)
	return write(i, func() (string, error) {
		if i.clientsByBrowser.First(browser) == nil {
			c := *i.beginClient(browser)
			c.SessionID, c.Updated = s.ID, s.CreatedAt.Time()
			i.clients.Put(&c)
		}
		return browser, nil
	})
}

// signInClient signs a user in at a browser, unless check refuses it, and ends the
// browser's previous session.
func (i *Instance) signInClient(c *frontendClient, userID string, check func(u *api.User) error) (*frontendClient, error) {
	return write(i, func() (*frontendClient, error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		if err := check(u); err != nil {
			return nil, err
		}
		return i.beginAt(c, i.beginSession(u)), nil
	})
}

func (i *Instance) signOutClient(c *frontendClient) (*frontendClient, error) {
	return write(i, func() (*frontendClient, error) {
		i.endClientSession(c, api.SessionStatusRemoved)
		return i.setClientSession(c, ""), nil
	})
}

func (i *Instance) setClientSession(c *frontendClient, sessionID string) *frontendClient {
	changed := *c
	changed.SessionID, changed.Updated, changed.FactorUserID = sessionID, i.now(), ""
	i.clients.Put(&changed)
	return &changed
}

func (i *Instance) endClientSession(c *frontendClient, status api.SessionStatus) {
	if s := i.sessions.Get(c.SessionID); s != nil && s.at(i.now()).live() {
		i.endSession(s, status, i.now())
	}
}

// clientSession returns the browser's session if it is live, or nil.
func (i *Instance) clientSession(c *frontendClient) (s *session) {
	i.store.Read(func() {
		s = i.sessions.Get(c.SessionID)
		if s != nil && (!s.at(i.now()).live() || i.users.Get(s.UserID) == nil) {
			s = nil
		}
	})
	return s
}

// activateOrganization makes the organization with this ID or slug the active
// organization of a session; "" means none. If the user is not a member, nothing changes.
// An organization that only another session of the user has, from a seed, counts, too.
func (i *Instance) activateOrganization(s *session, organization string) error {
	return i.store.Write(func() error {
		if organization == "" {
			i.setActive(s, "")
			return nil
		}
		if m, err := i.memberOf(organization, s.UserID); err == nil {
			i.setActive(s, m.OrganizationID)
			return nil
		}
		for _, other := range i.sessionsOfUser.All(s.UserID) {
			if o := other.Organization; o != nil && (o.ID == organization || o.Slug == organization) && i.organizations.Get(o.ID) == nil {
				changed := *s
				changed.Organization, changed.LastActiveOrganizationID = o, &o.ID
				i.sessions.Put(&changed)
				return nil
			}
		}
		return nil
	})
}
