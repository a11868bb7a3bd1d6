package clerktest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedCredit is an entry in the ledger of credits in a seed.
type SeedCredit struct {
	ID             string    `json:"id"` // ccl_ and letters or digits
	OwnerID        string    `json:"owner_id"`
	Amount         int64     `json:"amount"` // in the smallest unit of the currency, negative for a decrease
	IdempotencyKey string    `json:"idempotency_key,omitempty"`
	Note           *string   `json:"note,omitempty"`
	At             time.Time `json:"at"`
}

type creditTables struct {
	credits        kind[SeedCredit]
	creditsByOwner *store.Index[SeedCredit]
	creditsByKey   *store.Index[SeedCredit]
}

func (t *tables) addCredits() {
	addSeeded(t, "credits", &t.credits, kind[SeedCredit]{
		noun: "credit", prefix: "ccl",
		more: slices.Concat(membersOf(seedText, "id", "owner_id", "idempotency_key", "note", "at"), membersOf(seedNumber, "amount")),
		seed: func(s *Seed) *[]SeedCredit { return &s.Credits },
		complete: func(_ *Instance, c *SeedCredit) error {
			if c.At.IsZero() {
				c.At = seedBegin
			}
			return nil
		},
	}, func(c *SeedCredit) string { return c.ID })
	t.creditsByOwner = t.credits.By(one(func(c *SeedCredit) string { return c.OwnerID }))
	t.creditsByKey = t.credits.By(one(func(c *SeedCredit) string { return c.IdempotencyKey }))
}

func (i *Instance) setCreditHandlers(h *Handlers) {
	h.GetUserCreditBalance = func(_ context.Context, userID string) (*api.CreditBalance, error) {
		return read(i, func() (*api.CreditBalance, error) {
			_, err := i.users.existing(userID)
			return i.creditBalance(userID), err
		})
	}
	h.GetOrganizationCreditBalance = func(_ context.Context, organizationID string) (*api.CreditBalance, error) {
		return read(i, func() (*api.CreditBalance, error) {
			_, err := i.organizations.existing(organizationID)
			return i.creditBalance(organizationID), err
		})
	}
	h.AdjustUserCreditBalance = func(_ context.Context, userID string, params billing.AdjustUserCreditBalanceParams) (*api.CreditLedgerEntry, error) {
		return write(i, func() (*api.CreditLedgerEntry, error) {
			if _, err := i.users.existing(userID); err != nil {
				return nil, err
			}
			return i.adjustCredits(userID, params)
		})
	}
	h.AdjustOrganizationCreditBalance = func(_ context.Context, organizationID string, params billing.AdjustOrganizationCreditBalanceParams) (*api.CreditLedgerEntry, error) {
		return write(i, func() (*api.CreditLedgerEntry, error) {
			if _, err := i.organizations.existing(organizationID); err != nil {
				return nil, err
			}
			return i.adjustCredits(organizationID, billing.AdjustUserCreditBalanceParams(params))
		})
	}
}

// creditBalance returns what is left of an owner's credits. Who never had any has none.
func (i *Instance) creditBalance(ownerID string) *api.CreditBalance {
	balance := &api.CreditBalance{Object: "commerce_credit_balance"}
	if entries := i.creditsByOwner.All(ownerID); len(entries) > 0 {
		balance.Balance = money(sumOf(entries))
	}
	return balance
}

func sumOf(entries []*SeedCredit) (sum int64) {
	for _, c := range entries {
		sum += c.Amount
	}
	return sum
}

// adjustCredits adds an entry to the ledger. The same key again returns the first entry.
func (i *Instance) adjustCredits(ownerID string, params billing.AdjustUserCreditBalanceParams) (*api.CreditLedgerEntry, error) {
	amount := params.Amount
	if params.Action == api.CreditBalanceActionDecrease {
		amount = -amount
	}
	if known := i.creditsByKey.First(params.IdempotencyKey); known != nil {
		if known.OwnerID != ownerID || known.Amount != amount {
			return nil, failure(http.StatusConflict, "idempotency_key_in_use", "the key belongs to another adjustment", "idempotency_key")
		}
		return showCredit(known), nil
	}
	switch {
	case params.Amount <= 0:
		return nil, invalid("form_param_value_invalid", "amount", "must be positive")
	case params.IdempotencyKey == "":
		return nil, invalid("form_param_missing", "idempotency_key", "is required")
	case params.Currency.Or("USD") != "USD":
		return nil, invalid("form_param_value_invalid", "currency", "must be USD")
	case sumOf(i.creditsByOwner.All(ownerID))+amount < 0:
		return nil, invalid("form_param_value_invalid", "amount", "is more than the balance")
	}
	c := &SeedCredit{ID: newID("ccl", i.now()), OwnerID: ownerID, Amount: amount, IdempotencyKey: params.IdempotencyKey, At: i.now().UTC().Truncate(time.Millisecond)}
	assignPointer(&c.Note, params.Note)
	i.credits.Put(c)
	return showCredit(c), nil
}

func showCredit(c *SeedCredit) *api.CreditLedgerEntry {
	return &api.CreditLedgerEntry{
		Object: "commerce_credit_ledger", ID: c.ID, PayerID: payerID(c.OwnerID), Amount: *money(c.Amount),
		SourceType: "manual", SourceID: c.IdempotencyKey, Note: c.Note, CreatedAt: c.At,
	}
}
