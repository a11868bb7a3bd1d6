package site

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

// pathOf returns the path of an organization's page. Instances without slugs have IDs in
// their paths.
func pathOf(id, slug string) string { return "/orgs/" + cmp.Or(slug, id) }

// activePath returns the path of the active organization, which is the one that the path
// of the request names.
func activePath(r *http.Request) string {
	a := auth.FromContext(r.Context())
	return pathOf(a.OrganizationID, a.OrganizationSlug)
}

// createOrganization makes the user the administrator of a new organization. Its page
// makes it the active one.
func (s *site) createOrganization(w http.ResponseWriter, r *http.Request) error {
	o, err := organizations.CreateOrganization(r.Context(), s.client, organizations.CreateOrganizationParams{
		Name:      strings.TrimSpace(r.PostFormValue("name")),
		CreatedBy: clerk.Set(auth.FromContext(r.Context()).UserID),
	})
	if complaint := complaintOf(err); complaint != "" {
		return s.showAccount(w, r, http.StatusUnprocessableEntity, complaint)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, pathOf(o.ID, o.Slug), http.StatusSeeOther)
	return nil
}

// organizationView shows the members of an organization.
type organizationView struct {
	Members []memberView
	More    int64
}

type memberView struct {
	Name, Identifier, Role string
	You                    bool
}

func (s *site) organization(w http.ResponseWriter, r *http.Request) error {
	a := auth.FromContext(r.Context())
	list, err := organizations.ListOrganizationMemberships(r.Context(), s.client, a.OrganizationID, organizations.ListOrganizationMembershipsParams{
		OrderBy: clerk.Set("+created_at"), Limit: clerk.Set(maxListed),
	})
	if err != nil {
		return err
	}
	var shown organizationView
	for _, m := range list.Data {
		line := memberView{Role: roleName(m.Role)}
		if u := m.PublicUserData; u != nil {
			line.Identifier, line.You = clerk.Value(u.Identifier), u.UserID == a.UserID
			line.Name = strings.TrimSpace(clerk.Value(u.FirstName) + " " + clerk.Value(u.LastName))
		}
		shown.Members = append(shown.Members, line)
	}
	shown.More = list.TotalCount.Or(0) - int64(len(list.Data))
	return s.showInOrganization(w, r, "organization", shown)
}

// showInOrganization shows a page of the active organization.
func (s *site) showInOrganization(w http.ResponseWriter, r *http.Request, page string, shown any) error {
	v, err := s.view(r, "")
	if err != nil {
		return err
	}
	if v.Active == nil {
		return clerk.ErrNotFound // the user has just left it
	}
	v.Title, v.Tab, v.Page = v.Active.Name, page, shown
	return show(w, http.StatusOK, page, v)
}

// settingsView is the page for administrators.
type settingsView struct {
	Invitations []invitationView
	Email, Role string // that the form has
}

type invitationView struct{ ID, Email, Role string }

func (s *site) settings(w http.ResponseWriter, r *http.Request) error {
	return s.showSettings(w, r, http.StatusOK, "")
}

func (s *site) showSettings(w http.ResponseWriter, r *http.Request, status int, complaint string) error {
	a := auth.FromContext(r.Context())
	list, err := organizations.ListOrganizationInvitations(r.Context(), s.client, a.OrganizationID, organizations.ListOrganizationInvitationsParams{
		Status: []organizations.InvitationStatus{api.InvitationStatusPending}, Limit: clerk.Set(maxListed),
	})
	if err != nil {
		return err
	}
	shown := settingsView{Email: r.PostFormValue("email"), Role: cmp.Or(r.PostFormValue("role"), "org:member")}
	for _, v := range list.Data {
		shown.Invitations = append(shown.Invitations, invitationView{v.ID, v.EmailAddress, roleName(v.Role)})
	}
	v, err := s.view(r, "Settings")
	if err != nil {
		return err
	}
	v.Tab, v.Complaint, v.Page = "settings", complaint, shown
	return show(w, status, "settings", v)
}

// invite lets Clerk send an invitation, whose link leads to the sign-in page of the
// instance.
func (s *site) invite(w http.ResponseWriter, r *http.Request) error {
	a := auth.FromContext(r.Context())
	_, err := organizations.CreateOrganizationInvitation(r.Context(), s.client, a.OrganizationID, organizations.CreateOrganizationInvitationParams{
		EmailAddress:  strings.TrimSpace(r.PostFormValue("email")),
		Role:          r.PostFormValue("role"),
		InviterUserID: clerk.Set(a.UserID),
	})
	return s.changed(w, r, err)
}

// revokeInvitation names the active organization, so it reaches no invitation of another.
func (s *site) revokeInvitation(w http.ResponseWriter, r *http.Request) error {
	a := auth.FromContext(r.Context())
	_, err := organizations.RevokeOrganizationInvitation(r.Context(), s.client, a.OrganizationID, r.PathValue("id"), organizations.RevokeOrganizationInvitationParams{
		RequestingUserID: clerk.Set(a.UserID),
	})
	return s.changed(w, r, err)
}

// changed leads back to the settings after a change, or shows there why Clerk refused it.
func (s *site) changed(w http.ResponseWriter, r *http.Request, err error) error {
	if complaint := complaintOf(err); complaint != "" {
		return s.showSettings(w, r, http.StatusUnprocessableEntity, complaint)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, activePath(r)+"/settings", http.StatusSeeOther)
	return nil
}

// confirmLeave is the page for members. Administrators have none, because an
// organization needs one.
func (s *site) confirmLeave(w http.ResponseWriter, r *http.Request) error {
	return s.showInOrganization(w, r, "leave", nil)
}

func (s *site) leave(w http.ResponseWriter, r *http.Request) error {
	a := auth.FromContext(r.Context())
	if _, err := organizations.DeleteOrganizationMembership(r.Context(), s.client, a.OrganizationID, a.UserID); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}
