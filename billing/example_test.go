package billing_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/billing"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// fake starts a server where Ada pays for a plan, and returns a client for it. A
// service makes its client with [clerk.FromEnv].
func fake() (client *clerk.Client, stop func()) {
	end := clerk.At(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
	server := httptest.NewServer(&clerktest.Handlers{
		GetUserSubscription: func(_ context.Context, userID string) (*billing.Subscription, error) {
			if userID != "user_ada" {
				return nil, &clerk.Error{StatusCode: http.StatusNotFound}
			}
			return &billing.Subscription{ID: "csub_1", Status: "active", SubscriptionItems: []api.SubscriptionItem{
				{Status: "active", Plan: &api.Plan{Slug: "pro"}, PeriodEnd: &end},
				{Status: "ended", Plan: &api.Plan{Slug: "starter"}},
			}}, nil
		},
	})
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

// A subscription keeps the items of plans that have ended.
func ExampleGetUserSubscription() {
	client, stop := fake()
	defer stop()

	for _, userID := range []string{"user_ada", "user_grace"} {
		subscription, err := billing.GetUserSubscription(context.Background(), client, userID)
		if errors.Is(err, clerk.ErrNotFound) {
			fmt.Println(userID, "is not known")
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		for _, item := range subscription.SubscriptionItems {
			if item.Status == billing.SubscriptionItemStatusActive && item.Plan != nil {
				fmt.Println(userID, "has", item.Plan.Slug, "until", item.PeriodEnd)
			}
		}
	}
	// Output:
	// user_ada has pro until 2026-06-01T00:00:00.000Z
	// user_grace is not known
}
