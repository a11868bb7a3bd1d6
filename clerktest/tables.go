package clerktest

import (
	"cmp"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// tables are the resources of an instance. The names of tables are those of the lists in
// a seed.
type tables struct {
	store  store.Store
	seeded []seeded // in the order in which a seed is read: what others refer to comes first

	users         kind[api.User]
	usersByEmail  *store.Index[api.User] // those that nobody else can have, as the next one
	usersByPhone  *store.Index[api.User]
	usersByWallet *store.Index[api.User]
	usersByName   *store.Index[api.User] // username
	usersByOwnID  *store.Index[api.User] // external ID
	// usersByProvider has external accounts.
	usersByProvider *store.Index[api.User]
	// usersByIdentification has email addresses and phone numbers by ID.
	usersByIdentification *store.Index[api.User]

	sessions         kind[session]
	sessionsOfUser   *store.Index[session]
	sessionsOfClient *store.Index[session]
	clients          kind[frontendClient]
	clientsByToken   *store.Index[frontendClient]
	clientsByBrowser *store.Index[frontendClient]
	templates        kind[template]

	machines             kind[machine]
	apiKeys              kind[api.APIKey]
	apiKeyBySecret       *store.Index[api.APIKey]
	apiKeysOfSubject     *store.Index[api.APIKey]
	m2mTokens            kind[api.M2MToken]
	m2mByToken           *store.Index[api.M2MToken]
	oauthTokens          kind[SeedOAuthToken]
	oauthByToken         *store.Index[SeedOAuthToken]
	oauthTokensOfSubject *store.Index[SeedOAuthToken]

	settingsTables
	redirectURLTables
	domainTables
	svixTables
	organizationTables
	outboxTables
	invitationTables
	waitlistTables
	identifierListTables
	ticketTables
	signUpTables
	testingTokenTables
	planTables
	subscriptionTables
	creditTables
	statementTables
	messageTemplateTables
	credentialTables
	verificationTables
	oauthApplicationTables
	enterpriseTables
	imageTables
}

// addKind adds a table to the store.
func addKind[T any](t *tables, name string, k kind[T], id func(*T) string) kind[T] {
	k.Table = store.New(&t.store, name, id)
	return k
}

// addSeeded adds a table whose resources a seed may have.
func addSeeded[T any](t *tables, name string, into *kind[T], k kind[T], id func(*T) string) {
	*into = addKind(t, name, k, id)
	t.seeded = append(t.seeded, into)
}

func one[T any](key func(*T) string) func(*T) []string {
	return func(v *T) []string { return []string{key(v)} }
}

// addTables adds every table of an instance to its store.
func (t *tables) addTables() {
	t.addUsers()
	t.addCredentials()
	t.addVerifications()
	t.addImages()
	t.addSessions()
	t.addMachines()
	t.addSettings()
	t.addOrganizations()
	t.addOutbox()
	t.addRedirectURLs()
	t.addDomains()
	t.addSvixApps()
	t.addInvitations()
	t.addWaitlist()
	t.addIdentifierLists()
	t.addTickets()
	t.addSignUps()
	t.addTestingTokens()
	t.addPlans()
	t.addSubscriptions()
	t.addCredits()
	t.addStatements()
	t.addMessageTemplates()
	t.addOAuthApplications()
	t.addEnterprise()
}

func (t *tables) addUsers() {
	t.users = addKind(t, "users", kind[api.User]{noun: "user", object: "user", prefix: "user"}, func(u *api.User) string { return u.ID })
	t.usersByEmail = t.users.By(func(u *api.User) []string { return lowered(emails.held(u)) })
	t.usersByPhone = t.users.By(phones.held)
	t.usersByWallet = t.users.By(func(u *api.User) []string {
		_, _, wallets := identifierTexts(u)
		return lowered(wallets)
	})
	t.usersByProvider = t.users.By(func(u *api.User) []string {
		var list []string
		for _, a := range u.ExternalAccounts {
			list = append(list, a.Provider)
		}
		return list
	})
	t.usersByIdentification = t.users.By(func(u *api.User) []string { return append(emails.ids(u), phones.ids(u)...) })
	t.usersByName = t.users.By(one(func(u *api.User) string { return strings.ToLower(clerk.Value(u.Username)) }))
	t.usersByOwnID = t.users.By(one(func(u *api.User) string { return clerk.Value(u.ExternalID) }))
}

func lowered(list []string) []string {
	out := make([]string, len(list))
	for n, text := range list {
		out[n] = strings.ToLower(text)
	}
	return out
}

func (t *tables) addSessions() {
	t.sessions = addKind(t, "sessions", kind[session]{noun: "session", object: "session", prefix: "sess"}, func(s *session) string { return s.ID })
	t.sessionsOfUser = t.sessions.By(one(func(s *session) string { return s.UserID }))
	t.sessionsOfClient = t.sessions.By(one(func(s *session) string { return s.ClientID }))
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
	t.templates = addKind(t, "jwt_templates", kind[template]{noun: "JWT template", object: "jwt_template", prefix: "jtmp"}, func(t *template) string { return t.ID })
}

func (t *tables) addMachines() {
	t.machines = addKind(t, "machines", kind[machine]{noun: "machine", object: "machine", prefix: "mch", listing: resource.Listing[machine]{
		Search: func(m *machine) []string { return []string{m.Name} },
		Orders: map[string]func(a, b *machine) int{
			"name":       resource.By(func(m *machine) string { return m.Name }),
			"created_at": resource.By(func(m *machine) clerk.Timestamp { return m.CreatedAt }),
		},
		ByDefault: "-created_at",
	}}, func(m *machine) string { return m.ID })
	t.apiKeys = addKind(t, "api_keys", kind[api.APIKey]{noun: "API key", object: "api_key", prefix: "ak"}, func(k *api.APIKey) string { return k.ID })
	t.apiKeyBySecret = t.apiKeys.By(one(func(k *api.APIKey) string { return k.Secret }))
	t.apiKeysOfSubject = t.apiKeys.By(one(func(k *api.APIKey) string { return k.Subject }))
	t.m2mTokens = addKind(t, "m2m_tokens", kind[api.M2MToken]{noun: "M2M token", object: "machine_to_machine_token", prefix: "mt"}, func(t *api.M2MToken) string { return t.ID })
	t.m2mByToken = t.m2mTokens.By(one(func(t *api.M2MToken) string { return t.Token }))
	t.oauthTokens = addKind(t, "oauth_tokens", kind[SeedOAuthToken]{noun: "access token", object: "clerk_idp_oauth_access_token", prefix: "oat"}, func(t *SeedOAuthToken) string { return t.ID })
	t.oauthByToken = t.oauthTokens.By(one(func(t *SeedOAuthToken) string { return t.Token }))
	t.oauthTokensOfSubject = t.oauthTokens.By(one(func(t *SeedOAuthToken) string { return t.Subject }))
}
