package clerktest

import (
	"context"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
)

// statementTables hold what payers were charged, which comes from the seed: the emulated
// instance charges nobody.
type statementTables struct{ statements kind[api.Statement] }

func (t *tables) addStatements() {
	addSeeded(t, "statements", &t.statements, kind[api.Statement]{
		noun: "statement", object: "commerce_statement", prefix: "stmt", component: "BillingStatement",
		seed: func(s *Seed) *[]api.Statement { return &s.Statements },
		complete: func(i *Instance, s *api.Statement) error {
			s.InstanceID, s.Payer.Object, s.Payer.InstanceID = i.id, "commerce_payer", i.id
			if s.Status == "" {
				s.Status = api.StatementStatusClosed
			}
			return nil
		},
	}, func(s *api.Statement) string { return s.ID })
}

func (i *Instance) setStatementHandlers(h *Handlers) {
	h.ListStatements = func(_ context.Context, params billing.ListStatementsParams) (*clerk.List[api.Statement], error) {
		return i.statements.page(i.statements.Snapshot(), params)
	}
	h.GetStatement = func(_ context.Context, id string) (*api.Statement, error) {
		return read(i, func() (*api.Statement, error) { return i.statements.existing(id) })
	}
	h.ListStatementPaymentAttempts = func(_ context.Context, id string, params billing.ListStatementPaymentAttemptsParams) (*clerk.List[api.PaymentAttempt], error) {
		return read(i, func() (*clerk.List[api.PaymentAttempt], error) {
			s, err := i.statements.existing(id)
			if err != nil {
				return nil, err
			}
			var list []*api.PaymentAttempt
			for _, group := range s.Groups {
				for n := range group.Items {
					list = append(list, &group.Items[n])
				}
			}
			return cut(list, params), nil
		})
	}
}
