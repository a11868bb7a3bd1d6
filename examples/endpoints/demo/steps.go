package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A step is one request and the response that it must get.
type step struct {
	method, path, body string
	who                caller
	status             int
	checkBody          func(body string) error // nil accepts any body
}

// steps returns the requests of every caller, and a last one that reads the result.
func (d *demonstration) steps() []step {
	steps := []step{{http.MethodGet, "/", "", d.guest, http.StatusOK, nil}}
	for _, who := range []caller{d.guest, d.byHeader, d.byCookie, d.expired, d.forged} {
		if !who.signedIn {
			steps = append(steps, d.refused(who)...)
			continue
		}
		steps = append(steps, d.accepted(who)...)
	}
	// The refused callers have not changed the name.
	return append(steps, step{http.MethodGet, "/api/me", "", d.byHeader, http.StatusOK, d.profile(d.byCookie.firstName)})
}

func (d *demonstration) refused(who caller) []step {
	return []step{
		{http.MethodGet, "/api/auth", "", who, http.StatusUnauthorized, nil},
		{http.MethodGet, "/api/data", "", who, http.StatusUnauthorized, nil},
		{http.MethodGet, "/api/me", "", who, http.StatusUnauthorized, nil},
		{http.MethodPost, "/api/name", `{"first_name":"Mallory"}`, who, http.StatusUnauthorized, nil},
	}
}

func (d *demonstration) accepted(who caller) []step {
	return []step{
		{http.MethodGet, "/api/auth", "", who, http.StatusOK, contains(d.userID)},
		{http.MethodGet, "/api/data", "", who, http.StatusOK, onlyClaimNames},
		{http.MethodGet, "/api/me", "", who, http.StatusOK, d.profile("")},
		{http.MethodPost, "/api/name", fmt.Sprintf(`{"first_name":%q}`, who.firstName), who, http.StatusOK, nil},
		{http.MethodGet, "/api/me", "", who, http.StatusOK, d.profile(who.firstName)},
	}
}

func contains(part string) func(string) error {
	return func(body string) error {
		if !strings.Contains(body, part) {
			return fmt.Errorf("no %q in the body", part)
		}
		return nil
	}
}

// onlyClaimNames requires a list of claim names that includes those of the template.
func onlyClaimNames(body string) error {
	var members map[string][]string
	if err := json.Unmarshal([]byte(body), &members); err != nil {
		return fmt.Errorf("unexpected body: %w", err)
	}
	for _, name := range []string{"aud", "exp", "role", "sub"} {
		if !slices.Contains(members["claims"], name) {
			return fmt.Errorf("no claim %q", name)
		}
	}
	if len(members) != 1 {
		return fmt.Errorf("%d members in the body, want claims only", len(members))
	}
	return nil
}

// profile requires the chosen fields of the user and no others, and firstName unless
// it is empty.
func (d *demonstration) profile(firstName string) func(string) error {
	return func(body string) error {
		var members map[string]*string
		if err := json.Unmarshal([]byte(body), &members); err != nil {
			return fmt.Errorf("unexpected body: %w", err)
		}
		for name := range members {
			if !slices.Contains([]string{"id", "first_name", "last_name", "username"}, name) {
				return fmt.Errorf("unexpected member %q", name)
			}
		}
		if id := members["id"]; id == nil || *id != d.userID {
			return fmt.Errorf("not the user %s", d.userID)
		}
		if got := members["first_name"]; firstName != "" && (got == nil || *got != firstName) {
			return fmt.Errorf("the first name is not %q", firstName)
		}
		return nil
	}
}
