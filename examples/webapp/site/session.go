package site

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// home is the public page. It makes no call to Clerk.
func (s *site) home(w http.ResponseWriter, r *http.Request) error {
	signedIn := auth.FromContext(r.Context()).IsAuthenticated()
	return show(w, http.StatusOK, "home", &view{Title: "Welcome", SignedIn: signedIn})
}

func (s *site) signIn(w http.ResponseWriter, r *http.Request) error {
	return s.enter(w, r, s.authn.RedirectToSignIn)
}

func (s *site) signUp(w http.ResponseWriter, r *http.Request) error {
	return s.enter(w, r, s.authn.RedirectToSignUp)
}

// enter leads to a page of the instance, which leads back to the account.
func (s *site) enter(w http.ResponseWriter, r *http.Request, redirect func(http.ResponseWriter, *http.Request, ...auth.RedirectOption)) error {
	a := auth.FromContext(r.Context())
	switch {
	case a.Err() != nil:
		return a.Err()
	case a.IsAuthenticated():
		http.Redirect(w, r, "/account", http.StatusSeeOther)
	default:
		redirect(w, r, auth.ReturnBackURL("/account"))
	}
	return nil
}

// signOut ends the session at Clerk, and leads to the sign-in page. A token that was
// made before is good for up to a minute, so the browser must forget it.
func (s *site) signOut(w http.ResponseWriter, r *http.Request) error {
	sessionID := auth.FromContext(r.Context()).SessionID
	if _, err := sessions.RevokeSession(r.Context(), s.client, sessionID); err != nil && !errors.Is(err, clerk.ErrNotFound) {
		return err
	}
	for _, c := range r.Cookies() {
		if base, _, _ := strings.Cut(strings.TrimPrefix(c.Name, "__"), "_"); base == "session" || base == "refresh" {
			http.SetCookie(w, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1})
		}
	}
	s.authn.RedirectToSignIn(w, r, auth.ReturnBackURL("/"))
	return nil
}

// accountView is the personal account.
type accountView struct {
	UserID, Email string
	SecondFactor  bool
	Organization  string // that the form for a new one has
}

func (s *site) account(w http.ResponseWriter, r *http.Request) error {
	return s.showAccount(w, r, http.StatusOK, "")
}

func (s *site) showAccount(w http.ResponseWriter, r *http.Request, status int, complaint string) error {
	v, err := s.view(r, "Your account")
	if err != nil {
		return err
	}
	user, err := auth.CurrentUser(r.Context())
	if err != nil {
		return err
	}
	shown := accountView{UserID: user.ID, SecondFactor: user.TwoFactorEnabled, Organization: r.PostFormValue("name")}
	if email := user.PrimaryEmail(); email != nil {
		shown.Email = email.EmailAddress
	}
	v.Complaint, v.Page = complaint, shown
	return show(w, status, "account", v)
}

// profile responds to programs. Clerk's user includes private metadata, so only chosen
// fields are sent.
func (s *site) profile(w http.ResponseWriter, r *http.Request) error {
	a := auth.FromContext(r.Context())
	user, err := users.GetUser(r.Context(), s.client, a.UserID)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"user_id": user.ID, "name": nameOf(user), "authenticated_by": string(a.TokenType)})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(append(body, '\n')) // fails only when the client is gone
	return nil
}
