package clients

import (
	"net/http"

	sdk "github.com/clerk/clerk-sdk-go/v2"
	"github.com/clerk/clerk-sdk-go/v2/organization"
	"github.com/clerk/clerk-sdk-go/v2/organizationdomain"
	"github.com/clerk/clerk-sdk-go/v2/organizationinvitation"
	"github.com/clerk/clerk-sdk-go/v2/organizationmembership"
	"github.com/clerk/clerk-sdk-go/v2/user"
)

func goOrganizations(p *program) {
	ctx := p.ctx
	text, yes := sdk.String, new(true)
	person := func(address string) *sdk.User {
		return got(p, "user.Create", func(u *sdk.User) bool { return u.ID != "" })(user.Create(ctx, &user.CreateParams{EmailAddresses: &[]string{address}, Password: text(goodPassword)}))
	}
	owner, worker := person("owner@acme.example"), person("worker@acme.example")
	before := got(p, "organization.List", func(l *sdk.OrganizationList) bool { return int(l.TotalCount) == len(l.Organizations) })(organization.List(ctx, &organization.ListParams{ListParams: sdk.ListParams{Limit: sdk.Int64(100)}}))
	acme := got(p, "organization.Create", func(o *sdk.Organization) bool {
		return o.Slug == "acme" && o.CreatedBy == owner.ID && string(compact(o.PublicMetadata)) == `{"tier":"gold"}`
	})(organization.Create(ctx, &organization.CreateParams{Name: text("Acme"), Slug: text("acme"), CreatedBy: &owner.ID, PublicMetadata: raw(`{"tier":"gold"}`)}))
	fails[sdk.Organization](p, "organization.Create", http.StatusBadRequest, "organization_creator_not_found")(organization.Create(ctx, &organization.CreateParams{Name: text("Nobody"), CreatedBy: text("user_nobody")}))
	got(p, "organization.Get", func(o *sdk.Organization) bool { return o.ID == acme.ID })(organization.Get(ctx, "acme"))
	got(p, "organization.GetWithParams", func(o *sdk.Organization) bool { return *o.MembersCount == 1 })(organization.GetWithParams(ctx, acme.ID, &organization.GetParams{IncludeMembersCount: yes}))
	got(p, "organization.List", func(l *sdk.OrganizationList) bool { return l.TotalCount == before.TotalCount+1 })(organization.List(ctx, &organization.ListParams{}))
	got(p, "organization.List", func(l *sdk.OrganizationList) bool {
		return l.TotalCount == 1 && l.Organizations[0].ID == acme.ID && *l.Organizations[0].MembersCount == 1
	})(organization.List(ctx, &organization.ListParams{Query: text("acm"), UserIDs: []string{owner.ID}, OrderBy: text("-created_at"), IncludeMembersCount: yes}))
	got(p, "organization.Update", func(o *sdk.Organization) bool {
		return o.Name == "Acme Inc." && o.Slug == "acme-inc" && o.MaxAllowedMemberships == 9
	})(
		organization.Update(ctx, acme.ID, &organization.UpdateParams{Name: text("Acme Inc."), Slug: text("acme-inc"), MaxAllowedMemberships: sdk.Int64(9)}))
	got(p, "organization.UpdateMetadata", func(o *sdk.Organization) bool { return string(compact(o.PublicMetadata)) == `{"size":3,"tier":"gold"}` })(
		organization.UpdateMetadata(ctx, acme.ID, &organization.UpdateMetadataParams{PublicMetadata: raw(`{"size":3}`)}))
	got(p, "organization.UpdateLogo", func(o *sdk.Organization) bool { return o.HasImage })(organization.UpdateLogo(ctx, acme.ID, &organization.UpdateLogoParams{File: picture(), UploaderUserID: &owner.ID}))
	got(p, "organization.DeleteLogo", func(o *sdk.Organization) bool { return !o.HasImage })(organization.DeleteLogo(ctx, acme.ID))

	member := func(role string) func(*sdk.OrganizationMembership) bool {
		return func(m *sdk.OrganizationMembership) bool {
			return m.Role == role && m.PublicUserData.UserID == worker.ID
		}
	}
	join := &organizationmembership.CreateParams{OrganizationID: acme.ID, UserID: &worker.ID, Role: text("org:member")}
	got(p, "organizationmembership.Create", member("org:member"))(organizationmembership.Create(ctx, join))
	fails[sdk.OrganizationMembership](p, "organizationmembership.Create", http.StatusBadRequest, "already_a_member_in_organization")(organizationmembership.Create(ctx, join))
	got(p, "organizationmembership.List", func(l *sdk.OrganizationMembershipList) bool { return l.TotalCount == 2 })(organizationmembership.List(ctx, &organizationmembership.ListParams{OrganizationID: acme.ID}))
	got(p, "organizationmembership.List", func(l *sdk.OrganizationMembershipList) bool {
		return l.TotalCount == 1 && l.OrganizationMemberships[0].PublicUserData.UserID == worker.ID
	})(organizationmembership.List(ctx, &organizationmembership.ListParams{OrganizationID: acme.ID, Roles: []string{"org:member"}, EmailAddresses: []string{"worker@acme.example"}, OrderBy: text("-created_at")}))
	got(p, "organizationmembership.Update", member("org:admin"))(organizationmembership.Update(ctx, &organizationmembership.UpdateParams{OrganizationID: acme.ID, UserID: worker.ID, Role: text("org:admin")}))
	got(p, "user.ListOrganizationMemberships", func(l *sdk.OrganizationMembershipList) bool {
		return l.TotalCount == 1 && l.OrganizationMemberships[0].Role == "org:admin" && l.OrganizationMemberships[0].Organization.ID == acme.ID
	})(user.ListOrganizationMemberships(ctx, worker.ID, &user.ListOrganizationMembershipsParams{}))
	got(p, "user.List", func(l *sdk.UserList) bool { return l.TotalCount == 2 })(user.List(ctx, &user.ListParams{OrganizationIDs: []string{acme.ID}}))

	guest := person("guest@acme.example")
	invite := &organizationinvitation.CreateParams{OrganizationID: acme.ID, EmailAddress: text("guest@acme.example"), Role: text("org:member"), InviterUserID: &owner.ID, RedirectURL: text("https://acme.example/join"), PublicMetadata: raw(`{"from":"fair"}`)}
	invitation := got(p, "organizationinvitation.Create", func(i *sdk.OrganizationInvitation) bool { return i.Status == "pending" && i.OrganizationID == acme.ID })(organizationinvitation.Create(ctx, invite))
	fails[sdk.OrganizationInvitation](p, "organizationinvitation.Create", http.StatusBadRequest, "organization_invitation_not_unique")(organizationinvitation.Create(ctx, invite))
	only := func(l *sdk.OrganizationInvitationList) bool {
		return l.TotalCount == 1 && l.OrganizationInvitations[0].ID == invitation.ID
	}
	got(p, "organizationinvitation.List", only)(organizationinvitation.List(ctx, &organizationinvitation.ListParams{OrganizationID: acme.ID, Statuses: &[]string{"pending"}, EmailAddress: text("guest@acme.example")}))
	got(p, "organizationinvitation.ListFromInstance", only)(organizationinvitation.ListFromInstance(ctx, &organizationinvitation.ListFromInstanceParams{Query: text("guest@acme")}))
	got(p, "organizationinvitation.Get", func(i *sdk.OrganizationInvitation) bool { return i.EmailAddress == "guest@acme.example" })(organizationinvitation.Get(ctx, &organizationinvitation.GetParams{OrganizationID: acme.ID, ID: invitation.ID}))
	got(p, "user.ListOrganizationInvitations", only)(user.ListOrganizationInvitations(ctx, &user.ListOrganizationInvitationsParams{UserID: guest.ID}))
	got(p, "organizationinvitation.Revoke", func(i *sdk.OrganizationInvitation) bool { return i.Status == "revoked" })(organizationinvitation.Revoke(ctx, &organizationinvitation.RevokeParams{OrganizationID: acme.ID, ID: invitation.ID, RequestingUserID: &owner.ID}))
	got(p, "organizationinvitation.List", func(l *sdk.OrganizationInvitationList) bool { return l.TotalCount == 0 })(organizationinvitation.List(ctx, &organizationinvitation.ListParams{OrganizationID: acme.ID, Statuses: &[]string{"pending"}}))

	domain := got(p, "organizationdomain.Create", func(d *sdk.OrganizationDomain) bool {
		return d.Name == "acme.example" && d.Verification.Status == "verified"
	})(
		organizationdomain.Create(ctx, acme.ID, &organizationdomain.CreateParams{Name: text("acme.example"), EnrollmentMode: text("manual_invitation"), Verified: yes}))
	got(p, "organizationdomain.List", func(l *sdk.OrganizationDomainList) bool {
		return l.TotalCount == 1 && l.OrganizationDomains[0].ID == domain.ID
	})(
		organizationdomain.List(ctx, acme.ID, &organizationdomain.ListParams{Verified: yes, EnrollmentModes: &[]string{"manual_invitation"}}))
	got(p, "organizationdomain.Update", func(d *sdk.OrganizationDomain) bool { return d.EnrollmentMode == "automatic_suggestion" })(
		organizationdomain.Update(ctx, &organizationdomain.UpdateParams{OrganizationID: acme.ID, DomainID: domain.ID, EnrollmentMode: text("automatic_suggestion")}))
	got(p, "organizationdomain.Delete", deleted(domain.ID))(organizationdomain.Delete(ctx, &organizationdomain.DeleteParams{OrganizationID: acme.ID, DomainID: domain.ID}))
	got(p, "organizationdomain.List", func(l *sdk.OrganizationDomainList) bool { return l.TotalCount == 0 })(organizationdomain.List(ctx, acme.ID, &organizationdomain.ListParams{}))

	got(p, "organizationmembership.Delete", member("org:admin"))(organizationmembership.Delete(ctx, &organizationmembership.DeleteParams{OrganizationID: acme.ID, UserID: worker.ID}))
	got(p, "organizationmembership.List", func(l *sdk.OrganizationMembershipList) bool { return l.TotalCount == 1 })(organizationmembership.List(ctx, &organizationmembership.ListParams{OrganizationID: acme.ID}))
	got(p, "organization.Delete", deleted(acme.ID))(organization.Delete(ctx, acme.ID))
	fails[sdk.Organization](p, "organization.Get", http.StatusNotFound, "resource_not_found")(organization.Get(ctx, acme.ID))
	got(p, "user.ListOrganizationMemberships", func(l *sdk.OrganizationMembershipList) bool { return l.TotalCount == 0 })(user.ListOrganizationMemberships(ctx, owner.ID, &user.ListOrganizationMembershipsParams{}))
	got(p, "organization.List", func(l *sdk.OrganizationList) bool { return l.TotalCount == before.TotalCount })(organization.List(ctx, &organization.ListParams{}))
}
