package clerktest_test

import "time"

var _ = populate(map[string]string{
	"plans": `[{"id": "cplan_1", "name": "Pro", "slug": "pro", "free_trial_enabled": true, "fee": {"amount": 1000, "amount_formatted": "10.00", "currency": "USD", "currency_symbol": "$"}},
		{"id": "cplan_2", "name": "Free", "slug": "free", "is_default": true}]`,
	"prices":    `[{"id": "cprice_1", "plan_id": "cplan_1", "amount": 1000}, {"id": "cprice_2", "plan_id": "cplan_1", "amount": 2000}]`,
	"discounts": `[{"id": "disc_1", "name": "Early", "percent_off": 20}, {"id": "disc_2", "name": "Late", "amount_off": 100, "cycles": 3}]`,
	"subscription_items": `[{"id": "subi_1", "owner_id": "user_1", "plan_id": "cplan_1", "price_id": "cprice_1"},
		{"id": "subi_2", "owner_id": "user_1", "plan_id": "cplan_1", "is_free_trial": true}]`,
	"discount_redemptions": `[{"id": "cdr_1", "subscription_item_id": "subi_2", "discount_id": "disc_1", "source": "manual", "status": "active"}]`,
	"credits":              `[{"id": "ccl_1", "owner_id": "user_1", "amount": 500, "idempotency_key": "first"}]`,
	"statements":           `[{"id": "stmt_1", "groups": [{"object": "commerce_statement_group", "items": []}]}]`,
})

var _ = rightly(map[string]rightRequest{
	"CreatePrice":                     {body: map[string]any{"plan_id": "cplan_1", "amount": 100}},
	"GetStatement":                    {ids: []string{"stmt_1"}},
	"ListStatementPaymentAttempts":    {ids: []string{"stmt_1"}},
	"CancelSubscriptionItem":          {ids: []string{"subi_1"}},
	"ApplySubscriptionItemDiscount":   {ids: []string{"subi_1"}, body: map[string]any{"discount_id": "disc_1"}},
	"RemoveSubscriptionItemDiscount":  {ids: []string{"subi_2", "disc_1"}},
	"ExtendSubscriptionItemFreeTrial": {ids: []string{"subi_2"}, body: map[string]any{"extend_to": time.Now().Add(24 * time.Hour).Format(time.RFC3339)}},
	"CreatePriceTransition":           {ids: []string{"subi_1"}, body: map[string]any{"from_price_id": "cprice_1", "to_price_id": "cprice_2"}},
	"GetUserSubscription":             {ids: oneUser},
	"GetUserCreditBalance":            {ids: oneUser},
	"AdjustUserCreditBalance":         {ids: oneUser, body: map[string]any{"amount": 5, "action": "increase", "idempotency_key": "new"}},
	"GetOrganizationSubscription":     {ids: []string{"org_1"}},
	"GetOrganizationCreditBalance":    {ids: []string{"org_1"}},
	"AdjustOrganizationCreditBalance": {ids: []string{"org_1"}, body: map[string]any{"amount": 5, "action": "increase", "idempotency_key": "new"}},
})
