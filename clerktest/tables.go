package clerktest

import (
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
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

	sessionTables
	clientTables
	templateTables
	machineTables
	apiKeyTables
	m2mTokenTables
	oauthTokenTables
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
	t.addClients()
	t.addTemplates()
	t.addMachines()
	t.addAPIKeys()
	t.addM2MTokens()
	t.addOAuthTokens()
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
	addSeeded(t, "users", &t.users, kind[api.User]{
		noun: "user", object: "user", prefix: "user", component: "User", more: credentialMembers(),
		seed: func(s *Seed) *[]api.User { return &s.Users },
		fill: (*Instance).fillUser, complete: (*Instance).completeUser,
	}, func(u *api.User) string { return u.ID })
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
