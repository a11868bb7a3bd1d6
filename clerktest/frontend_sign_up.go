package clerktest

import (
	"net/http"
	"net/url"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// signUpView is what the sign-up page shows.
type signUpView struct {
	pageForm
	Email, FirstName, LastName string
	Organization               string // that the ticket invites to
	SignIn                     string
}

func (i *Instance) signUpPage(w http.ResponseWriter, r *http.Request) {
	i.showSignUp(w, r, http.StatusOK, "")
}

func (i *Instance) showSignUp(w http.ResponseWriter, r *http.Request, status int, complaint string) {
	_, c, err := i.visit(r)
	if err != nil {
		complain(w, r, err)
		return
	}
	view := signUpView{
		pageForm: i.formOf(r, c),
		Email:    r.FormValue("email_address"), FirstName: r.FormValue("first_name"), LastName: r.FormValue("last_name"),
	}
	view.Complaint, view.SignIn = complaint, "sign-in?"+url.Values{"redirect_url": {view.Back}}.Encode()
	i.store.Read(func() {
		if v := i.organizationInvitationOf(view.Ticket); v != nil {
			view.Email, view.Organization = v.EmailAddress, i.organizations.Get(v.OrganizationID).Name
		}
		if v := i.invitationsByTicket.First(view.Ticket); v != nil {
			view.Email = v.EmailAddress
		}
	})
	i.setClient(w, r, c)
	showPage(w, status, "sign_up.html", view)
}

// signUp makes a user and signs the browser in. A form that is refused is shown again.
func (i *Instance) signUp(w http.ResponseWriter, r *http.Request) {
	target, c, err := i.visit(r)
	if err != nil {
		complain(w, r, err)
		return
	}
	c, err = i.signUpClient(c, r.PostFormValue("__clerk_ticket"), users.CreateUserParams{
		EmailAddress: clerk.Set([]string{r.PostFormValue("email_address")}),
		FirstName:    given(r.PostFormValue("first_name")), LastName: given(r.PostFormValue("last_name")),
		Password: given(r.PostFormValue("password")), SkipPasswordRequirement: clerk.Set(true),
	})
	if err != nil {
		i.showSignUp(w, r, statusOf(err), complaintOf(err))
		return
	}
	i.leadOn(w, r, c, target)
}

func given(text string) clerk.Optional[string] {
	if text == "" {
		return clerk.Optional[string]{}
	}
	return clerk.Set(text)
}

// signUpClient makes a user and signs the browser in. The ticket of an invitation, if there
// is one, must be for the address, and lets in whom the instance would not admit.
func (i *Instance) signUpClient(c *frontendClient, ticket string, params users.CreateUserParams) (*frontendClient, error) {
	email := params.EmailAddress.Or(nil)[0]
	organization, err := read(i, func() (*SeedOrganizationInvitation, error) { return i.checkSignUp(email, ticket) })
	if err != nil {
		return nil, err
	}
	u, err := i.createUser(params, true)
	if err != nil {
		return nil, err
	}
	return write(i, func() (*frontendClient, error) {
		u := i.users.Get(u.ID)
		if given := i.acceptInvitations(email, ticket); !given.IsZero() {
			changed := *u
			changed.PublicMetadata = given
			i.users.Put(&changed)
			u = &changed
		}
		var s *session
		if organization != nil {
			if _, err := i.acceptOrganizationInvitation(organization, u); err != nil {
				return nil, err
			}
			s = i.setActive(i.beginSession(u), organization.OrganizationID)
		} else {
			s = i.beginSession(u)
		}
		return i.beginAt(c, s), nil
	})
}

// checkSignUp returns the invitation to an organization that a ticket is for, if it is for
// one, or the error for an address that may not sign up.
func (i *Instance) checkSignUp(email, ticket string) (*SeedOrganizationInvitation, error) {
	if err := checkEmail("email_address", email); err != nil {
		return nil, err
	}
	if ticket == "" {
		return nil, i.admits(email)
	}
	invalidTicket := failure(http.StatusBadRequest, "ticket_invalid_code", "the link is for another address, or does not work any more", "ticket")
	if v := i.organizationInvitationOf(ticket); v != nil {
		if v.at(i.now()).Status != api.InvitationStatusPending || v.EmailAddress != email {
			return nil, invalidTicket
		}
		return v, nil
	}
	if v := i.invitationsByTicket.First(ticket); v == nil || v.at(i.now()).Status != api.InvitationStatusPending || v.EmailAddress != email {
		return nil, invalidTicket
	}
	return nil, nil
}
