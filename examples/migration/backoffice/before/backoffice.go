//go:build go1.25

// Package before is a back office for the organizations of customers. It is written with
// clerk-sdk-go and Go 1.25.
package before

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/clerk/clerk-sdk-go/v2"
	clerkhttp "github.com/clerk/clerk-sdk-go/v2/http"
	"github.com/clerk/clerk-sdk-go/v2/jwks"
	"github.com/clerk/clerk-sdk-go/v2/organization"
	"github.com/clerk/clerk-sdk-go/v2/organizationinvitation"
	"github.com/clerk/clerk-sdk-go/v2/organizationmembership"
)

type service struct {
	organizations *organization.Client
	memberships   *organizationmembership.Client
	invitations   *organizationinvitation.Client
}

// New returns the service, which is for members of the organization staff.
func New(config *clerk.ClientConfig) http.Handler {
	s := service{
		organizations: organization.NewClient(config),
		memberships:   organizationmembership.NewClient(config),
		invitations:   organizationinvitation.NewClient(config),
	}
	authorize := clerkhttp.RequireHeaderAuthorization(clerkhttp.JWKSClient(jwks.NewClient(config)))
	staff := func(next http.HandlerFunc) http.Handler {
		return authorize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			claims, _ := clerk.SessionClaimsFromContext(r.Context())
			if claims.ActiveOrganizationSlug != "staff" {
				respond(w, http.StatusForbidden, map[string]string{"error": "forbidden"})
				return
			}
			next(w, r)
		}))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /organizations", staff(s.listOrganizations))
	mux.Handle("GET /organizations/{id}/members", staff(s.listMembers))
	mux.Handle("PATCH /organizations/{id}/members/{user}", staff(s.changeRole))
	mux.Handle("DELETE /organizations/{id}/members/{user}", staff(s.removeMember))
	mux.Handle("POST /organizations/{id}/invitations", staff(s.invite))
	return mux
}

type organizationRow struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Members int64  `json:"members"`
}

func (s service) listOrganizations(w http.ResponseWriter, r *http.Request) {
	const size = 2
	page, err := strconv.ParseInt(r.FormValue("page"), 10, 32)
	if err != nil || page < 1 {
		page = 1
	}
	params := &organization.ListParams{IncludeMembersCount: clerk.Bool(true), OrderBy: clerk.String("name")}
	params.Limit, params.Offset = clerk.Int64(size), clerk.Int64((page-1)*size)
	if query := r.FormValue("query"); query != "" {
		params.Query = &query
	}
	list, err := s.organizations.List(r.Context(), params)
	if err != nil {
		fail(w, err)
		return
	}
	rows := []organizationRow{}
	for _, o := range list.Organizations {
		row := organizationRow{ID: o.ID, Name: o.Name}
		if o.MembersCount != nil {
			row.Members = *o.MembersCount
		}
		rows = append(rows, row)
	}
	respond(w, http.StatusOK, map[string]any{"organizations": rows, "total": list.TotalCount})
}

type member struct {
	UserID string    `json:"user_id"`
	Email  string    `json:"email"`
	Role   string    `json:"role"`
	Since  time.Time `json:"since"`
}

func memberOf(m *clerk.OrganizationMembership) member {
	row := member{Role: m.Role, Since: time.UnixMilli(m.CreatedAt).UTC()}
	if m.PublicUserData != nil {
		row.UserID, row.Email = m.PublicUserData.UserID, m.PublicUserData.Identifier
	}
	return row
}

func (s service) listMembers(w http.ResponseWriter, r *http.Request) {
	const size = 100
	params := &organizationmembership.ListParams{
		OrganizationID: r.PathValue("id"),
		Roles:          r.URL.Query()["role"],
		OrderBy:        clerk.String("+email_address"),
	}
	params.Limit = clerk.Int64(size)
	members := []member{}
	for offset := int64(0); ; offset += size {
		params.Offset = clerk.Int64(offset)
		page, err := s.memberships.List(r.Context(), params)
		if err != nil {
			fail(w, err)
			return
		}
		for _, m := range page.OrganizationMemberships {
			members = append(members, memberOf(m))
		}
		if len(page.OrganizationMemberships) < size {
			break
		}
	}
	respond(w, http.StatusOK, members)
}

func (s service) changeRole(w http.ResponseWriter, r *http.Request) {
	var body struct{ Role string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		respond(w, http.StatusBadRequest, map[string]string{"error": "malformed_body"})
		return
	}
	changed, err := s.memberships.Update(r.Context(), &organizationmembership.UpdateParams{
		OrganizationID: r.PathValue("id"), UserID: r.PathValue("user"), Role: &body.Role,
	})
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, memberOf(changed))
}

func (s service) removeMember(w http.ResponseWriter, r *http.Request) {
	_, err := s.memberships.Delete(r.Context(), &organizationmembership.DeleteParams{
		OrganizationID: r.PathValue("id"), UserID: r.PathValue("user"),
	})
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
	claims, _ := clerk.SessionClaimsFromContext(r.Context())
	origin, _ := json.Marshal(map[string]string{"invited_by": claims.Subject})
	invitation, err := s.invitations.Create(r.Context(), &organizationinvitation.CreateParams{
		OrganizationID:  r.PathValue("id"),
		EmailAddress:    &body.Email,
		Role:            &body.Role,
		PrivateMetadata: clerk.JSONRawMessage(origin),
	})
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusCreated, map[string]string{
		"id": invitation.ID, "email": invitation.EmailAddress, "role": invitation.Role, "status": invitation.Status,
	})
}

// fail explains the refusals that people in the office can do something about.
func fail(w http.ResponseWriter, err error) {
	var refusal *clerk.APIErrorResponse
	if !errors.As(err, &refusal) {
		respond(w, http.StatusBadGateway, map[string]string{"error": "clerk_unavailable"})
		return
	}
	has := func(code string) bool {
		for _, problem := range refusal.Errors {
			if problem.Code == code {
				return true
			}
		}
		return false
	}
	switch {
	case has("organization_invitation_not_unique"):
		respond(w, http.StatusConflict, map[string]string{"error": "already_invited"})
	case has("already_a_member_in_organization"):
		respond(w, http.StatusConflict, map[string]string{"error": "already_a_member"})
	case has("organization_minimum_permissions_needed"):
		respond(w, http.StatusConflict, map[string]string{"error": "last_administrator"})
	case refusal.HTTPStatusCode == http.StatusNotFound:
		respond(w, http.StatusNotFound, map[string]string{"error": "not_found"})
	case refusal.HTTPStatusCode == http.StatusUnprocessableEntity:
		respond(w, http.StatusUnprocessableEntity, map[string]string{"error": refusal.Errors[0].LongMessage})
	default:
		respond(w, http.StatusBadGateway, map[string]string{"error": "clerk_unavailable"})
	}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
