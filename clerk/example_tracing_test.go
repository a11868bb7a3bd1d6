package clerk_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// span stands for a span of a tracer.
type span struct {
	name       string
	parent     *span
	begin, end time.Time
	status     int
	err        error
}

type spanKey struct{}

// tracing returns hooks that make a span for each call, and one below it for each attempt.
// It is made when the attempt is over, from the time at which it began.
func tracing(export func(*span)) clerk.Hooks {
	parent := func(ctx context.Context) *span {
		s, _ := ctx.Value(spanKey{}).(*span)
		return s
	}
	return clerk.Hooks{
		Start: func(ctx context.Context, call clerk.CallInfo) context.Context {
			return context.WithValue(ctx, spanKey{}, &span{name: call.Operation, parent: parent(ctx), begin: time.Now()})
		},
		Attempt: func(ctx context.Context, a clerk.AttemptInfo) {
			export(&span{
				name: a.Method + " " + a.Path, parent: parent(ctx),
				begin: a.Start, end: a.Start.Add(a.Duration), status: a.Status, err: a.Err,
			})
		},
		Done: func(ctx context.Context, result clerk.CallResult) {
			own := parent(ctx)
			own.end, own.status, own.err = time.Now(), result.Status, result.Err
			export(own)
		},
	}
}

// A span for each call and each attempt, for any tracer. Names and attributes have no ids:
// a path is the one with placeholders.
func ExampleWithHooks_tracing() {
	attempts := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if attempts++; attempts == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, `{"id":"user_1"}`)
	}))
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL), clerk.WithHooks(tracing(func(s *span) {
		if s.parent != nil {
			fmt.Print(s.parent.name, " > ")
		}
		fmt.Println(s.name, s.status)
	})))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := users.GetUser(context.Background(), client, "user_1"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// users.GetUser > GET /users/{user_id} 502
	// users.GetUser > GET /users/{user_id} 200
	// users.GetUser 200
}
