package clerktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// TestConcurrentUse calls the instance from several goroutines. It fails under the race
// detector, or if users or changes get lost.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	client := i.Client()
	const callers = 8
	var group sync.WaitGroup
	for n := range callers {
		group.Go(func() {
			ctx := t.Context()
			u, err := users.CreateUser(ctx, client, users.CreateUserParams{Username: clerk.Set(fmt.Sprintf("user%d", n))})
			if err != nil {
				t.Error(err)
				return
			}
			calls := []func() error{
				func() error {
					return errorOf(users.UpdateUser(ctx, client, "user_1", users.UpdateUserParams{FirstName: clerk.Set(fmt.Sprint(n))}))
				},
				func() error {
					return errorOf(users.MergeUserMetadata(ctx, client, "user_1", users.MergeUserMetadataParams{PublicMetadata: clerk.SetMetadata(map[string]any{fmt.Sprint(n): n})}))
				},
				func() error { return errorOf(users.ListUsers(ctx, client, users.ListUsersParams{})) },
				func() error {
					return errorOf(sessions.CreateSession(ctx, client, sessions.CreateSessionParams{UserID: u.ID}))
				},
				func() error {
					return errorOf(sessions.CreateSessionTokenFromTemplate(ctx, client, "sess_1", "supabase", sessions.CreateSessionTokenFromTemplateParams{}))
				},
				func() error { return errorOf(users.DeleteUser(ctx, client, u.ID)) },
			}
			for _, call := range calls {
				if err := call(); err != nil {
					t.Error(err)
				}
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			i.SignIn(r, "user_1")
			i.Inject(clerktest.Fault{Operation: "ListSessions", Times: 1, Status: 500})
			i.Requests()
			i.Seed()
		})
	}
	group.Wait()
	if list := i.Seed().Users; len(list) != 2 || len(metadataOf(t, list[0].PublicMetadata)) != callers {
		t.Errorf("there are %d users, the first with the metadata %s", len(list), list[0].PublicMetadata)
	}
}
