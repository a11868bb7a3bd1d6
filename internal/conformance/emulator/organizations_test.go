package emulator

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// dot is an image of one point.
var dot, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=")

// person adds a user with an email address.
func (w *world) person(t *testing.T, email string) string {
	t.Helper()
	return must[*api.User](t)(users.CreateUser(t.Context(), w.client, users.CreateUserParams{EmailAddress: clerk.Set([]string{email})})).ID
}

// organization adds an organization that a user has created.
func (w *world) organization(t *testing.T, name, creator string) *api.Organization {
	t.Helper()
	return must[*api.Organization](t)(organizations.CreateOrganization(t.Context(), w.client, organizations.CreateOrganizationParams{Name: name, CreatedBy: clerk.Set(creator)}))
}

var _ = scenario("organizations", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada := w.person(t, "ada@example.com")
	acme := w.organization(t, "Acme, Inc.", ada)
	again := w.organization(t, "ACME Inc", ada)
	fit(t, acme.Slug == "acme-inc" && again.Slug == "acme-inc-2", "the slugs are %s and %s", acme.Slug, again.Slug)
	fit(t, clerk.Value(acme.CreatedBy) == ada && clerk.Value(acme.RoleSetKey) == "role_set:default" && acme.MaxAllowedMemberships == 5, "the organization is %+v", acme)
	for code, params := range map[string]organizations.CreateOrganizationParams{
		"form_identifier_exists":    {Name: "Other", Slug: clerk.Set("acme-inc")},
		"form_param_format_invalid": {Name: "Other", Slug: clerk.Set("Not a slug")},
		"form_param_value_invalid":  {Name: "visit https://evil.example"},
	} {
		_, err := organizations.CreateOrganization(ctx, w.client, params)
		refused(t, err, 422, code)
	}
	_, err := organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Other", CreatedBy: clerk.Set("user_nobody")})
	refused(t, err, 400, "organization_creator_not_found")
	_, err = organizations.CreateOrganization(ctx, w.client, organizations.CreateOrganizationParams{Name: "Other", RoleSetKey: clerk.Set("role_set:none")})
	refused(t, err, 404, "resource_not_found")

	changed := must[*api.Organization](t)(organizations.UpdateOrganization(ctx, w.client, again.ID, organizations.UpdateOrganizationParams{Name: clerk.Set("Beta"), Slug: clerk.Set("beta"), MaxAllowedMemberships: clerk.Set(1)}))
	fit(t, changed.Slug == "beta" && changed.MaxAllowedMemberships == 1, "the organization is %+v", changed)
	_, err = organizations.UpdateOrganization(ctx, w.client, again.ID, organizations.UpdateOrganizationParams{Slug: clerk.Set("acme-inc")})
	refused(t, err, 422, "form_identifier_exists")
	got := must[*api.Organization](t)(organizations.GetOrganization(ctx, w.client, "beta", organizations.GetOrganizationParams{
		IncludeMembersCount: clerk.Set(true), IncludeMissingMemberWithElevatedPermissions: clerk.Set(true),
	}))
	fit(t, got.ID == again.ID && clerk.Value(got.MembersCount) == 1 && got.MissingMemberWithElevatedPermissions != nil && !*got.MissingMemberWithElevatedPermissions, "the organization is %+v", got)

	merge := organizations.MergeOrganizationMetadataParams{PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"a": 1, "b": 2}))}
	must[*api.Organization](t)(organizations.MergeOrganizationMetadata(ctx, w.client, acme.ID, merge))
	merge.PublicMetadata = clerk.Set(clerk.NewMetadata(map[string]any{"a": nil}))
	merged := must[*api.Organization](t)(organizations.MergeOrganizationMetadata(ctx, w.client, acme.ID, merge))
	fit(t, merged.PublicMetadata.String() == `{"b":2}`, "the metadata are %s", merged.PublicMetadata)
	replaced := must[*api.Organization](t)(organizations.ReplaceOrganizationMetadata(ctx, w.client, acme.ID, organizations.ReplaceOrganizationMetadataParams{PrivateMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"c": 3}))}))
	fit(t, replaced.PublicMetadata.String() == `{"b":2}` && replaced.PrivateMetadata.String() == `{"c":3}`, "the metadata are %s and %s", replaced.PublicMetadata, replaced.PrivateMetadata)

	bob := w.person(t, "bob@example.com")
	w.AddMember(acme.ID, bob, "org:member")
	for want, params := range map[string]organizations.ListOrganizationsParams{
		"Acme, Inc. Beta": {OrderBy: clerk.Set("name"), IncludeMembersCount: clerk.Set(true)},
		"Beta Acme, Inc.": {OrderBy: clerk.Set("members_count")},
		"Acme, Inc.":      {UserID: []string{bob}},
		"Beta":            {UserID: []string{"+" + ada, "-" + bob}},
		"":                {OrganizationID: []string{"org_none"}},
	} {
		list, err := organizations.ListOrganizations(ctx, w.client, params)
		var names strings.Builder
		for n, o := range list.Data {
			if n > 0 {
				names.WriteString(" ")
			}
			names.WriteString(o.Name)
		}
		fit(t, err == nil && names.String() == want, "the list of %+v is %q, %v", params, names.String(), err)
	}
	found, err := users.ListUsers(ctx, w.client, users.ListUsersParams{OrganizationID: []string{acme.ID, "-" + again.ID}})
	fit(t, err == nil && len(found.Data) == 1 && found.Data[0].ID == bob, "the users of one organization and not the other are %v, %v", found, err)
	count := must[*api.Count](t)(users.CountUsers(ctx, w.client, users.CountUsersParams{OrganizationID: []string{acme.ID}}))
	fit(t, count.TotalCount == 2, "%d users are counted", count.TotalCount)

	upload := organizations.UploadOrganizationLogoParams{UploaderUserID: clerk.Set(ada), File: clerk.File{Name: "logo.png", Content: bytes.NewReader(dot)}}
	logo := must[*api.Organization](t)(organizations.UploadOrganizationLogo(ctx, w.client, acme.ID, upload))
	shown, err := http.Get(clerk.Value(logo.ImageURL))
	if err != nil {
		t.Fatal(err)
	}
	defer shown.Body.Close()
	content, err := io.ReadAll(shown.Body)
	fit(t, err == nil && logo.HasImage && bytes.Equal(content, dot) && shown.Header.Get("Content-Type") == "image/png", "the logo of %+v is %q, %v", logo, content, err)
	upload.File.Content = strings.NewReader("not an image")
	_, err = organizations.UploadOrganizationLogo(ctx, w.client, acme.ID, upload)
	refused(t, err, 400, "request_body_invalid")
	logo = must[*api.Organization](t)(organizations.DeleteOrganizationLogo(ctx, w.client, acme.ID))
	fit(t, !logo.HasImage, "the organization keeps the logo: %+v", logo)
	gone, err := http.Get(shown.Request.URL.String())
	if err != nil {
		t.Fatal(err)
	}
	gone.Body.Close()
	fit(t, gone.StatusCode == http.StatusNotFound, "a deleted logo is still served: %s", gone.Status)

	must[*api.DeletedObject](t)(organizations.DeleteOrganization(ctx, w.client, acme.ID))
	_, err = organizations.GetOrganization(ctx, w.client, acme.ID, organizations.GetOrganizationParams{})
	refused(t, err, 404, "resource_not_found")
	left, err := users.ListOrganizationMemberships(ctx, w.client, bob, users.ListOrganizationMembershipsParams{})
	fit(t, err == nil && len(left.Data) == 0, "a member of a deleted organization has %v, %v", left, err)
})

