package clerk_test

import (
	"context"
	"errors"
	"expvar"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// metrics returns hooks that count calls by operation and status, and the milliseconds
// that attempts waited for retries and rate limits.
func metrics(calls, waits *expvar.Map) clerk.Hooks {
	return clerk.Hooks{
		Attempt: func(_ context.Context, a clerk.AttemptInfo) {
			waits.Add(a.Operation, a.Wait.Milliseconds())
		},
		Done: func(_ context.Context, result clerk.CallResult) {
			outcome := fmt.Sprint(result.Status)
			switch {
			case result.Status == 0 && errors.Is(result.Err, clerk.ErrRateLimited):
				outcome = "held back"
			case result.Status == 0:
				outcome = "no response"
			}
			calls.Add(result.Operation+" "+outcome, 1)
		},
	}
}

// Numbers of calls by operation and status. Operations are few and known, so that each
// can be a label.
func ExampleWithHooks_metrics() {
	api := httptest.NewServer(http.NotFoundHandler())
	defer api.Close()
	var calls, waits expvar.Map
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL), clerk.WithHooks(metrics(&calls, &waits)))
	if err != nil {
		log.Fatal(err)
	}
	for _, id := range []string{"user_1", "user_2"} {
		if _, err := users.GetUser(context.Background(), client, id); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(calls.String())
	// Output:
	// clerk: users.GetUser: 404 Not Found
	// clerk: users.GetUser: 404 Not Found
	// {"users.GetUser 404": 2}
}
