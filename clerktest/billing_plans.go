package clerktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
)

// SeedDiscount is a discount in a seed. The API only refers to discounts.
type SeedDiscount struct {
	ID         string   `json:"id"` // disc_ and letters or digits
	Name       string   `json:"name,omitempty"`
	PercentOff *float64 `json:"percent_off,omitempty"`
	AmountOff  int64    `json:"amount_off,omitempty"` // in the smallest unit of the currency
	Cycles     *int     `json:"cycles,omitempty"`     // how often it applies; nil means always
}

// planTables are what a payer can subscribe to. Plans and discounts come from the seed.
type planTables struct {
	plans     kind[api.Plan]
	prices    kind[api.Price]
	discounts kind[SeedDiscount]
}

func (t *tables) addPlans() {
	addSeeded(t, "plans", &t.plans, kind[api.Plan]{
		noun: "plan", object: "commerce_plan", prefix: "cplan", component: "CommercePlan",
		seed: func(s *Seed) *[]api.Plan { return &s.Plans },
		complete: func(i *Instance, p *api.Plan) error {
			//lint:ignore SA1019 the API still has the member
			p.ProductID = cmp.Or(p.ProductID, derivedID("cprod", i.id))
			p.Slug = cmp.Or(p.Slug, p.ID)
			p.Name, p.ForPayerType = cmp.Or(p.Name, p.Slug), cmp.Or(p.ForPayerType, api.PayerTypeUser)
			return nil
		},
	}, func(p *api.Plan) string { return p.ID })
	addSeeded(t, "prices", &t.prices, kind[api.Price]{
		noun: "price", object: "commerce_price", prefix: "cprice", component: "BillingPriceResponse",
		seed: func(s *Seed) *[]api.Price { return &s.Prices },
		complete: func(i *Instance, p *api.Price) error {
			if i.plans.Get(p.PlanID) == nil {
				return errors.New("plan_id is not the id of a plan")
			}
			i.fillPrice(p)
			return nil
		},
	}, func(p *api.Price) string { return p.ID })
	addSeeded(t, "discounts", &t.discounts, kind[SeedDiscount]{
		noun: "discount", prefix: "disc",
		more: slices.Concat(membersOf(seedText, "id", "name"), membersOf(seedNumber, "amount_off", "cycles"), membersOf(seedAny, "percent_off")),
		seed: func(s *Seed) *[]SeedDiscount { return &s.Discounts },
	}, func(d *SeedDiscount) string { return d.ID })
}

// loadDefaultPlans adds the free plans that every instance has, unless the seed has plans.
func (i *Instance) loadDefaultPlans() {
	if i.plans.Len() > 0 {
		return
	}
	for _, payer := range []api.PayerType{api.PayerTypeUser, api.PayerTypeOrg} {
		slug := "free_" + string(payer)
		p := &api.Plan{
			//lint:ignore SA1019 the API still has the member
			ID: derivedID("cplan", i.id, slug), Object: "commerce_plan", Name: "Free", Slug: slug, ProductID: derivedID("cprod", i.id),
			Fee: money(0), AnnualFee: money(0), AnnualMonthlyFee: money(0), IsDefault: true, PubliclyVisible: true, ForPayerType: payer,
		}
		resource.Complete(p)
		i.plans.Put(p)
	}
}

// money returns an amount of cents in US dollars, the currency of the emulated instance.
func money(cents int64) *api.Money {
	return &api.Money{Amount: cents, AmountFormatted: formatted(cents), Currency: "USD", CurrencySymbol: "$"}
}

func formatted(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

func (i *Instance) setPlanHandlers(h *Handlers) {
	h.ListPlans = func(_ context.Context, params billing.ListPlansParams) (*clerk.List[api.Plan], error) {
		list := slices.DeleteFunc(i.plans.Snapshot(), func(p *api.Plan) bool { return params.PayerType.Or(p.ForPayerType) != p.ForPayerType })
		return cut(list, params), nil
	}
	h.ListPrices = func(_ context.Context, params billing.ListPricesParams) (*clerk.List[api.Price], error) {
		return read(i, func() (*clerk.List[api.Price], error) {
			if id, ok := params.PlanID.Get(); ok && i.plans.Get(id) == nil {
				return nil, notFound("plan", id)
			}
			var list []*api.Price
			for p := range i.plans.Each() {
				list = append(list, i.defaultPrice(p))
			}
			return i.prices.page(append(list, i.prices.All()...), params)
		})
	}
	h.CreatePrice = func(_ context.Context, params billing.CreatePriceParams) (*api.Price, error) {
		return write(i, func() (*api.Price, error) {
			if _, err := i.plans.existing(params.PlanID); err != nil {
				return nil, err
			}
			if params.Amount < 0 || params.AnnualMonthlyAmount.Or(0) < 0 {
				return nil, invalid("form_param_value_invalid", "amount", "cannot be negative")
			}
			return i.prices.create(i.now(), params, func(p *api.Price) error {
				i.fillPrice(p)
				return nil
			})
		})
	}
}

func (i *Instance) fillPrice(p *api.Price) {
	p.InstanceID, p.Currency, p.CurrencySymbol = i.id, cmp.Or(p.Currency, "USD"), "$"
	p.Fee, p.AnnualMonthlyFee = money(p.Amount), money(p.AnnualMonthlyAmount)
	p.SupportedBillingPeriods = cmp.Or(p.SupportedBillingPeriods, api.BillingPeriodsMonth)
}

// defaultPrice returns the price of a plan for whom has no other.
func (i *Instance) defaultPrice(p *api.Plan) *api.Price {
	price := &api.Price{
		ID: derivedID("cprice", p.ID), Object: "commerce_price", PlanID: p.ID, IsDefault: true, CreatedAt: clerk.At(seedBegin),
		Amount: clerk.Value(p.Fee).Amount, AnnualMonthlyAmount: clerk.Value(p.AnnualMonthlyFee).Amount,
		SupportedBillingPeriods: api.BillingPeriodsBoth,
	}
	i.fillPrice(price)
	return price
}

// priceByID returns a price that was made, or the default one of a plan, or nil.
func (i *Instance) priceByID(id string) *api.Price {
	if p := i.prices.Get(id); p != nil {
		return p
	}
	for p := range i.plans.Each() {
		if price := i.defaultPrice(p); price.ID == id {
			return price
		}
	}
	return nil
}