var _ = scenario("organization memberships", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada, bob, cyd := w.person(t, "ada@example.com"), w.person(t, "bob@example.com"), w.person(t, "cyd@example.com")
	org := w.organization(t, "Acme", ada).ID
	made := must[*api.OrganizationMembership](t)(organizations.CreateOrganizationMembership(ctx, w.client, org, organizations.CreateOrganizationMembershipParams{
		UserID: bob, Role: "org:member", PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"a": 1})),
	}))
	fit(t, made.PublicUserData != nil && clerk.Value(made.PublicUserData.Identifier) == "bob@example.com" && made.Organization.ID == org &&
		slices.Equal(made.Permissions, []string{"org:sys_memberships:read", "org:sys_billing:read"}), "the membership is %+v", made)
	for _, c := range []struct {
		organization, user, role string
		status                   int
		code                     string
	}{
		{org, bob, "org:member", 400, "already_a_member_in_organization"},
		{org, "user_nobody", "org:member", 404, "resource_not_found"},
		{org, cyd, "org:nothing", 404, "resource_not_found"},
		{"org_none", cyd, "org:member", 404, "resource_not_found"},
	} {
		_, err := organizations.CreateOrganizationMembership(ctx, w.client, c.organization, organizations.CreateOrganizationMembershipParams{UserID: c.user, Role: c.role})
		refused(t, err, c.status, c.code)
	}
	must[*api.Organization](t)(organizations.UpdateOrganization(ctx, w.client, org, organizations.UpdateOrganizationParams{MaxAllowedMemberships: clerk.Set(2)}))
	_, err := organizations.CreateOrganizationMembership(ctx, w.client, org, organizations.CreateOrganizationMembershipParams{UserID: cyd, Role: "org:member"})
	refused(t, err, 403, "organization_membership_quota_exceeded")

	list, err := organizations.ListOrganizationMemberships(ctx, w.client, org, organizations.ListOrganizationMembershipsParams{OrderBy: clerk.Set("email_address")})
	fit(t, err == nil && list.TotalCount.Or(0) == 2 && list.Data[0].Role == "org:admin", "the members are %v, %v", list, err)
	for _, params := range []organizations.ListOrganizationMembershipsParams{{Role: []string{"org:member"}}, {Query: clerk.Set("BOB@")}, {UserID: []string{"-" + ada}}, {EmailAddress: []string{"bob@example.com"}}} {
		list, err := organizations.ListOrganizationMemberships(ctx, w.client, org, params)
		fit(t, err == nil && len(list.Data) == 1 && list.Data[0].PublicUserData.UserID == bob, "the members of %+v are %v, %v", params, list, err)
	}
	every, err := organizations.ListInstanceOrganizationMemberships(ctx, w.client, organizations.ListInstanceOrganizationMembershipsParams{OrderBy: clerk.Set("-email_address")})
	fit(t, err == nil && len(every.Data) == 2 && every.Data[0].PublicUserData.UserID == bob, "all members are %v, %v", every, err)
	_, err = organizations.ListInstanceOrganizationMemberships(ctx, w.client, organizations.ListInstanceOrganizationMembershipsParams{OrderBy: clerk.Set("colour")})
	refused(t, err, 422, "form_param_value_invalid")

	merged := must[*api.OrganizationMembership](t)(organizations.MergeOrganizationMembershipMetadata(ctx, w.client, org, bob, organizations.MergeOrganizationMembershipMetadataParams{PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"a": nil, "b": 2}))}))
	fit(t, merged.PublicMetadata.String() == `{"b":2}`, "the metadata are %s", merged.PublicMetadata)
	_, err = organizations.UpdateOrganizationMembership(ctx, w.client, org, cyd, organizations.UpdateOrganizationMembershipParams{Role: "org:admin"})
	refused(t, err, 404, "resource_not_found")
	_, err = organizations.DeleteOrganizationMembership(ctx, w.client, org, ada)
	refused(t, err, 400, "organization_minimum_permissions_needed")
	must[*api.OrganizationMembership](t)(organizations.UpdateOrganizationMembership(ctx, w.client, org, bob, organizations.UpdateOrganizationMembershipParams{Role: "org:admin"}))
	must[*api.OrganizationMembership](t)(organizations.DeleteOrganizationMembership(ctx, w.client, org, ada))

	must[*api.DeletedObject](t)(users.DeleteUser(ctx, w.client, bob))
	got := must[*api.Organization](t)(organizations.GetOrganization(ctx, w.client, org, organizations.GetOrganizationParams{IncludeMembersCount: clerk.Set(true)}))
	fit(t, clerk.Value(got.MembersCount) == 0, "after the last user %d members are counted", clerk.Value(got.MembersCount))
})

