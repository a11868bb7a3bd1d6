package clerktest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/clerktest"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	i.Handlers().ListOrganizations = nil
	send(t, i, "GET", "/users?limit=1&size=2", "")
	send(t, i, "GET", "/users/user%2F1", "")
	send(t, i, "POST", "/nothing", "")
	send(t, i, "DELETE", "/users/user_1", "", "Authorization", "Bearer sk_test_other")
	send(t, i, "GET", "/organizations", "")
	want := []clerktest.Request{
		{Operation: "ListUsers", Method: "GET", Path: "/v1/users", Query: "limit=1&size=2", Ignored: []string{"size"}, Status: 200},
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user%2F1", Status: 404, Code: "resource_not_found"},
		{Method: "POST", Path: "/v1/nothing", Status: 404, Code: "resource_not_found"},
		{Operation: "DeleteUser", Method: "DELETE", Path: "/v1/users/user_1", Status: 401, Code: "clerk_key_invalid"},
		{Operation: "ListOrganizations", Method: "GET", Path: "/v1/organizations", Status: 501, Code: "not_implemented"},
	}
	if diff := cmp.Diff(want, i.Requests(), cmpopts.IgnoreFields(clerktest.Request{}, "Time", "Duration")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	i.ClearRequests()
	if got := i.Requests(); len(got) != 0 {
		t.Errorf("after ClearRequests: %v", got)
	}
}
