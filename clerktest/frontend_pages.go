package clerktest

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
)

// maxShown is how many users and organizations a page shows.
const maxShown = 50

// accountView is what the account page shows: who is signed in, or how to sign in.
type accountView struct {
	pageForm
	User               *person
	Organizations      []memberOption
	ActiveOrganization bool
	Users              []person // who can sign in without a password
	More               int
	Passwords          bool
	Identifier         string // that the browser sent
	SignUp             string
}

// memberOption is an organization that a user can activate.
type memberOption struct {
	ID, Name, Role string
	Active         bool
}

// accountPage shows who is signed in at the browser, and how to sign in.
func (i *Instance) accountPage(w http.ResponseWriter, r *http.Request) {
	i.showAccount(w, r, http.StatusOK, "")
}

func (i *Instance) showAccount(w http.ResponseWriter, r *http.Request, status int, complaint string) {
	_, c, err := i.visit(r)
	if err != nil {
		complain(w, r, err)
		return
	}
	view := accountView{pageForm: i.formOf(r, c), Identifier: r.PostFormValue("identifier")}
	view.Complaint, view.SignUp = complaint, "sign-up?"+url.Values{"redirect_url": {view.Back}}.Encode()
	s := i.clientSession(c)
	i.store.Read(func() {
		if s != nil {
			view.User = new(showPerson(i.users.Get(s.UserID)))
			view.Organizations, view.ActiveOrganization = i.memberOptions(s)
		}
		view.addUsers(i)
	})
	i.setClient(w, r, c)
	showPage(w, status, "account.html", view)
}

// addUsers adds who can sign in.
func (view *accountView) addUsers(i *Instance) {
	for u := range i.users.Each() {
		if u.PasswordEnabled {
			view.Passwords = true
			continue
		}
		if view.User != nil && view.User.ID == u.ID {
			continue
		}
		if len(view.Users) < maxShown {
			view.Users = append(view.Users, showPerson(u))
		} else {
			view.More++
		}
	}
}

// formOf returns what the forms of a page send along.
func (i *Instance) formOf(r *http.Request, c *frontendClient) pageForm {
	form := pageForm{Back: r.FormValue("redirect_url"), Ticket: r.FormValue("__clerk_ticket")}
	if form.Back == "" {
		form.Back = statusPageURL
	}
	if !i.production {
		form.Browser = c.DevBrowser
	}
	return form
}

// memberOptions returns the organizations of a session's user, and whether one of them is
// active.
func (i *Instance) memberOptions(s *session) (options []memberOption, active bool) {
	now := i.activeOrganization(s)
	for _, m := range i.membershipsOfUser.All(s.UserID) {
		o := i.organizations.Get(m.OrganizationID)
		options = append(options, memberOption{o.ID, o.Name, m.Role, now != nil && now.ID == o.ID})
	}
	return options, now != nil
}

func (i *Instance) signOut(w http.ResponseWriter, r *http.Request) {
	i.changeSignIn(w, r, i.signOutClient)
}

// switchOrganization makes an organization the active one of the browser's session, or none
// for an empty organization_id.
func (i *Instance) switchOrganization(w http.ResponseWriter, r *http.Request) {
	i.changeSignIn(w, r, func(c *frontendClient) (*frontendClient, error) {
		return write(i, func() (*frontendClient, error) {
			s := i.sessions.Get(c.SessionID)
			if s == nil || !s.at(i.now()).live() {
				return nil, failure(http.StatusUnauthorized, "signed_out", "nobody is signed in at this browser", "")
			}
			organization := r.PostFormValue("organization_id")
			if organization != "" {
				if _, err := i.existingMembership(organization, s.UserID); err != nil {
					return nil, err
				}
			}
			active := *i.setActive(s, organization)
			// What was pending was the choice of an organization.
			active.Status = api.SessionStatusActive
			i.sessions.Put(&active)
			return i.setClientSession(c, s.ID), nil
		})
	})
}

// visit returns where a page leads back to, and the browser that asks for it.
func (i *Instance) visit(r *http.Request) (*url.URL, *frontendClient, error) {
	target, err := i.backOf(r)
	if err != nil {
		return nil, nil, err
	}
	c, err := i.clientOf(r)
	return target, c, err
}

// changeSignIn signs the browser in or out and redirects it. The application
// notices at its next handshake, which the newer __client_uat triggers.
func (i *Instance) changeSignIn(w http.ResponseWriter, r *http.Request, change func(*frontendClient) (*frontendClient, error)) {
	target, c, err := i.visit(r)
	if err == nil {
		c, err = change(c)
	}
	if err != nil {
		complain(w, r, err)
		return
	}
	i.leadOn(w, r, c, target)
}

// leadOn redirects a browser whose session has changed.
func (i *Instance) leadOn(w http.ResponseWriter, r *http.Request, c *frontendClient, target *url.URL) {
	i.setClient(w, r, c)
	switch {
	case target.Host == "": // the status page
	case i.production:
		for _, line := range i.uatDirectives(c, i.clientSession(c), target) {
			w.Header().Add("Set-Cookie", line)
		}
	default:
		target = withParameter(target, "__clerk_db_jwt", c.DevBrowser)
	}
	w.Header().Set("Location", target.String())
	w.WriteHeader(http.StatusSeeOther)
}

// setClient sets the cookie by which the frontend API recognizes the browser.
func (i *Instance) setClient(w http.ResponseWriter, r *http.Request, c *frontendClient) {
	w.Header().Add("Set-Cookie", cookieDirective("__client", c.Token, "", uatCookieAge, r.TLS != nil, true))
}

// organizationNames returns the names of the organizations of a user.
func (i *Instance) organizationNames(userID string) []string {
	var names []string
	for _, m := range i.membershipsOfUser.All(userID) {
		names = append(names, i.organizations.Get(m.OrganizationID).Name)
	}
	slices.Sort(names)
	return names
}

// sessionOrganization returns the name of a session's active organization.
func (i *Instance) sessionOrganization(s *session) string {
	if o := i.activeOrganization(s); o != nil {
		if o.Name != "" {
			return o.Name
		}
		return o.ID
	}
	return ""
}
