package clerktest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

// TestAllUsers checks that an iterator over 250 users yields each once, newest first.
func TestAllUsers(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	client := instance.Client()
	var want []string
	for n := range 250 {
		u := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set(fmt.Sprint(n))})
		want = append(want, u.ID)
	}
	slices.Reverse(want)
	for _, limit := range []clerk.Optional[int]{{}, clerk.Set(7), clerk.Set(500)} {
		var got []string
		for u, err := range users.AllUsers(t.Context(), client, users.ListUsersParams{Limit: limit}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, u.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %v (-want +got):\n%s", limit, diff)
		}
	}
	page, err := users.ListUsers(t.Context(), client, users.ListUsersParams{})
	if err != nil || len(page.Data) != 10 {
		t.Errorf("a page without a limit: %v", err)
	}
	page, err = users.ListUsers(t.Context(), client, users.ListUsersParams{Offset: clerk.Set(250)})
	if err != nil || len(page.Data) != 0 {
		t.Errorf("a page after the last: %v", err)
	}
	var cursor []string
	params := users.ListUsersParams{Limit: clerk.Set(100)}
	for {
		page, err := users.ListUsers(t.Context(), client, params)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range page.Data {
			cursor = append(cursor, u.ID)
		}
		if len(page.Data) < 100 {
			break
		}
		params.StartingAfter = clerk.Set(page.Data[99].ID)
	}
	if diff := cmp.Diff(want, cursor); diff != "" {
		t.Errorf("by cursor (-want +got):\n%s", diff)
	}
}

// newTeam creates five users, one per hour. The clock then stands an hour after the
// last.
func newTeam(t *testing.T) (*clerktest.Instance, *clock) {
	t.Helper()
	c := newClock()
	instance := startInstance(t, clerktest.WithClock(c.now))
	for n, name := range []string{"Ada", "Bob", "Cyd", "Dan", "Eve"} {
		lower := strings.ToLower(name)
		instance.CreateUser(users.CreateUserParams{
			FirstName: clerk.Set(name), LastName: clerk.Set("Of " + string(rune('Z'-n))), Username: clerk.Set(lower),
			ExternalID:   clerk.Set("ext-" + lower),
			EmailAddress: clerk.Set([]string{lower + "@example.com"}),
			PhoneNumber:  clerk.Set([]string{fmt.Sprintf("+1555555010%d", n)}),
			Banned:       clerk.Set(n == 1),
		})
		c.advance(time.Hour)
	}
	return instance, c
}

func TestListUsersFilters(t *testing.T) {
	t.Parallel()
	instance, c := newTeam(t)
	ids := idsOf(instance)
	ago := func(hours int) int64 { return c.now().Add(-time.Duration(hours) * time.Hour).UnixMilli() }
	instance.CreateSession(ids["eve"])
	c.advance(time.Hour)
	instance.CreateSession(ids["ada"])
	for _, tc := range []struct {
		query, want string
	}{
		{"", "eve dan cyd bob ada"},
		{"email_address=ADA@example.com&email_address=eve@example.com&email_address=no@example.com", "eve ada"},
		{"phone_number=%2B15555550102", "cyd"},
		{"username=bob&username=nobody", "bob"},
		{"external_id=ext-ada&external_id=%2Bext-bob", "bob ada"},
		{"external_id=-ext-ada", "eve dan cyd bob"},
		{"external_id=+ext-bob", "bob"},
		{"user_id=" + ids["cyd"], "cyd"},
		{"user_id=-" + ids["cyd"] + "&user_id=-" + ids["eve"], "dan bob ada"},
		{"user_id=%2B" + ids["cyd"] + "&user_id=%2B" + ids["eve"] + "&user_id=-" + ids["eve"], "cyd"},
		{"organization_id=org_1", ""},
		{"organization_id=-org_1", "eve dan cyd bob ada"},
		{"query=EVE%40", "eve"}, // the random IDs have no @
		{"query=%2B15555550103", "dan"},
		{"query=ada%20of", "ada"},
		{"query=" + ids["dan"][8:20], "dan"},
		{"email_address_query=A%40EXAMPLE", "ada"},
		{"phone_number_query=0104", "eve"},
		{"username_query=b", "bob"},
		{"name_query=of%20y", "bob"},
		{"banned=true", "bob"},
		{"banned=false", "eve dan cyd ada"},
		{fmt.Sprintf("created_at_after=%d", ago(4)), "eve dan"},
		{fmt.Sprintf("created_at_before=%d", ago(5)), "ada"},
		{fmt.Sprintf("created_at_before=%d&created_at_after=%d", ago(3), ago(5)), "cyd"},
		{fmt.Sprintf("last_sign_in_at_after=%d", ago(1)), "ada"},
		{fmt.Sprintf("last_active_at_before=%d", ago(0)), "eve"},
		{fmt.Sprintf("last_active_at_since=%d", ago(2)), "eve ada"},
		{"provider=oauth_google&provider_user_id=1", ""},
		{"banned=false&query=example&username=ada&username=bob", "ada"},
	} {
		if got := listUsernames(t, instance, "/users?"+tc.query); got != tc.want {
			t.Errorf("GET /users?%s returns %q, want %q", tc.query, got, tc.want)
		}
		count := send(t, instance, "GET", "/users/count?"+tc.query, "")
		if want := fmt.Sprintf(`{"object":"total_count","total_count":%d}`, len(strings.Fields(tc.want))); string(count.body) != want {
			t.Errorf("GET /users/count?%s returns %s, want %s", tc.query, count.body, want)
		}
	}
}

