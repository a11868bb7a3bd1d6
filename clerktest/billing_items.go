package clerktest

import (
	"context"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// maxTrialExtension is how far ahead the end of a trial can be.
const maxTrialExtension = 365 * 24 * time.Hour

func (i *Instance) setSubscriptionItemHandlers(h *Handlers) {
	h.CancelSubscriptionItem = i.cancelSubscriptionItem
	h.ApplySubscriptionItemDiscount = i.applyDiscount
	h.RemoveSubscriptionItemDiscount = i.removeDiscount
	h.ExtendSubscriptionItemFreeTrial = i.extendTrial
	h.CreatePriceTransition = i.createPriceTransition
}

// wrongItem returns the error for an item whose state forbids a change.
func wrongItem(status int, why string) error {
	return failure(status, "subscription_item_state_invalid", why, "")
}

func (i *Instance) cancelSubscriptionItem(_ context.Context, itemID string, params billing.CancelSubscriptionItemParams) (*api.SubscriptionItem, error) {
	return write(i, func() (*api.SubscriptionItem, error) {
		now := i.now()
		v, err := i.items.change(itemID, now, nil, func(v *SeedSubscriptionItem) error {
			plan := i.plans.Get(clerk.Value(v.PlanID))
			switch {
			case plan == nil || isFree(plan):
				return wrongItem(http.StatusUnprocessableEntity, "a free plan cannot be canceled")
			case v.EndedAt != nil || v.CanceledAt != nil && !params.EndNow.Or(false):
				return wrongItem(http.StatusUnprocessableEntity, "the item is canceled already")
			}
			v.CanceledAt = new(clerk.At(now))
			v.Status = api.SubscriptionItemStatusCanceled
			if params.EndNow.Or(false) {
				v.Status, v.EndedAt, v.PeriodEnd = api.SubscriptionItemStatusEnded, new(clerk.At(now)), new(clerk.At(now))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showItem(v), nil
	})
}

// activeRedemption returns the discount that an item has, or nil.
func (i *Instance) activeRedemption(itemID string) *api.DiscountRedemption {
	for _, r := range i.redemptionsOfItem.All(itemID) {
		if clerk.Value(r.Status) == api.DiscountRedemptionStatusActive {
			return r
		}
	}
	return nil
}

func (i *Instance) applyDiscount(_ context.Context, itemID string, params billing.ApplySubscriptionItemDiscountParams) (*api.DiscountRedemption, error) {
	return write(i, func() (*api.DiscountRedemption, error) {
		if _, err := i.items.existing(itemID); err != nil {
			return nil, err
		}
		discount, err := i.discounts.existing(params.DiscountID)
		if err != nil {
			return nil, err
		}
		if has := i.activeRedemption(itemID); has != nil {
			if has.DiscountID == discount.ID {
				return nil, failure(http.StatusConflict, "discount_already_applied", "the item has the discount already", "discount_id")
			}
			i.endRedemption(has)
		}
		r := &api.DiscountRedemption{
			SubscriptionItemID: itemID, DiscountID: discount.ID, Name: &discount.Name, Source: api.DiscountSourceManual,
			CyclesRemaining: discount.Cycles, Status: new(api.DiscountRedemptionStatusActive), RedeemedAt: clerk.At(i.now()),
			Effect: new(api.DiscountEffectPercentage), PercentOff: discount.PercentOff,
		}
		if discount.PercentOff == nil {
			r.Effect, r.AmountOff = new(api.DiscountEffectFixedAmount), money(discount.AmountOff)
		}
		resource.Begin(r, newID("cdr", i.now()), "commerce_discount_redemption", i.now())
		i.redemptions.Put(r)
		return r, nil
	})
}

func (i *Instance) endRedemption(r *api.DiscountRedemption) *api.DiscountRedemption {
	removed := *r
	removed.Status = new(api.DiscountRedemptionStatusRemoved)
	i.redemptions.Put(&removed)
	return &removed
}

func (i *Instance) removeDiscount(_ context.Context, itemID, discountID string) (*api.DiscountRedemption, error) {
	return write(i, func() (*api.DiscountRedemption, error) {
		if _, err := i.items.existing(itemID); err != nil {
			return nil, err
		}
		has := i.activeRedemption(itemID)
		if has == nil || has.DiscountID != discountID {
			return nil, notFound("discount", discountID)
		}
		return i.endRedemption(has), nil
	})
}

func (i *Instance) extendTrial(_ context.Context, itemID string, params billing.ExtendSubscriptionItemFreeTrialParams) (*api.SubscriptionItemDetails, error) {
	return write(i, func() (*api.SubscriptionItemDetails, error) {
		now := i.now()
		v, err := i.items.change(itemID, now, nil, func(v *SeedSubscriptionItem) error {
			plan := i.plans.Get(clerk.Value(v.PlanID))
			switch {
			case plan == nil || !plan.FreeTrialEnabled || !v.IsFreeTrial:
				return wrongItem(http.StatusUnprocessableEntity, "the item is not in a free trial")
			case !params.ExtendTo.After(now) || params.ExtendTo.After(now.Add(maxTrialExtension)):
				return invalid("form_param_value_invalid", "extend_to", "must be in the future, at most 365 days ahead")
			}
			v.PeriodEnd = new(clerk.At(params.ExtendTo))
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.itemDetails(v), nil
	})
}

// itemDetails returns an item in the other of the two forms that the API has for it.
func (i *Instance) itemDetails(v *SeedSubscriptionItem) *api.SubscriptionItemDetails {
	shown := i.showItem(v)
	details := &api.SubscriptionItemDetails{}
	resource.Copy(details, *shown, "plan", "payer", "credits", "totals", "seats")
	if shown.Plan != nil {
		details.Plan = planDetails(shown.Plan)
	}
	details.Amount = money(i.amountOf(v))
	resource.Complete(details)
	return details
}

func planDetails(p *api.Plan) *api.PlanDetails {
	details := &api.PlanDetails{}
	resource.Copy(details, *p, "description", "avatar_url")
	monthly, yearly, discounted := clerk.Value(p.Fee), clerk.Value(p.AnnualFee), clerk.Value(p.AnnualMonthlyFee)
	details.Amount, details.AmountFormatted = monthly.Amount, formatted(monthly.Amount)
	details.AnnualAmount, details.AnnualAmountFormatted = yearly.Amount, formatted(yearly.Amount)
	details.AnnualMonthlyAmount, details.AnnualMonthlyAmountFormatted = discounted.Amount, formatted(discounted.Amount)
	details.Currency, details.CurrencySymbol = "USD", "$"
	details.Description, details.AvatarURL = clerk.Value(p.Description), clerk.Value(p.AvatarURL)
	details.PayerType = []api.PayerType{p.ForPayerType}
	resource.Complete(details)
	return details
}

// createPriceTransition moves an item to another price: at once to one that is not
// cheaper, and otherwise at the end of the period. Nothing is charged.
func (i *Instance) createPriceTransition(_ context.Context, itemID string, params billing.CreatePriceTransitionParams) (*api.PriceTransition, error) {
	return write(i, func() (*api.PriceTransition, error) {
		old, err := i.items.existing(itemID)
		if err != nil {
			return nil, err
		}
		from, to := i.priceByID(params.FromPriceID), i.priceByID(params.ToPriceID)
		plan := i.plans.Get(clerk.Value(old.PlanID))
		switch {
		case from == nil:
			return nil, notFound("price", params.FromPriceID)
		case to == nil:
			return nil, notFound("price", params.ToPriceID)
		case plan == nil || old.EndedAt != nil || clerk.Value(old.PriceID) != from.ID && (old.PriceID != nil || i.defaultPrice(plan).ID != from.ID):
			return nil, wrongItem(http.StatusConflict, "the item does not have the price from_price_id")
		}
		return i.moveItem(old, plan, from, to), nil
	})
}

func (i *Instance) moveItem(old *SeedSubscriptionItem, plan *api.Plan, from, to *api.Price) *api.PriceTransition {
	now := i.now()
	next, previous := *old, *old
	next.ID, next.PlanID, next.PriceID = newID("subi", now), &to.PlanID, &to.ID
	next.CanceledAt, next.IsFreeTrial = nil, false
	resource.Touch(&next, now)
	resource.Touch(&previous, now)
	transition := api.PriceTransitionDetails{
		PreviousPlan: *planDetails(plan), PreviousPrice: *from, PreviousSubscriptionItemID: old.ID,
		EffectiveMode: api.PriceTransitionModeImmediate, EffectiveAt: clerk.At(now),
	}
	if to.Amount >= from.Amount || old.PeriodEnd == nil {
		previous.Status, previous.EndedAt = api.SubscriptionItemStatusEnded, new(clerk.At(now))
		next.Status, next.PeriodStart = api.SubscriptionItemStatusActive, clerk.At(now)
	} else {
		previous.Status, previous.CanceledAt = api.SubscriptionItemStatusCanceled, new(clerk.At(now))
		next.Status, next.PeriodStart, next.PeriodEnd = api.SubscriptionItemStatusUpcoming, *old.PeriodEnd, nil
		transition.EffectiveMode, transition.EffectiveAt = api.PriceTransitionModeEndOfPeriod, *old.PeriodEnd
	}
	transition.PreviousSubscriptionItemStatus, transition.NextBillingDate = previous.Status, old.PeriodEnd
	i.items.Put(&previous)
	i.items.Put(&next)
	return &api.PriceTransition{Object: "commerce_price_transition", SubscriptionItem: *i.itemDetails(&next), Transition: transition}
}
