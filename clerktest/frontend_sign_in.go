package clerktest

import (
	"net/http"
	"net/url"

	"github.com/backend-sdk/clerk-go/api"
)

// signInPage shows the account page, or what a ticket is for.
func (i *Instance) signInPage(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("__clerk_ticket") != "" {
		i.ticketPage(w, r)
		return
	}
	i.accountPage(w, r)
}

// signIn signs the browser in as the form says.
func (i *Instance) signIn(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.PostFormValue("__clerk_ticket") != "":
		i.redeemPage(w, r)
	case r.PostForm.Has("code"):
		i.signInByCode(w, r)
	case r.PostForm.Has("identifier"):
		i.signInByPassword(w, r)
	default:
		i.changeSignIn(w, r, func(c *frontendClient) (*frontendClient, error) {
			return i.signInClient(c, r.PostFormValue("user_id"), checkNoPassword)
		})
	}
}

// signInAs signs the browser in as the user of the form, whatever the user signs in with.
func (i *Instance) signInAs(w http.ResponseWriter, r *http.Request) {
	i.changeSignIn(w, r, func(c *frontendClient) (*frontendClient, error) {
		return i.signInClient(c, r.PostFormValue("user_id"), checkSignIn)
	})
}

// ticketView is a page that asks before a ticket is used, which a mail program that looks
// at links must not do.
type ticketView struct {
	pageForm
	Title, Text string
}

// ticketPage shows what a ticket is for. An invitation of somebody who has no account yet
// leads to the page that makes one.
func (i *Instance) ticketPage(w http.ResponseWriter, r *http.Request) {
	c, err := i.clientOf(r)
	if err != nil {
		complain(w, r, err)
		return
	}
	view, known := ticketView{pageForm: i.formOf(r, c)}, true
	i.store.Read(func() {
		if v := i.ticketsByToken.First(view.Ticket); v != nil {
			view.Title, view.Text = "Sign in", "The link signs you in as "+i.nameOf(v.UserID)+"."
			return
		}
		v := i.organizationInvitationOf(view.Ticket)
		if v == nil {
			view.Title, view.Text = "Sign in", "The link is not one of this instance, or does not work any more."
			return
		}
		known = i.userByEmail(v.EmailAddress) != nil
		view.Title = "Join " + i.organizations.Get(v.OrganizationID).Name
		view.Text = v.EmailAddress + " is invited as " + v.Role + "."
	})
	if !known {
		leadTo("sign-up")(w, r)
		return
	}
	i.setClient(w, r, c)
	showPage(w, http.StatusOK, "ticket.html", view)
}

func (i *Instance) nameOf(userID string) string {
	if u := i.users.Get(userID); u != nil {
		return showPerson(u).Name
	}
	return userID
}

// organizationInvitationOf returns the invitation to an organization with a ticket, or nil.
func (i *Instance) organizationInvitationOf(ticket string) *SeedOrganizationInvitation {
	return i.organizationInvitations.Find(func(v *SeedOrganizationInvitation) bool { return ticket != "" && v.Ticket == ticket })
}

// redeemPage uses a ticket: it signs in, and accepts an invitation.
func (i *Instance) redeemPage(w http.ResponseWriter, r *http.Request) {
	ticket, leads := r.PostFormValue("__clerk_ticket"), ""
	target, c, err := i.visit(r)
	if err == nil {
		c, err = write(i, func() (*frontendClient, error) {
			s, err := i.redeemed(ticket)
			if err != nil {
				return nil, err
			}
			if v := i.ticketsByToken.First(ticket); v != nil {
				leads = v.RedirectURL
			}
			return i.beginAt(c, s), nil
		})
	}
	if err == nil && leads != "" {
		target, err = url.Parse(leads)
	}
	if err != nil {
		complain(w, r, err)
		return
	}
	i.leadOn(w, r, c, target)
}

// redeemed begins the session that a ticket is for, in the course of a write.
func (i *Instance) redeemed(ticket string) (*session, error) {
	v := i.organizationInvitationOf(ticket)
	if v == nil {
		return i.redeemTicket(ticket)
	}
	u := i.userByEmail(v.EmailAddress)
	if u == nil {
		return nil, notFound("user with the email address", v.EmailAddress)
	}
	if err := checkSignIn(u); err != nil {
		return nil, err
	}
	if _, err := i.acceptOrganizationInvitation(v, u); err != nil {
		return nil, err
	}
	return i.setActive(i.beginSession(u), v.OrganizationID), nil
}

// beginAt makes a session that has begun the one of a browser, in the course of a write.
func (i *Instance) beginAt(c *frontendClient, s *session) *frontendClient {
	i.endClientSession(c, api.SessionStatusReplaced)
	begun := *s
	begun.ClientID = c.ID
	i.sessions.Put(&begun)
	return i.setClientSession(c, begun.ID)
}

// checkSignIn returns the error for a user who cannot sign in.
func checkSignIn(u *api.User) error {
	if u.Banned || u.Locked {
		return failure(http.StatusForbidden, "user_cannot_sign_in", "the user is banned or locked", "user_id")
	}
	return nil
}
