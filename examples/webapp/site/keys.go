package site

import (
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
)

// keysView lists the API keys of the user.
type keysView struct {
	Keys    []keyView
	Name    string // that the form has
	Created string // the secret of a key that was just made
	Scope   string
	Origin  string
}

type keyView struct{ ID, Name, Created string }

func (s *site) keys(w http.ResponseWriter, r *http.Request) error {
	return s.showKeys(w, r, http.StatusOK, keysView{}, "")
}

func (s *site) showKeys(w http.ResponseWriter, r *http.Request, status int, shown keysView, complaint string) error {
	list, err := machines.ListAPIKeys(r.Context(), s.client, machines.ListAPIKeysParams{
		Subject: auth.FromContext(r.Context()).UserID, Limit: clerk.Set(maxListed),
	})
	if err != nil {
		return err
	}
	for _, k := range list.Data {
		shown.Keys = append(shown.Keys, keyView{k.ID, k.Name, k.CreatedAt.Time().UTC().Format("2 January 2006")})
	}
	v, err := s.view(r, "API keys")
	if err != nil {
		return err
	}
	shown.Scope, shown.Origin = profileScope, originOf(r)
	v.Complaint, v.Page = complaint, shown
	return show(w, status, "keys", v)
}

// originOf returns the origin of the site as a command line reaches it.
func originOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// createKey shows the secret of a new key in its response, and nowhere again: Clerk has
// only a hash of it.
func (s *site) createKey(w http.ResponseWriter, r *http.Request) error {
	userID, name := auth.FromContext(r.Context()).UserID, strings.TrimSpace(r.PostFormValue("name"))
	key, err := machines.CreateAPIKey(r.Context(), s.client, machines.CreateAPIKeyParams{
		Name: name, Subject: userID, CreatedBy: clerk.Set(userID), Scopes: clerk.Set([]string{profileScope}),
	})
	if complaint := complaintOf(err); complaint != "" {
		return s.showKeys(w, r, http.StatusUnprocessableEntity, keysView{Name: name}, complaint)
	}
	if err != nil {
		return err
	}
	return s.showKeys(w, r, http.StatusCreated, keysView{Created: key.Secret}, "")
}

// revokeKey revokes a key of the user. To a key of anybody else it responds as to one
// that is not there.
func (s *site) revokeKey(w http.ResponseWriter, r *http.Request) error {
	key, err := machines.GetAPIKey(r.Context(), s.client, r.PathValue("id"))
	if err != nil {
		return err
	}
	if key.Subject != auth.FromContext(r.Context()).UserID {
		return clerk.ErrNotFound
	}
	if _, err := machines.RevokeAPIKey(r.Context(), s.client, key.ID, machines.RevokeAPIKeyParams{}); err != nil {
		return err
	}
	http.Redirect(w, r, "/keys", http.StatusSeeOther)
	return nil
}
