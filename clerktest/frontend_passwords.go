package clerktest

import (
	"net/http"

	"github.com/backend-sdk/clerk-go/api"
)

// checkNoPassword returns the error for a user who cannot sign in, or who has a password,
// which signing in by a click would pass by.
func checkNoPassword(u *api.User) error {
	if u.PasswordEnabled {
		return failure(http.StatusForbidden, "password_required", "the user signs in with a password", "password")
	}
	return checkSignIn(u)
}

// signInByPassword checks the password of the form. A user with a second factor is asked
// for it. A form that is refused is shown again.
func (i *Instance) signInByPassword(w http.ResponseWriter, r *http.Request) {
	target, c, err := i.visit(r)
	if err != nil {
		complain(w, r, err)
		return
	}
	c, err = i.passwordClient(c, r.PostFormValue("identifier"), r.PostFormValue("password"))
	switch {
	case err != nil:
		i.showAccount(w, r, statusOf(err), complaintOf(err))
	case c.FactorUserID != "":
		i.showSecondFactor(w, r, c, http.StatusOK, "")
	default:
		i.leadOn(w, r, c, target)
	}
}

// passwordClient signs in at a browser who has the identifier and the password, or keeps
// whom a second factor must be asked for.
func (i *Instance) passwordClient(c *frontendClient, identifier, password string) (*frontendClient, error) {
	var u *api.User
	kept := &SeedCredentials{}
	i.store.Read(func() {
		if u = i.userByIdentifier(identifier); u != nil {
			kept = i.credentialsOf(u.ID)
		}
	})
	if u == nil {
		return nil, failure(http.StatusUnprocessableEntity, "form_identifier_not_found", "nobody has this identifier", "identifier")
	}
	// Outside of the lock: somebody may have chosen many iterations.
	if !u.PasswordEnabled || !kept.password().Verify(password) {
		return nil, failure(http.StatusUnprocessableEntity, "form_password_incorrect", "the password is incorrect", "password")
	}
	if kept.PasswordCompromised {
		return nil, failure(http.StatusUnprocessableEntity, "form_password_compromised", "the password is known to others and must be changed", "password")
	}
	if !u.TOTPEnabled && !u.BackupCodeEnabled {
		return i.signInClient(c, u.ID, checkSignIn)
	}
	return write(i, func() (*frontendClient, error) {
		if err := checkSignIn(u); err != nil {
			return nil, err
		}
		waiting := *c
		waiting.FactorUserID = u.ID
		i.clients.Put(&waiting)
		return &waiting, nil
	})
}

func (i *Instance) showSecondFactor(w http.ResponseWriter, r *http.Request, c *frontendClient, status int, complaint string) {
	view := i.formOf(r, c)
	view.Complaint = complaint
	i.setClient(w, r, c)
	showPage(w, status, "second_factor.html", view)
}

// signInByCode signs in who has given the password before, by a code of the authenticator
// app or a backup code.
func (i *Instance) signInByCode(w http.ResponseWriter, r *http.Request) {
	target, c, err := i.visit(r)
	if err == nil && c.FactorUserID == "" {
		err = failure(http.StatusUnauthorized, "first_factor_missing", "the password comes before the code", "")
	}
	if err != nil {
		complain(w, r, err)
		return
	}
	signedIn, err := write(i, func() (*frontendClient, error) {
		u, err := i.users.existing(c.FactorUserID)
		if err == nil {
			err = checkSignIn(u)
		}
		if err == nil {
			_, err = i.useCode(u.ID, r.PostFormValue("code"))
		}
		if err != nil {
			return nil, err
		}
		return i.beginAt(c, i.beginSession(u)), nil
	})
	if err != nil {
		i.showSecondFactor(w, r, c, statusOf(err), complaintOf(err))
		return
	}
	i.leadOn(w, r, signedIn, target)
}
