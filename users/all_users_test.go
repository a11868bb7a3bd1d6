package users_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// TestAllUsersRequestsPages checks the cursor or offset that AllUsers sends for each
// page: a cursor where the API supports one, otherwise an offset.
func TestAllUsersRequestsPages(t *testing.T) {
	t.Parallel()
	two := clerk.Set(2)
	for _, test := range []struct {
		name   string
		params users.ListUsersParams
		want   []string
	}{
		{"by cursor", users.ListUsersParams{Limit: two}, []string{"", "after user_1", "after user_3"}},
		{"by cursor, starting after a user", users.ListUsersParams{Limit: two, StartingAfter: clerk.Set("user_0")}, []string{"after user_0", "after user_1", "after user_3"}},
		{"by cursor, oldest first", users.ListUsersParams{Limit: two, OrderBy: clerk.Set("+created_at")}, []string{"", "after user_1", "after user_3"}},
		{"by cursor, with offset 0", users.ListUsersParams{Limit: two, Offset: clerk.Set(0)}, []string{" offset 0", "after user_1 offset 0", "after user_3 offset 0"}},
		{"by offset", users.ListUsersParams{Limit: two, Offset: clerk.Set(6)}, []string{" offset 6", " offset 7", " offset 8", " offset 9"}},
		{"by offset in another order", users.ListUsersParams{Limit: two, OrderBy: clerk.Set("username")}, []string{"", " offset 1", " offset 2", " offset 3"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var requested []string
			server := httptest.NewServer(&clerktest.Handlers{ListUsers: func(_ context.Context, params users.ListUsersParams) (*clerk.List[users.User], error) {
				page, from := "", 2*len(requested)
				if after, ok := params.StartingAfter.Get(); ok {
					page = "after " + after
				}
				if offset, ok := params.Offset.Get(); ok {
					page += fmt.Sprintf(" offset %d", offset)
					if offset > 0 {
						from = offset - test.params.Offset.Or(0)
					}
				}
				requested = append(requested, page)
				list := &clerk.List[users.User]{}
				for n := from; n < min(from+2, 4); n++ {
					list.Data = append(list.Data, &users.User{ID: fmt.Sprintf("user_%d", n)})
				}
				return list, nil
			}})
			defer server.Close()
			client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL+"/prefix"))
			if err != nil {
				t.Fatal(err)
			}
			seen := 0
			for _, err := range users.AllUsers(t.Context(), client, test.params) {
				if err != nil {
					t.Fatal(err)
				}
				seen++
			}
			if diff := cmp.Diff(test.want, requested); diff != "" || seen != 4 {
				t.Errorf("%d users, want 4; pages (-want +got):\n%s", seen, diff)
			}
		})
	}
}
