package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestHooksFollowACallAndItsContextReachesTheTransport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type span struct{}
		var got []string
		hooks := func(name string) clerk.Hooks {
			return clerk.Hooks{
				Start: func(ctx context.Context, c clerk.CallInfo) context.Context {
					got = append(got, fmt.Sprintf("%s start %s %s %s %d", name, c.Operation, c.Method, c.Path, c.RequestSize))
					return context.WithValue(ctx, span{}, fmt.Sprint(ctx.Value(span{}), name))
				},
				Attempt: func(ctx context.Context, a clerk.AttemptInfo) {
					got = append(got, fmt.Sprintf("%s attempt %d %d %v %v %v", name, a.Attempt, a.Status, a.Wait, a.Retry, ctx.Value(span{})))
				},
				Done: func(_ context.Context, r clerk.CallResult) {
					got = append(got, fmt.Sprintf("%s done %d %d %v %v", name, r.Attempts, r.Status, r.Duration, errors.Is(r.Err, clerk.ErrNotFound)))
				},
			}
		}
		sent := 0
		rt := roundTripper(func(r *http.Request) (*http.Response, error) {
			sent++
			got = append(got, fmt.Sprint("sent with ", r.Context().Value(span{})))
			if sent == 1 {
				return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"2"}}, Body: http.NoBody}, nil
			}
			return &http.Response{StatusCode: 404, Body: http.NoBody}, nil
		})
		c := newQuotaClient(t, rt, clerk.WithHooks(hooks("a")), clerk.WithHooks(clerk.Hooks{}), clerk.WithHooks(hooks("b")))
		_, _ = clerk.Call[thing](t.Context(), c, clerk.Request{Method: "POST", Path: "/things/{id}", IDs: []string{"secret"}, Body: "1234", Operation: "things.Make"})
		_, _ = clerk.Call[thing](t.Context(), c, get("/things/{id}", "/")) // refused: no hooks
		want := []string{
			"a start things.Make POST /things/{id} 6", "b start things.Make POST /things/{id} 6",
			"sent with <nil>ab", "b attempt 1 429 0s true <nil>ab", "a attempt 1 429 0s true <nil>ab",
			"sent with <nil>ab", "b attempt 2 404 2s false <nil>ab", "a attempt 2 404 2s false <nil>ab",
			"b done 2 404 2s true", "a done 2 404 2s true",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
