package clerktest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedSubscriptionItem is an item of a subscription in a seed.
type SeedSubscriptionItem struct {
	api.SubscriptionItem
	// OwnerID is the user or the organization that pays.
	OwnerID string `json:"owner_id"`
}

// subscriptionTables hold the items. A subscription is all items of an owner.
type subscriptionTables struct {
	items             kind[SeedSubscriptionItem]
	itemsByOwner      *store.Index[SeedSubscriptionItem]
	redemptions       kind[api.DiscountRedemption]
	redemptionsOfItem *store.Index[api.DiscountRedemption]
}

func (t *tables) addSubscriptions() {
	addSeeded(t, "subscription_items", &t.items, kind[SeedSubscriptionItem]{
		noun: "subscription item", object: "commerce_subscription_item", prefix: "subi", component: "CommerceSubscriptionItem",
		more: membersOf(seedText, "owner_id"),
		seed: func(s *Seed) *[]SeedSubscriptionItem { return &s.SubscriptionItems },
		fill: func(i *Instance, v *SeedSubscriptionItem) {
			v.PeriodStart = cmp.Or(v.PeriodStart, clerk.At(seedBegin))
			if plan := i.plans.Get(clerk.Value(v.PlanID)); v.PeriodEnd == nil && plan != nil && !isFree(plan) {
				v.PeriodEnd = new(clerk.At(seedEnd))
			}
		},
		complete: func(i *Instance, v *SeedSubscriptionItem) error {
			plan := i.plans.Get(clerk.Value(v.PlanID))
			switch {
			case plan == nil:
				return errors.New("plan_id is not the id of a plan")
			case v.PriceID != nil && i.priceByID(*v.PriceID) == nil:
				return errors.New("price_id is not the id of a price")
			case v.OwnerID == "":
				return errors.New("owner_id is the id of a user or an organization")
			}
			v.Status, v.PlanPeriod = cmp.Or(v.Status, api.SubscriptionItemStatusActive), cmp.Or(v.PlanPeriod, api.PlanPeriodMonth)
			v.InstanceID, v.PayerID = i.id, payerID(v.OwnerID)
			return nil
		},
	}, func(v *SeedSubscriptionItem) string { return v.ID })
	t.itemsByOwner = t.items.By(one(func(v *SeedSubscriptionItem) string { return v.OwnerID }))
	addSeeded(t, "discount_redemptions", &t.redemptions, kind[api.DiscountRedemption]{
		noun: "discount", object: "commerce_discount_redemption", prefix: "cdr", component: "CommerceDiscountRedemptionResponse",
		seed: func(s *Seed) *[]api.DiscountRedemption { return &s.DiscountRedemptions },
		fill: func(_ *Instance, v *api.DiscountRedemption) { v.RedeemedAt = cmp.Or(v.RedeemedAt, clerk.At(seedBegin)) },
		complete: func(_ *Instance, v *api.DiscountRedemption) error {
			v.Source = cmp.Or(v.Source, api.DiscountSourceManual)
			return nil
		},
	}, func(v *api.DiscountRedemption) string { return v.ID })
	t.redemptionsOfItem = t.redemptions.By(one(func(r *api.DiscountRedemption) string { return r.SubscriptionItemID }))
}

// payerID returns the ID under which a user or an organization pays.
func payerID(ownerID string) string { return derivedID("payer", ownerID) }

func isFree(p *api.Plan) bool { return clerk.Value(p.Fee).Amount == 0 }

func payerType(ownerID string) api.PayerType {
	if strings.HasPrefix(ownerID, "org_") {
		return api.PayerTypeOrg
	}
	return api.PayerTypeUser
}

// payer describes who pays.
func (i *Instance) payer(ownerID string) *api.Payer {
	p := &api.Payer{Object: "commerce_payer", ID: payerID(ownerID), InstanceID: i.id}
	if u := i.users.Get(ownerID); u != nil {
		p.UserID, p.FirstName, p.LastName, p.ImageURL = &u.ID, u.FirstName, u.LastName, &u.ImageURL
		if email := u.PrimaryEmail(); email != nil {
			p.Email = &email.EmailAddress
		}
	} else if o := i.organizations.Get(ownerID); o != nil {
		p.OrganizationID, p.OrganizationName = &o.ID, &o.Name
	}
	return p
}

// showItem returns an item as the API shows it, with its plan and payer.
func (i *Instance) showItem(v *SeedSubscriptionItem) *api.SubscriptionItem {
	shown := v.SubscriptionItem
	shown.Plan, shown.Payer = i.plans.Get(clerk.Value(v.PlanID)), i.payer(v.OwnerID)
	if shown.Status == api.SubscriptionItemStatusActive && shown.PeriodEnd != nil && shown.CanceledAt == nil {
		shown.NextPayment = &api.SubscriptionItemNextPayment{Amount: money(i.amountOf(v)), Date: shown.PeriodEnd}
	}
	return &shown
}

