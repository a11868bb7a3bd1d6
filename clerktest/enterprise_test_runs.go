package clerktest

import (
	"cmp"
	"context"
	"fmt"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// SeedTestRun is a test sign-in through an enterprise connection in a seed.
type SeedTestRun struct {
	api.EnterpriseConnectionTestRun
	EnterpriseConnectionID string `json:"enterprise_connection_id"`
}

type testRunTables struct {
	testRuns             kind[SeedTestRun]
	testRunsOfConnection *store.Index[SeedTestRun]
}

func (t *tables) addTestRuns() {
	addSeeded(t, "enterprise_connection_test_runs", &t.testRuns, kind[SeedTestRun]{
		noun: "test run", prefix: "entrun", component: "EnterpriseConnectionTestRun", more: membersOf(seedText, "enterprise_connection_id"),
		seed: func(s *Seed) *[]SeedTestRun { return &s.EnterpriseConnectionTestRuns },
		complete: func(i *Instance, run *SeedTestRun) error {
			c := i.enterpriseConnections.Get(run.EnterpriseConnectionID)
			if c == nil {
				return fmt.Errorf("enterprise_connection_id is not the id of an enterprise connection")
			}
			run.Status, run.ConnectionType = cmp.Or(run.Status, api.TestRunStatusPending), cmp.Or(run.ConnectionType, c.protocol())
			return nil
		},
	}, func(run *SeedTestRun) string { return run.ID })
	t.testRunsOfConnection = t.testRuns.By(one(func(run *SeedTestRun) string { return run.EnterpriseConnectionID }))
}

func (c *SeedEnterpriseConnection) protocol() api.TestRunConnectionType {
	if c.SAMLConnection != nil {
		return api.TestRunConnectionTypeSAML
	}
	return api.TestRunConnectionTypeOAuth
}

func (i *Instance) setTestRunHandlers(h *Handlers) {
	h.ListEnterpriseConnectionTestRuns = func(_ context.Context, id string, params enterprise.ListEnterpriseConnectionTestRunsParams) (*clerk.List[api.EnterpriseConnectionTestRun], error) {
		return read(i, func() (*clerk.List[api.EnterpriseConnectionTestRun], error) {
			if _, err := i.enterpriseConnections.existing(id); err != nil {
				return nil, err
			}
			page, err := i.testRuns.page(i.testRunsOfConnection.All(id), params)
			if err != nil {
				return nil, err
			}
			return mapped(page, func(run *SeedTestRun) *api.EnterpriseConnectionTestRun { return &run.EnterpriseConnectionTestRun }), nil
		})
	}
	// Nobody signs in at an identity provider, so a run stays pending.
	h.CreateEnterpriseConnectionTestRun = func(_ context.Context, id string) (*api.EnterpriseConnectionTestRunURL, error) {
		return write(i, func() (*api.EnterpriseConnectionTestRunURL, error) {
			c, err := i.enterpriseConnections.existing(id)
			if err != nil {
				return nil, err
			}
			run, err := i.testRuns.create(i.now(), nil, func(run *SeedTestRun) error {
				run.EnterpriseConnectionID, run.Status, run.ConnectionType = id, api.TestRunStatusPending, c.protocol()
				return nil
			})
			if err != nil {
				return nil, err
			}
			return &api.EnterpriseConnectionTestRunURL{URL: i.Issuer() + "/v1/enterprise_connection_test_runs/" + run.ID}, nil
		})
	}
}
