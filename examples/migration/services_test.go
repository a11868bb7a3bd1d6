package migration_test

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"

	"github.com/backend-sdk/clerk-go/api"
	sdk "github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	backofficeafter "github.com/backend-sdk/clerk-go/examples/migration/backoffice/after"
	backofficebefore "github.com/backend-sdk/clerk-go/examples/migration/backoffice/before"
	housekeepingafter "github.com/backend-sdk/clerk-go/examples/migration/housekeeping/after"
	housekeepingbefore "github.com/backend-sdk/clerk-go/examples/migration/housekeeping/before"
	profileafter "github.com/backend-sdk/clerk-go/examples/migration/profile/after"
	profilebefore "github.com/backend-sdk/clerk-go/examples/migration/profile/before"
)

// A service is written twice, and both versions get the same requests in the same order. A
// request that the two respond to differently is the last that reads what it changes.
type service struct {
	name          string
	before, after func(*clerktest.Instance) (http.Handler, error)
	requests      []request
}

type request struct {
	what         string // in docs/migration.md
	method, path string
	body         string
	session      string // whose token is in the Authorization header; none if empty
	token        []clerktest.TokenOption
	scheme       string // in front of the token, Bearer by default
	faults       []clerktest.Fault
	why          string // the reason of the difference; there is none if it is empty
}

func services() []service {
	profile := service{
		name: "profile",
		before: func(i *clerktest.Instance) (http.Handler, error) {
			clerk.SetBackend(clerk.NewBackend(&config(i).BackendConfig))
			return profilebefore.New(), nil
		},
		after: func(i *clerktest.Instance) (http.Handler, error) { return profileafter.New(i.Client()) },
	}
	started := profile
	profile.requests, started.requests = profileRequests, coldRequests
	return []service{started, profile, {
		name:     "backoffice",
		before:   func(i *clerktest.Instance) (http.Handler, error) { return backofficebefore.New(config(i)), nil },
		after:    func(i *clerktest.Instance) (http.Handler, error) { return backofficeafter.New(i.Client()) },
		requests: backofficeRequests,
	}, {
		name:     "housekeeping",
		before:   func(i *clerktest.Instance) (http.Handler, error) { return housekeepingbefore.New(config(i)), nil },
		after:    func(i *clerktest.Instance) (http.Handler, error) { return housekeepingafter.New(i.Client()), nil },
		requests: housekeepingRequests,
	}}
}

// config points clerk-sdk-go at an instance.
func config(i *clerktest.Instance) *clerk.ClientConfig {
	return &clerk.ClientConfig{BackendConfig: clerk.BackendConfig{URL: new(i.URL() + "/v1"), Key: new(i.SecretKey())}}
}

// seed returns what the instances of both sides have in the beginning, with keys that no
// other run of the tests has: clerk-sdk-go remembers keys for the whole process.
func seed(now time.Time) clerktest.Seed {
	person := func(name string, inactiveDays int) api.User {
		active := sdk.At(now.AddDate(0, 0, -inactiveDays))
		return api.User{
			ID: "user_" + name, FirstName: &name, LastName: new("Example"), LastActiveAt: &active,
			EmailAddresses: []api.EmailAddress{{ID: "idn_" + name, EmailAddress: name + "@example.com"}},
			PublicMetadata: sdk.NewMetadata(map[string]any{"theme": "dark", "ticket": uint64(1<<63 + 1)}),
			CreatedAt:      sdk.At(now.AddDate(-3, 0, -inactiveDays)),
		}
	}
	session := func(id, name, organization string) clerktest.SeedSession {
		s := clerktest.SeedSession{Session: api.Session{ID: id, UserID: "user_" + name}}
		if organization != "" {
			s.LastActiveOrganizationID = &organization
		}
		return s
	}
	member := func(organization, name, role string) clerktest.SeedMembership {
		return clerktest.SeedMembership{OrganizationID: organization, UserID: "user_" + name, Role: role}
	}
	return clerktest.Seed{
		SecretKey: "sk_test_" + rand.Text(),
		Users: []api.User{
			person("ada", 0), person("bo", 1), person("cleo", 2),
			person("dan", 400), person("eve", 300), person("fay", 200), person("gus", 100), person("hal", 60), person("ida", 40),
		},
		Organizations: []api.Organization{
			{ID: "org_staff", Name: "Staff", Slug: "staff"}, {ID: "org_acme", Name: "Acme", Slug: "acme"},
			{ID: "org_globex", Name: "Globex", Slug: "globex"}, {ID: "org_initech", Name: "Initech", Slug: "initech"},
			{ID: "org_umbrella", Name: "Umbrella", Slug: "umbrella"},
		},
		OrganizationMemberships: []clerktest.SeedMembership{
			member("org_staff", "ada", "org:admin"), member("org_acme", "bo", "org:admin"), member("org_acme", "cleo", "org:member"),
			member("org_acme", "dan", "org:member"), member("org_globex", "eve", "org:admin"),
		},
		Sessions: []clerktest.SeedSession{
			session("sess_ada", "ada", "org_staff"), session("sess_bo", "bo", "org_acme"), session("sess_cleo", "cleo", "org_acme"),
			session("sess_dan1", "dan", ""), session("sess_dan2", "dan", ""), session("sess_fay", "fay", ""), session("sess_hal", "hal", ""),
		},
	}
}
