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

// A caller is a guest, the user or an impostor, and signs its requests accordingly.
type caller struct {
	name      string
	signedIn  bool
	firstName string              // what a signed-in caller changes the name to
	sign      func(*http.Request) // nil for the guest
}

// writeSeed creates an instance with a user, a session and a JWT template, and
// writes its seed to a file for the emulator. The instance itself makes the tokens
// that no API would: expired and forged ones.
func (d *demonstration) writeSeed() error {
	var err error
	if d.instance, err = clerktest.NewInstance(clerktest.Seed{
		JWTTemplates: []clerktest.SeedTemplate{{JWTTemplate: api.JWTTemplate{
			Name:     "supabase",
			Claims:   clerk.NewMetadata(map[string]string{"aud": "authenticated", "role": "authenticated", "email": "{{user.primary_email_address}}"}),
			Lifetime: 60,
		}}},
	}); err != nil {
		return err
	}
	user := d.instance.CreateUser(users.CreateUserParams{
		FirstName:       clerk.Set("Ada"),
		LastName:        clerk.Set("Lovelace"),
		Username:        clerk.Set("ada"),
		EmailAddress:    clerk.Set([]string{"ada@example.com"}),
		PrivateMetadata: clerk.SetMetadata(map[string]string{"note": secretNote}),
	})
	d.userID, d.sessionID = user.ID, d.instance.CreateSession(user.ID).ID
	content, err := json.Marshal(d.instance.Seed())
	if err != nil {
		return err
	}
	d.seed = filepath.Join(d.dir, "seed.json")
	return os.WriteFile(d.seed, content, 0o600)
}

// makeCallers makes a guest, a user with a token in a header and in a cookie, and
// two impostors: with an expired token of the user and with a forged one.
func (d *demonstration) makeCallers(ctx context.Context) error {
	client, err := clerk.New(d.instance.SecretKey(), clerk.WithBaseURL(d.api))
	if err != nil {
		return err
	}
	live, err := sessions.CreateSessionToken(ctx, client, d.sessionID, sessions.CreateSessionTokenParams{})
	if err != nil {
		return err
	}
	if live.JWT == "" {
		return errors.New("the session token has no JWT")
	}
	forged := d.instance.Token(clerktest.ForSession(d.sessionID), clerktest.SignedByStranger())
	expired := d.instance.Token(clerktest.ForSession(d.sessionID), clerktest.Expired())
	d.guest = caller{name: "guest"}
	d.byHeader = caller{name: "user (header)", signedIn: true, firstName: "Augusta", sign: bearer(live.JWT)}
	d.byCookie = caller{name: "user (cookie)", signedIn: true, firstName: "Countess", sign: func(r *http.Request) {
		d.instance.SignInCookies(r, d.userID, clerktest.WithLifetime(10*time.Minute))
	}}
	d.expired = caller{name: "expired token", sign: bearer(expired)}
	d.forged = caller{name: "forged token", sign: bearer(forged)}
	return nil
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}
