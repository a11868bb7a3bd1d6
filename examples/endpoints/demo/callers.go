package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

// A caller is somebody who asks the service, and what they put on a request.
type caller struct {
	name      string
	known     bool   // let in
	firstName string // what a known caller renames the user to
	sign      func(*http.Request)
}

// writeSeed makes an instance with a user, a session and a template, and writes
// it down for the emulator. The instance itself mints what no API would: tokens
// that are expired or signed by somebody else.
func (d *demonstration) writeSeed() error {
	var err error
	if d.twin, err = clerktest.NewInstance(clerktest.Seed{
		JWTTemplates: []clerktest.SeedTemplate{{JWTTemplate: api.JWTTemplate{
			Name:     "supabase",
			Claims:   clerk.NewMetadata(map[string]string{"aud": "authenticated", "role": "authenticated", "email": "{{user.primary_email_address}}"}),
			Lifetime: 60,
		}}},
	}); err != nil {
		return err
	}
	user := d.twin.CreateUser(users.CreateUserParams{
		FirstName:       clerk.Set("Ada"),
		LastName:        clerk.Set("Lovelace"),
		Username:        clerk.Set("ada"),
		EmailAddress:    clerk.Set([]string{"ada@example.com"}),
		PrivateMetadata: clerk.SetMetadata(map[string]string{"note": secretNote}),
	})
	d.userID, d.sessionID = user.ID, d.twin.CreateSession(user.ID).ID
	content, err := json.Marshal(d.twin.Seed())
	if err != nil {
		return err
	}
	d.seed = filepath.Join(d.dir, "seed.json")
	return os.WriteFile(d.seed, content, 0o600)
}

// enrol makes the callers: a guest, the user by header and by cookie, and two
// who hold a token that is no good.
func (d *demonstration) enrol(ctx context.Context) error {
	client, err := clerk.New(d.twin.SecretKey(), clerk.WithBaseURL("http://"+d.api))
	if err != nil {
		return err
	}
	live, err := sessions.CreateSessionToken(ctx, client, d.sessionID, sessions.CreateSessionTokenParams{})
	if err != nil {
		return err
	}
	if live.JWT == "" {
		return errors.New("the emulator made a session token without a token")
	}
	forged := d.twin.Token(clerktest.ForSession(d.sessionID), clerktest.SignedByStranger())
	stale := d.twin.Token(clerktest.ForSession(d.sessionID), clerktest.Expired())
	d.anonymous = caller{name: "anonymous"}
	d.header = caller{name: "header", known: true, firstName: "Augusta", sign: bearer(live.JWT)}
	d.cookie = caller{name: "cookie", known: true, firstName: "Countess", sign: func(r *http.Request) {
		d.twin.SignInCookies(r, d.userID, clerktest.WithLifetime(10*time.Minute))
	}}
	d.expired = caller{name: "expired", sign: bearer(stale)}
	d.foreign = caller{name: "foreign", sign: bearer(forged)}
	return nil
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}
