package emulator

import (
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

const billingSeed = `{
	"users": [{"id": "user_1", "email_addresses": [{"email_address": "ada@example.com"}]}],
	"organizations": [{"id": "org_1", "name": "Acme", "slug": "acme"}],
	"plans": [
		{"id": "cplan_free", "name": "Free", "slug": "free", "is_default": true},
		{"id": "cplan_pro", "name": "Pro", "slug": "pro", "free_trial_enabled": true, "fee": {"amount": 1000, "amount_formatted": "10.00", "currency": "USD", "currency_symbol": "$"}},
		{"id": "cplan_team", "name": "Team", "slug": "team", "for_payer_type": "org"}],
	"discounts": [{"id": "disc_1", "name": "Early", "percent_off": 20}, {"id": "disc_2", "name": "Late", "amount_off": 100, "cycles": 3}],
	"subscription_items": [{"id": "subi_1", "owner_id": "user_1", "plan_id": "cplan_pro"}, {"id": "subi_2", "owner_id": "user_1", "plan_id": "cplan_pro", "is_free_trial": true}],
	"statements": [{"id": "stmt_1", "payer": {"id": "payer_1"}, "groups": [{"object": "commerce_statement_group", "items": []}]}]
}`

var _ = scenario("billing", func(t *testing.T, w *world) {
	ctx := t.Context()
	seed, err := clerktest.ParseSeed([]byte(billingSeed))
	if err != nil {
		t.Fatal(err)
	}
	w = w.another(t, clerktest.WithSeed(seed))

	plans := must[*clerk.List[api.Plan]](t)(billing.ListPlans(ctx, w.client, billing.ListPlansParams{PayerType: clerk.Set(api.PayerTypeUser)}))
	fit(t, len(plans.Data) == 2, "%d plans are for users", len(plans.Data))
	price := must[*api.Price](t)(billing.CreatePrice(ctx, w.client, billing.CreatePriceParams{PlanID: "cplan_pro", Amount: 2000}))
	_, err = billing.CreatePrice(ctx, w.client, billing.CreatePriceParams{PlanID: "cplan_none", Amount: 1})
	refused(t, err, 404, "resource_not_found")
	prices := must[*clerk.List[api.Price]](t)(billing.ListPrices(ctx, w.client, billing.ListPricesParams{PlanID: clerk.Set("cplan_pro")}))
	fit(t, len(prices.Data) == 2, "the plan has %d prices", len(prices.Data))
	var standard *api.Price
	for _, p := range prices.Data {
		if p.IsDefault {
			standard = p
		}
	}

	statements := must[*clerk.List[api.Statement]](t)(billing.ListStatements(ctx, w.client, billing.ListStatementsParams{}))
	fit(t, must[*api.Statement](t)(billing.GetStatement(ctx, w.client, statements.Data[0].ID)).ID == "stmt_1", "another statement")
	must[*clerk.List[api.PaymentAttempt]](t)(billing.ListStatementPaymentAttempts(ctx, w.client, "stmt_1", billing.ListStatementPaymentAttemptsParams{}))

	items := must[*clerk.List[api.SubscriptionItem]](t)(billing.ListSubscriptionItems(ctx, w.client, billing.ListSubscriptionItemsParams{Query: clerk.Set("ADA@")}))
	fit(t, len(items.Data) == 2, "%d items are listed", len(items.Data))
	redeemed := must[*api.DiscountRedemption](t)(billing.ApplySubscriptionItemDiscount(ctx, w.client, "subi_1", billing.ApplySubscriptionItemDiscountParams{DiscountID: "disc_2"}))
	fit(t, *redeemed.CyclesRemaining == 3, "the discount is %+v", redeemed)
	_, err = billing.ApplySubscriptionItemDiscount(ctx, w.client, "subi_1", billing.ApplySubscriptionItemDiscountParams{DiscountID: "disc_2"})
	refused(t, err, 409, "discount_already_applied")
	must[*api.DiscountRedemption](t)(billing.ApplySubscriptionItemDiscount(ctx, w.client, "subi_1", billing.ApplySubscriptionItemDiscountParams{DiscountID: "disc_1"}))
	must[*api.DiscountRedemption](t)(billing.RemoveSubscriptionItemDiscount(ctx, w.client, "subi_1", "disc_1"))
	_, err = billing.RemoveSubscriptionItemDiscount(ctx, w.client, "subi_1", "disc_1")
	refused(t, err, 404, "resource_not_found")

	end := time.Now().Add(48 * time.Hour).Truncate(time.Millisecond)
	trial := must[*api.SubscriptionItemDetails](t)(billing.ExtendSubscriptionItemFreeTrial(ctx, w.client, "subi_2", billing.ExtendSubscriptionItemFreeTrialParams{ExtendTo: end}))
	fit(t, trial.PeriodEnd.Time().Equal(end), "the trial ends at %v, want %v", trial.PeriodEnd, end)
	_, err = billing.ExtendSubscriptionItemFreeTrial(ctx, w.client, "subi_2", billing.ExtendSubscriptionItemFreeTrialParams{ExtendTo: time.Now().AddDate(2, 0, 0)})
	refused(t, err, 422, "form_param_value_invalid")

	moved := must[*api.PriceTransition](t)(billing.CreatePriceTransition(ctx, w.client, "subi_1", billing.CreatePriceTransitionParams{FromPriceID: standard.ID, ToPriceID: price.ID}))
	fit(t, moved.Transition.EffectiveMode == api.PriceTransitionModeImmediate && *moved.SubscriptionItem.PriceID == price.ID, "the transition is %+v", moved.Transition)
	_, err = billing.CreatePriceTransition(ctx, w.client, "subi_1", billing.CreatePriceTransitionParams{FromPriceID: standard.ID, ToPriceID: price.ID})
	refused(t, err, 409, "subscription_item_state_invalid")
	back := must[*api.PriceTransition](t)(billing.CreatePriceTransition(ctx, w.client, moved.SubscriptionItem.ID, billing.CreatePriceTransitionParams{FromPriceID: price.ID, ToPriceID: standard.ID}))
	fit(t, back.Transition.EffectiveMode == api.PriceTransitionModeEndOfPeriod, "the transition is %+v", back.Transition)

	canceled := must[*api.SubscriptionItem](t)(billing.CancelSubscriptionItem(ctx, w.client, "subi_2", billing.CancelSubscriptionItemParams{EndNow: clerk.Set(true)}))
	fit(t, canceled.EndedAt != nil && canceled.Status == api.SubscriptionItemStatusEnded, "the item is %+v", canceled)
	_, err = billing.CancelSubscriptionItem(ctx, w.client, "subi_2", billing.CancelSubscriptionItemParams{})
	refused(t, err, 422, "subscription_item_state_invalid")

	own := must[*api.Subscription](t)(billing.GetUserSubscription(ctx, w.client, "user_1"))
	fit(t, len(own.SubscriptionItems) == 2, "the subscription has %d items", len(own.SubscriptionItems))
	must[*api.Subscription](t)(billing.GetOrganizationSubscription(ctx, w.client, "org_1"))
	_, err = billing.GetUserSubscription(ctx, w.client, "user_2")
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("credits", func(t *testing.T, w *world) {
	ctx := t.Context()
	seed, err := clerktest.ParseSeed([]byte(billingSeed))
	if err != nil {
		t.Fatal(err)
	}
	w = w.another(t, clerktest.WithSeed(seed))
	fit(t, must[*api.CreditBalance](t)(billing.GetUserCreditBalance(ctx, w.client, "user_1")).Balance == nil, "who never had credits has a balance")
	add := billing.AdjustUserCreditBalanceParams{Amount: 500, Action: api.CreditBalanceActionIncrease, IdempotencyKey: "a"}
	first := must[*api.CreditLedgerEntry](t)(billing.AdjustUserCreditBalance(ctx, w.client, "user_1", add))
	again := must[*api.CreditLedgerEntry](t)(billing.AdjustUserCreditBalance(ctx, w.client, "user_1", add))
	fit(t, first.ID == again.ID, "the same key adjusts twice")
	add.Amount = 400
	_, err = billing.AdjustUserCreditBalance(ctx, w.client, "user_1", add)
	refused(t, err, 409, "idempotency_key_in_use")
	_, err = billing.AdjustUserCreditBalance(ctx, w.client, "user_1", billing.AdjustUserCreditBalanceParams{Amount: 501, Action: api.CreditBalanceActionDecrease, IdempotencyKey: "b"})
	refused(t, err, 422, "form_param_value_invalid")
	must[*api.CreditLedgerEntry](t)(billing.AdjustUserCreditBalance(ctx, w.client, "user_1", billing.AdjustUserCreditBalanceParams{Amount: 200, Action: api.CreditBalanceActionDecrease, IdempotencyKey: "c", Note: clerk.Set("used")}))
	fit(t, must[*api.CreditBalance](t)(billing.GetUserCreditBalance(ctx, w.client, "user_1")).Balance.Amount == 300, "the balance is not 300")
	must[*api.CreditLedgerEntry](t)(billing.AdjustOrganizationCreditBalance(ctx, w.client, "org_1", billing.AdjustOrganizationCreditBalanceParams{Amount: 5, Action: api.CreditBalanceActionIncrease, IdempotencyKey: "d"}))
	fit(t, must[*api.CreditBalance](t)(billing.GetOrganizationCreditBalance(ctx, w.client, "org_1")).Balance.AmountFormatted == "0.05", "the balance is written otherwise")
})
