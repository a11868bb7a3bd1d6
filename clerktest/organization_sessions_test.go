package clerktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// activeIn returns the organization in the o claim of a token, or "".
func activeIn(t *testing.T, token string) string {
	t.Helper()
	o, _ := claimsOf(t, token)["o"].(map[string]any)
	id, _ := o["id"].(string)
	return id
}

func TestPermissionsOfTokensFollowTheRole(t *testing.T) {
	t.Parallel()
	i, org, _, bob := company(t)
	ctx, client := t.Context(), i.Client()
	permission, err := organizations.CreateOrganizationPermission(ctx, client, organizations.CreateOrganizationPermissionParams{Name: "Read", Key: "org:invoices:read"})
	if err != nil {
		t.Fatal(err)
	}
	roles, err := organizations.ListOrganizationRoles(ctx, client, organizations.ListOrganizationRolesParams{Query: clerk.Set("org:member")})
	if err != nil {
		t.Fatal(err)
	}
	read := func() string {
		claims := claimsOf(t, i.Token(clerktest.ForUser(bob), clerktest.InOrganization(org)))
		o, _ := claims["o"].(map[string]any)
		v1 := claimsOf(t, i.Token(clerktest.ForUser(bob), clerktest.Version1()))
		return fmt.Sprint(claims["fea"], " ", o["per"], " ", o["fpm"], " ", v1["org_permissions"])
	}
	if got := read(); got != "<nil> <nil> <nil> []" {
		t.Errorf("before the permission the token has %s", got)
	}
	if _, err := organizations.AssignPermissionToOrganizationRole(ctx, client, roles.Data[0].ID, permission.ID); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "o:invoices read 1 [org:invoices:read]" {
		t.Errorf("with the permission the token has %s", got)
	}
	if _, err := organizations.RemovePermissionFromOrganizationRole(ctx, client, roles.Data[0].ID, permission.ID); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "<nil> <nil> <nil> []" {
		t.Errorf("after the permission the token has %s", got)
	}
}

func TestInOrganizationRefusesNonMembers(t *testing.T) {
	t.Parallel()
	i, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		t.Fatal(err)
	}
	ada := i.CreateUser(users.CreateUserParams{}).ID
	org := i.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme"}).ID
	for _, name := range []string{org, "acme", "org_none"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a token in %s was made for a user who is not a member", name)
				}
			}()
			i.Token(clerktest.ForUser(ada), clerktest.InOrganization(name))
		}()
	}
}

func TestOrganizationStaysInTheSession(t *testing.T) {
	t.Parallel()
	i, org, ada, _ := company(t)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	i.SignInCookies(r, ada, clerktest.InOrganization("acme-inc"))
	for _, token := range []string{i.Token(clerktest.ForUser(ada)), i.Token(clerktest.ForUser(ada))} {
		if got := activeIn(t, token); got != org {
			t.Errorf("the next token has the organization %q", got)
		}
	}
	pinned := i.Token(clerktest.ForUser(ada), clerktest.WithOrganization(clerktest.Organization{ID: "org_other"}))
	if got := activeIn(t, pinned) + " " + activeIn(t, i.Token(clerktest.ForUser(ada))); got != "org_other "+org {
		t.Errorf("with an organization of the test's own and after it: %s", got)
	}
}

func TestDeletedOrganizationIsInNoSession(t *testing.T) {
	t.Parallel()
	i, org, ada, bob := company(t)
	ctx, client := t.Context(), i.Client()
	for _, user := range []string{ada, bob} {
		i.Token(clerktest.ForUser(user), clerktest.InOrganization(org))
	}
	if _, err := organizations.DeleteOrganization(ctx, client, org); err != nil {
		t.Fatal(err)
	}
	list, err := sessions.ListSessions(ctx, client, sessions.ListSessionsParams{UserID: clerk.Set(bob)})
	if err != nil || len(list.Data) != 1 || list.Data[0].LastActiveOrganizationID != nil {
		t.Errorf("the sessions are %+v, %v", list, err)
	}
	for _, user := range []string{ada, bob} {
		if got := activeIn(t, i.Token(clerktest.ForUser(user))); got != "" {
			t.Errorf("a token has the deleted organization %s", got)
		}
	}
	if i.Organization(org) != nil {
		t.Error("the organization is there")
	}
}

func TestNextSessionBeginsInTheOrganizationJoinedLast(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := clerktest.New(t, clerktest.WithClock(c.now))
	ada := i.CreateUser(users.CreateUserParams{}).ID
	step := func() { c.advance(time.Second) }
	first := i.CreateOrganization(organizations.CreateOrganizationParams{Name: "First", CreatedBy: clerk.Set(ada)}).ID
	step()
	second := i.CreateOrganization(organizations.CreateOrganizationParams{Name: "Second"}).ID
	i.AddMember(second, ada, "org:admin")
	step()
	if got := clerk.Value(i.CreateSession(ada).LastActiveOrganizationID); got != second || got == first {
		t.Errorf("the session begins in %q", got)
	}
	step()
	if got := clerk.Value(i.CreateSession(ada).LastActiveOrganizationID); got != "" {
		t.Errorf("the session after it begins in %q", got)
	}
}

func TestHandshakeActivatesAMembership(t *testing.T) {
	t.Parallel()
	i, org, _, bob := company(t)
	other := i.CreateOrganization(organizations.CreateOrganizationParams{Name: "Other"}).ID
	v := visit(t, i)
	v.signIn(t, bob, "http://a.test/")
	for _, step := range []struct{ requested, want string }{
		{org, org}, {other, org}, {"other", org}, {"", ""}, {"acme-inc", org},
	} {
		_, nonce := v.handshake(t, "http://a.test/", "organization_id", step.requested)
		_, directives := v.redeem(t, nonce)
		line := directives[len(directives)-1]
		if got := activeIn(t, line[strings.Index(line, "=")+1:strings.Index(line, ";")]); got != step.want {
			t.Errorf("with organization_id %q the token has %q, want %q", step.requested, got, step.want)
		}
	}
}

func TestInvitationsAreMessages(t *testing.T) {
	t.Parallel()
	i, org, _, _ := company(t)
	ctx, client := t.Context(), i.Client()
	for _, notify := range []bool{true, false} {
		if _, err := organizations.CreateOrganizationInvitation(ctx, client, org, organizations.CreateOrganizationInvitationParams{
			EmailAddress: fmt.Sprintf("%t@example.com", notify), Role: "org:member", Notify: clerk.Set(notify), RedirectURL: clerk.Set("https://app.example/join"),
		}); err != nil {
			t.Fatal(err)
		}
	}
	list := i.Messages()
	if len(list) != 1 || list[0].To != "true@example.com" || list[0].Kind != "organization_invitation" || !strings.HasPrefix(list[0].Link, "https://app.example/join?__clerk_ticket=") {
		t.Errorf("the messages are %v", list)
	}
}