var _ = scenario("organization invitations", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada, bob, cyd := w.person(t, "ada@example.com"), w.person(t, "bob@example.com"), w.person(t, "cyd@example.com")
	org := w.organization(t, "Acme", ada).ID
	w.AddMember(org, cyd, "org:member")
	invite := func(email, inviter string) (*api.OrganizationInvitation, error) {
		return organizations.CreateOrganizationInvitation(ctx, w.client, org, organizations.CreateOrganizationInvitationParams{
			EmailAddress: email, Role: "org:member", InviterUserID: clerk.Set(inviter), PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"team": "red"})),
		})
	}
	made := must[*api.OrganizationInvitation](t)(invite("bob@example.com", ada))
	fit(t, made.URL != nil && made.RoleName == "Member" && made.PublicInviterData != nil && made.ExpiresAt != nil, "the invitation is %+v", made.Status)
	for _, c := range []struct {
		email, inviter string
		status         int
		code           string
	}{
		{"Bob@example.com", ada, 400, "organization_invitation_not_unique"},
		{"cyd@example.com", ada, 400, "already_a_member_in_organization"},
		{"dan@example.com", bob, 403, "not_a_member_in_organization"},
		{"dan@example.com", cyd, 403, "missing_organization_permission"},
		{"nobody", ada, 422, "form_param_format_invalid"},
	} {
		_, err := invite(c.email, c.inviter)
		refused(t, err, c.status, c.code)
	}
	bulk := organizations.CreateOrganizationInvitationBulkParams{{EmailAddress: "eve@example.com", Role: "org:admin"}, {EmailAddress: "bob@example.com", Role: "org:member"}}
	_, err := organizations.CreateOrganizationInvitationBulk(ctx, w.client, org, bulk)
	refused(t, err, 400, "organization_invitation_not_unique")
	list, err := organizations.CreateOrganizationInvitationBulk(ctx, w.client, org, bulk[:1])
	fit(t, err == nil && len(list.Data) == 1, "the bulk call returned %v, %v", list, err)
	must[*api.OrganizationInvitation](t)(organizations.RevokeOrganizationInvitation(ctx, w.client, org, list.Data[0].ID, organizations.RevokeOrganizationInvitationParams{RequestingUserID: clerk.Set(ada)}))
	_, err = organizations.RevokeOrganizationInvitation(ctx, w.client, org, list.Data[0].ID, organizations.RevokeOrganizationInvitationParams{})
	refused(t, err, 400, "invitation_already_revoked")

	got := must[*api.OrganizationInvitation](t)(organizations.GetOrganizationInvitation(ctx, w.client, org, made.ID))
	fit(t, got.Status == api.InvitationStatusPending, "the invitation is %v", got.Status)
	//lint:ignore SA1019 the operation is there
	pending, err := organizations.ListPendingOrganizationInvitations(ctx, w.client, org, organizations.ListPendingOrganizationInvitationsParams{})
	fit(t, err == nil && len(pending.Data) == 1, "pending are %v, %v", pending, err)
	all, err := organizations.ListOrganizationInvitations(ctx, w.client, org, organizations.ListOrganizationInvitationsParams{Status: []api.InvitationStatus{"pending", "revoked"}, OrderBy: clerk.Set("-email_address")})
	fit(t, err == nil && len(all.Data) == 2 && all.Data[0].EmailAddress == "eve@example.com", "the list is %v, %v", all, err)
	every, err := organizations.ListInstanceOrganizationInvitations(ctx, w.client, organizations.ListInstanceOrganizationInvitationsParams{Status: clerk.Set(api.InvitationStatusPending), Query: clerk.Set("bob")})
	fit(t, err == nil && len(every.Data) == 1 && every.Data[0].PublicOrganizationData != nil, "the list of all is %v, %v", every, err)
	mine, err := users.ListOrganizationInvitations(ctx, w.client, bob, users.ListOrganizationInvitationsParams{})
	fit(t, err == nil && len(mine.Data) == 1 && mine.Data[0].ID == made.ID, "the invitations of the user are %v, %v", mine, err)

	before := must[*api.Organization](t)(organizations.GetOrganization(ctx, w.client, org, organizations.GetOrganizationParams{}))
	joined := w.AcceptInvitation(made.ID, bob)
	after := must[*api.Organization](t)(organizations.GetOrganization(ctx, w.client, org, organizations.GetOrganizationParams{IncludeMembersCount: clerk.Set(true)}))
	fit(t, joined.PublicMetadata.String() == `{"team":"red"}` && clerk.Value(before.PendingInvitationsCount) == 1 && clerk.Value(after.PendingInvitationsCount) == 0 && clerk.Value(after.MembersCount) == 3,
		"the counts are %v and %v", before, after)
	_, err = organizations.RevokeOrganizationInvitation(ctx, w.client, org, made.ID, organizations.RevokeOrganizationInvitationParams{})
	refused(t, err, 400, "invitation_already_accepted")
	_, err = organizations.GetOrganizationInvitation(ctx, w.client, org, "orginv_none")
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("organization domains", func(t *testing.T, w *world) {
	ctx := t.Context()
	ada := w.person(t, "ada@example.com")
	acme, beta := w.organization(t, "Acme", ada).ID, w.organization(t, "Beta", ada).ID
	made := must[*api.OrganizationDomain](t)(organizations.CreateOrganizationDomain(ctx, w.client, acme, organizations.CreateOrganizationDomainParams{Name: "Acme.example"}))
	fit(t, made.Name == "acme.example" && made.AffiliationVerification.Status == "verified" && made.EnrollmentMode == "manual_invitation", "the domain is %+v", made)
	for _, c := range []struct {
		params organizations.CreateOrganizationDomainParams
		status int
		code   string
	}{
		{organizations.CreateOrganizationDomainParams{Name: "acme.EXAMPLE"}, 422, "organization_domain_already_exists"},
		{organizations.CreateOrganizationDomainParams{Name: "gmail.com"}, 422, "organization_domain_common"},
		{organizations.CreateOrganizationDomainParams{Name: "nothing"}, 422, "form_param_format_invalid"},
		{organizations.CreateOrganizationDomainParams{Name: "beta.example", EnrollmentMode: clerk.Set(api.EnrollmentModeEnterpriseSSO)}, 403, "organization_domain_enrollment_mode_not_enabled"},
	} {
		_, err := organizations.CreateOrganizationDomain(ctx, w.client, beta, c.params)
		refused(t, err, c.status, c.code)
	}
	changed := must[*api.OrganizationDomain](t)(organizations.UpdateOrganizationDomain(ctx, w.client, acme, made.ID, organizations.UpdateOrganizationDomainParams{EnrollmentMode: clerk.Set(api.EnrollmentModeAutomaticInvitation), Verified: clerk.Set(false)}))
	fit(t, changed.AffiliationVerification.Status == "unverified" && changed.EnrollmentMode == "automatic_invitation", "the domain is %+v", changed)
	owned := must[*api.OrganizationDomain](t)(organizations.VerifyOrganizationDomainOwnership(ctx, w.client, acme, made.ID))
	fit(t, owned.OwnershipVerification != nil && owned.OwnershipVerification.Strategy == "manual_override" && owned.OwnershipVerification.VerifiedAt != nil, "the domain is %+v", owned)
	list, err := organizations.ListOrganizationDomains(ctx, w.client, acme, organizations.ListOrganizationDomainsParams{Verified: clerk.Set(true)})
	fit(t, err == nil && len(list.Data) == 0, "the verified domains are %v, %v", list, err)
	must[*api.OrganizationDomain](t)(organizations.CreateOrganizationDomain(ctx, w.client, beta, organizations.CreateOrganizationDomainParams{Name: "beta.example"}))
	every, err := organizations.ListInstanceOrganizationDomains(ctx, w.client, organizations.ListInstanceOrganizationDomainsParams{
		EnrollmentMode: []organizations.EnrollmentModeFilter{"manual_invitation", "-automatic_invitation"}, Query: clerk.Set("EXAMPLE"), OrderBy: clerk.Set("name"),
	})
	fit(t, err == nil && len(every.Data) == 1 && every.Data[0].Name == "beta.example" && every.Data[0].PublicOrganizationData != nil, "the list is %v, %v", every, err)
	_, err = organizations.DeleteOrganizationDomain(ctx, w.client, beta, made.ID)
	refused(t, err, 404, "resource_not_found")
	must[*api.DeletedObject](t)(organizations.DeleteOrganizationDomain(ctx, w.client, acme, made.ID))
	must[*api.DeletedObject](t)(organizations.DeleteOrganization(ctx, w.client, beta))
	must[*api.OrganizationDomain](t)(organizations.CreateOrganizationDomain(ctx, w.client, acme, organizations.CreateOrganizationDomainParams{Name: "beta.example"}))
})
