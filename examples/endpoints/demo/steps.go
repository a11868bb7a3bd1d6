package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A step is one request and what must come back.
type step struct {
	method, path, body string
	who                caller
	status             int
	want               func(body string) error // nil when the status says all
}

// The steps that every caller takes, and after them what must have come of it.
func (d *demonstration) steps() []step {
	steps := []step{{http.MethodGet, "/", "", d.anonymous, http.StatusOK, nil}}
	for _, who := range []caller{d.anonymous, d.header, d.cookie, d.expired, d.foreign} {
		if !who.known {
			steps = append(steps, d.asStranger(who)...)
			continue
		}
		steps = append(steps, d.asUser(who)...)
	}
	// The refused callers have renamed nobody.
	return append(steps, step{http.MethodGet, "/api/me", "", d.header, http.StatusOK, d.profile(d.cookie.firstName)})
}

func (d *demonstration) asStranger(who caller) []step {
	return []step{
		{http.MethodGet, "/api/auth", "", who, http.StatusUnauthorized, nil},
		{http.MethodGet, "/api/data", "", who, http.StatusUnauthorized, nil},
		{http.MethodGet, "/api/me", "", who, http.StatusUnauthorized, nil},
		{http.MethodPost, "/api/name", `{"first_name":"Mallory"}`, who, http.StatusUnauthorized, nil},
	}
}

func (d *demonstration) asUser(who caller) []step {
	return []step{
		{http.MethodGet, "/api/auth", "", who, http.StatusOK, holds(d.userID)},
		{http.MethodGet, "/api/data", "", who, http.StatusOK, onlyClaimNames},
		{http.MethodGet, "/api/me", "", who, http.StatusOK, d.profile("")},
		{http.MethodPost, "/api/name", fmt.Sprintf(`{"first_name":%q}`, who.firstName), who, http.StatusOK, nil},
		{http.MethodGet, "/api/me", "", who, http.StatusOK, d.profile(who.firstName)},
	}
}

func holds(part string) func(string) error {
	return func(body string) error {
		if !strings.Contains(body, part) {
			return fmt.Errorf("no %q in the body", part)
		}
		return nil
	}
}

// onlyClaimNames wants the names of claims, and among them those of the template.
func onlyClaimNames(body string) error {
	var answer map[string][]string
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return fmt.Errorf("the body is not what this endpoint answers: %w", err)
	}
	for _, name := range []string{"aud", "exp", "role", "sub"} {
		if !slices.Contains(answer["claims"], name) {
			return fmt.Errorf("no claim %q", name)
		}
	}
	if len(answer) != 1 {
		return fmt.Errorf("%d members, want claims alone", len(answer))
	}
	return nil
}

// profile wants the chosen fields of the user and nothing else, with this first
// name unless it is empty.
func (d *demonstration) profile(firstName string) func(string) error {
	return func(body string) error {
		var answer map[string]*string
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			return fmt.Errorf("the body is not what this endpoint answers: %w", err)
		}
		for name := range answer {
			if !slices.Contains([]string{"id", "first_name", "last_name", "username"}, name) {
				return fmt.Errorf("field %q was not chosen", name)
			}
		}
		if id := answer["id"]; id == nil || *id != d.userID {
			return fmt.Errorf("not the user %s", d.userID)
		}
		if got := answer["first_name"]; firstName != "" && (got == nil || *got != firstName) {
			return fmt.Errorf("the first name is not %q", firstName)
		}
		return nil
	}
}