// idsOf returns the IDs of users by username.
func idsOf(instance *clerktest.Instance) map[string]string {
	ids := map[string]string{}
	for _, u := range instance.Seed().Users {
		ids[*u.Username] = u.ID
	}
	return ids
}

// listUsernames returns the usernames of a list, separated by spaces.
func listUsernames(t *testing.T, instance *clerktest.Instance, path string) string {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	query := clerk.Query{}
	for name, values := range u.Query() {
		query[name] = values
	}
	list, err := clerk.Call[clerk.List[users.User]](t.Context(), instance.Client(), clerk.Request{Method: "GET", Path: u.Path, Query: query})
	if err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	var got []string
	for _, u := range list.Data {
		got = append(got, *u.Username)
	}
	return strings.Join(got, " ")
}

func TestListUsersOrder(t *testing.T) {
	t.Parallel()
	instance, _ := newTeam(t)
	instance.CreateSession(idsOf(instance)["cyd"])
	for order, want := range map[string]string{
		"created_at":        "ada bob cyd dan eve",
		"%2Bcreated_at":     "ada bob cyd dan eve",
		"+created_at":       "ada bob cyd dan eve",
		"-created_at":       "eve dan cyd bob ada",
		"last_name":         "eve dan cyd bob ada",
		"-first_name":       "eve dan cyd bob ada",
		"username":          "ada bob cyd dan eve",
		"-email_address":    "eve dan cyd bob ada",
		"phone_number":      "ada bob cyd dan eve",
		"web3wallet":        "ada bob cyd dan eve",
		"-updated_at":       "eve dan cyd bob ada",
		"-last_active_at":   "cyd eve dan bob ada",
		"last_sign_in_at":   "ada bob dan eve cyd",
		"username&offset=3": "dan eve",
		"username&limit=2":  "ada bob",
	} {
		if got := listUsernames(t, instance, "/users?order_by="+order); got != want {
			t.Errorf("order %s: %q, want %q", order, got, want)
		}
	}
}

func TestListUsersRefusals(t *testing.T) {
	t.Parallel()
	instance, _ := newTeam(t)
	many := "username=a" + strings.Repeat("&username=a", 100)
	for query, want := range map[string]string{
		"order_by=age":                       "form_param_value_invalid order_by",
		"order_by=--username":                "form_param_value_invalid order_by",
		"starting_after=x&order_by=username": "form_param_value_invalid order_by",
		"starting_after=x&offset=1":          "form_conditional_param_disallowed offset",
		"starting_after=x":                   "form_resource_not_found starting_after",
		"provider=oauth_google":              "form_conditional_param_missing provider",
		many:                                 "form_param_array_size_exceeded username",
	} {
		got := send(t, instance, "GET", "/users?"+query, "")
		if problems := got.problemLines(t); got.status != 422 || problems[0] != want {
			t.Errorf("GET /users?%.60s = %d %v, want %s", query, got.status, problems, want)
		}
	}
}