// amountOf returns what an item costs a period, in cents.
func (i *Instance) amountOf(v *SeedSubscriptionItem) int64 {
	price := i.priceByID(clerk.Value(v.PriceID))
	if price == nil {
		if plan := i.plans.Get(clerk.Value(v.PlanID)); plan != nil {
			price = i.defaultPrice(plan)
		}
	}
	if price == nil {
		return 0
	}
	if v.PlanPeriod == api.PlanPeriodAnnual {
		return 12 * price.AnnualMonthlyAmount
	}
	return price.Amount
}

// ownItems returns the items of an owner. Who has none has the default plan.
func (i *Instance) ownItems(ownerID string) []*SeedSubscriptionItem {
	own := i.itemsByOwner.All(ownerID)
	running := func(v *SeedSubscriptionItem) bool {
		return v.Status != api.SubscriptionItemStatusEnded && v.Status != api.SubscriptionItemStatusUpcoming
	}
	if slices.ContainsFunc(own, running) {
		return own
	}
	plan := i.plans.Find(func(p *api.Plan) bool { return p.IsDefault && p.ForPayerType == payerType(ownerID) })
	if plan == nil {
		return own
	}
	return append(own, &SeedSubscriptionItem{OwnerID: ownerID, SubscriptionItem: api.SubscriptionItem{
		Object: "commerce_subscription_item", ID: derivedID("subi", ownerID), InstanceID: i.id, Status: api.SubscriptionItemStatusActive,
		PlanID: &plan.ID, PlanPeriod: api.PlanPeriodMonth, PayerID: payerID(ownerID), PeriodStart: clerk.At(seedBegin),
	}})
}

func (i *Instance) setSubscriptionHandlers(h *Handlers) {
	h.GetUserSubscription = func(_ context.Context, userID string) (*api.Subscription, error) {
		return read(i, func() (*api.Subscription, error) {
			if _, err := i.users.existing(userID); err != nil {
				return nil, err
			}
			return i.subscription(userID), nil
		})
	}
	h.GetOrganizationSubscription = func(_ context.Context, organizationID string) (*api.Subscription, error) {
		return read(i, func() (*api.Subscription, error) {
			if _, err := i.organizations.existing(organizationID); err != nil {
				return nil, err
			}
			return i.subscription(organizationID), nil
		})
	}
	h.ListSubscriptionItems = i.listSubscriptionItems
}

// subscription returns the subscription of a user or an organization.
func (i *Instance) subscription(ownerID string) *api.Subscription {
	s := &api.Subscription{
		Object: "commerce_subscription", ID: derivedID("sub", ownerID), InstanceID: i.id, Status: api.SubscriptionStatusActive,
		PayerID: payerID(ownerID), CreatedAt: clerk.At(seedBegin), UpdatedAt: clerk.At(seedBegin), ActiveAt: new(clerk.At(seedBegin)),
		SubscriptionItems: []api.SubscriptionItem{},
	}
	for _, v := range i.ownItems(ownerID) {
		if v.Status == api.SubscriptionItemStatusEnded {
			continue
		}
		shown := i.showItem(v)
		s.SubscriptionItems = append(s.SubscriptionItems, *shown)
		s.UpdatedAt = max(s.UpdatedAt, clerk.Value(v.UpdatedAt))
		if v.Status == api.SubscriptionItemStatusPastDue {
			s.Status, s.PastDueAt = api.SubscriptionStatusPastDue, v.PastDueAt
		}
		if next := shown.NextPayment; next != nil {
			s.NextPayment = &api.SubscriptionNextPayment{Date: *next.Date, Amount: *next.Amount}
		}
	}
	return s
}

func (i *Instance) listSubscriptionItems(_ context.Context, params billing.ListSubscriptionItemsParams) (*clerk.List[api.SubscriptionItem], error) {
	query := strings.ToLower(params.Query.Or(""))
	return read(i, func() (*clerk.List[api.SubscriptionItem], error) {
		var list []*api.SubscriptionItem
		for _, v := range slices.Backward(i.items.All()) {
			shown := i.showItem(v)
			free := shown.Plan == nil || isFree(shown.Plan)
			who := clerk.Value(shown.Payer.Email) + "\x00" + clerk.Value(shown.Payer.OrganizationName) + "\x00" + clerk.Value(shown.Payer.FirstName) + " " + clerk.Value(shown.Payer.LastName)
			status := params.Status.Or(billing.SubscriptionItemStatusFilter(v.Status))
			if free && !params.IncludeFree.Or(false) || params.PlanID.Or(clerk.Value(v.PlanID)) != clerk.Value(v.PlanID) ||
				params.PayerType.Or(payerType(v.OwnerID)) != payerType(v.OwnerID) || !strings.Contains(strings.ToLower(who), query) {
				continue
			}
			if status == billing.SubscriptionItemStatusFilterFreeTrial && v.IsFreeTrial || string(status) == string(v.Status) {
				list = append(list, shown)
			}
		}
		return cut(list, params), nil
	})
}
