package surface

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDeclarationsHaveTheNamesThatCallersWrite(t *testing.T) {
	t.Parallel()
	s := &Surface{
		Models: &Package{Name: "api", Types: []*Type{
			{Name: "User", Kind: Struct, Fields: []Field{{Name: "ID", Type: "string"}, {Name: "Status", Type: "UserStatus"}}},
			{Name: "UserStatus", Kind: Enum, Constants: []Constant{{"UserStatusOn", "on"}}},
		}},
		Domains: []*Package{
			{
				Name: "users", Types: []*Type{
					{Name: "UserStatus", Kind: Alias, Underlying: "api.UserStatus", Constants: []Constant{{"UserStatusOn", "on"}}},
					{Name: "ListUsersParams", Kind: Struct, Fields: []Field{{Name: "Limit", Type: "int"}}},
				},
				Operations: []*Operation{
					{Name: "ListUsers", Package: "users", Params: "ListUsersParams", Result: "clerk.List[api.User]", Iterator: "AllUsers"},
					{Name: "Get", Package: "users", IDs: []ID{{Variable: "id"}}, Result: "api.User"},
				},
			},
			{Name: "sessions", Operations: []*Operation{{Name: "Get", Package: "sessions", IDs: []ID{{Variable: "id", Type: "Key"}}}}},
		},
	}
	want := map[string]string{
		"api.User": "type a struct", "api.User.ID": "field string", "api.User.Status": "field UserStatus",
		"api.UserStatus": "type a string with constants", "api.UserStatusOn": "const UserStatus",
		"users.UserStatus": "type api.UserStatus", "users.UserStatusOn": "const UserStatus",
		"users.ListUsersParams": "type a struct", "users.ListUsersParams.Limit": "field int",
		"users.ListUsers": "func(users.ListUsersParams) clerk.List[api.User]", "users.AllUsers": "iterator(users.ListUsersParams) clerk.List[api.User]",
		"users.Get": "func(string) api.User", "sessions.Get": "func(sessions.Key) ",
		"clerktest.Handlers.ListUsers":   "func(users.ListUsersParams) clerk.List[api.User]",
		"clerktest.Handlers.UsersGet":    "func(string) api.User",
		"clerktest.Handlers.SessionsGet": "func(sessions.Key) ",
	}
	got := s.Declarations(func(pkg string) string { return strings.ToUpper(pkg[:1]) + pkg[1:] })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
