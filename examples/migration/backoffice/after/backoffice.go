// Package after is a back office for the organizations of customers.
package after

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

type service struct{ client *clerk.Client }

// New returns the service, which is for members of the organization staff.
func New(client *clerk.Client) (http.Handler, error) {
	authn, err := auth.New(client, auth.WithoutCookies())
	if err != nil {
		return nil, err
	}
	s := service{client}
	authorize := authn.Require(auth.If(func(a *auth.Auth) bool { return a.OrganizationSlug == "staff" }))
	staff := func(next http.HandlerFunc) http.Handler { return authorize(next) }
	mux := http.NewServeMux()
	mux.Handle("GET /organizations", staff(s.listOrganizations))
	mux.Handle("GET /organizations/{id}/members", staff(s.listMembers))
	mux.Handle("PATCH /organizations/{id}/members/{user}", staff(s.changeRole))
	mux.Handle("DELETE /organizations/{id}/members/{user}", staff(s.removeMember))
	mux.Handle("POST /organizations/{id}/invitations", staff(s.invite))
	return mux, nil
}

type organizationRow struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Members int    `json:"members"`
}

func (s service) listOrganizations(w http.ResponseWriter, r *http.Request) {
	const size = 2
	page, err := strconv.ParseInt(r.FormValue("page"), 10, 32)
	if err != nil || page < 1 {
		page = 1
	}
	params := organizations.ListOrganizationsParams{
		IncludeMembersCount: clerk.Set(true),
		OrderBy:             clerk.Set("name"),
		Limit:               clerk.Set(size),
		Offset:              clerk.Set((int(page) - 1) * size),
	}
	if query := r.FormValue("query"); query != "" {
		params.Query = clerk.Set(query)
	}
	list, err := organizations.ListOrganizations(r.Context(), s.client, params)
	if err != nil {
		fail(w, err)
		return
	}
	rows := []organizationRow{}
	for _, o := range list.Data {
		rows = append(rows, organizationRow{ID: o.ID, Name: o.Name, Members: clerk.Value(o.MembersCount)})
	}
	respond(w, http.StatusOK, map[string]any{"organizations": rows, "total": list.TotalCount})
}

type member struct {
	UserID string    `json:"user_id"`
	Email  string    `json:"email"`
	Role   string    `json:"role"`
	Since  time.Time `json:"since"`
}

func memberOf(m *organizations.OrganizationMembership) member {
	person := clerk.Value(m.PublicUserData)
	return member{person.UserID, clerk.Value(person.Identifier), m.Role, m.CreatedAt.Time().UTC()}
}

func (s service) listMembers(w http.ResponseWriter, r *http.Request) {
	members := []member{}
	for m, err := range organizations.AllOrganizationMemberships(r.Context(), s.client, r.PathValue("id"), organizations.ListOrganizationMembershipsParams{
		Role:    r.URL.Query()["role"],
		OrderBy: clerk.Set("+email_address"),
	}) {
		if err != nil {
			fail(w, err)
			return
		}
		members = append(members, memberOf(m))
	}
	respond(w, http.StatusOK, members)
}

func (s service) changeRole(w http.ResponseWriter, r *http.Request) {
	var body struct{ Role string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	changed, err := organizations.UpdateOrganizationMembership(r.Context(), s.client, r.PathValue("id"), r.PathValue("user"),
		organizations.UpdateOrganizationMembershipParams{Role: body.Role})
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, memberOf(changed))
}

func (s service) removeMember(w http.ResponseWriter, r *http.Request) {
	_, err := organizations.DeleteOrganizationMembership(r.Context(), s.client, r.PathValue("id"), r.PathValue("user"))
	if err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s service) invite(w http.ResponseWriter, r *http.Request) {
	var body struct{ Email, Role string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	invitation, err := organizations.CreateOrganizationInvitation(r.Context(), s.client, r.PathValue("id"), organizations.CreateOrganizationInvitationParams{
		EmailAddress:    body.Email,
		Role:            body.Role,
		PrivateMetadata: clerk.SetMetadata(map[string]string{"invited_by": auth.FromContext(r.Context()).UserID}),
	})
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusCreated, map[string]string{
		"id": invitation.ID, "email": invitation.EmailAddress, "role": invitation.Role, "status": string(invitation.Status),
	})
}

// fail explains the refusals that people in the office can do something about.
func fail(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, clerk.ErrInvalidRequest): // not sent
		respond(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
	case clerk.HasCode(err, "organization_invitation_not_unique"):
		respond(w, http.StatusConflict, map[string]string{"error": "already_invited"})
	case clerk.HasCode(err, "already_a_member_in_organization"):
		respond(w, http.StatusConflict, map[string]string{"error": "already_a_member"})
	case clerk.HasCode(err, "organization_minimum_permissions_needed"):
		respond(w, http.StatusConflict, map[string]string{"error": "last_administrator"})
	case errors.Is(err, clerk.ErrNotFound):
		respond(w, http.StatusNotFound, map[string]string{"error": "not_found"})
	case errors.Is(err, clerk.ErrUnprocessable):
		refusal, _ := errors.AsType[*clerk.Error](err)
		respond(w, http.StatusUnprocessableEntity, map[string]string{"error": refusal.Problems[0].LongMessage})
	default:
		respond(w, http.StatusBadGateway, map[string]string{"error": "clerk_unavailable"})
	}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
