package clerktest

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// ReadSeed reads a seed file. The error is a single line that names the file or the
// member at fault.
func ReadSeed(path string) (Seed, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Seed{}, fmt.Errorf("clerktest: seed: %w", err)
	}
	seed, err := parseSeed(data)
	if err != nil {
		return Seed{}, fmt.Errorf("clerktest: seed %s: %w", path, err)
	}
	return seed, nil
}

// ParseSeed parses the JSON of a seed. The error is a single line that names the
// member at fault.
func ParseSeed(data []byte) (Seed, error) {
	seed, err := parseSeed(data)
	if err != nil {
		return Seed{}, fmt.Errorf("clerktest: seed: %w", err)
	}
	return seed, nil
}

func parseSeed(data []byte) (Seed, error) {
	var t tables
	t.addTables()
	zeros, err := description.CheckPart(seedSchema(t.seeded), data)
	if err != nil {
		return Seed{}, err
	}
	var raw struct {
		Seed
		Settings     json.RawMessage   `json:"settings"`
		Users        []json.RawMessage `json:"users"`
		JWTTemplates []json.RawMessage `json:"jwt_templates"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Seed{}, err
	}
	seed := raw.Seed
	if raw.Settings != nil {
		s, err := DefaultSettings().with(raw.Settings)
		if err != nil {
			return Seed{}, fmt.Errorf("settings: %w", err)
		}
		seed.Settings, seed.named = &s, raw.Settings
	}
	for n, user := range raw.Users {
		// The permissions of a user unless the file says otherwise.
		both := struct {
			api.User
			SeedCredentials
		}{User: api.User{DeleteSelfEnabled: true, CreateOrganizationEnabled: true}}
		if err := json.Unmarshal(user, &both); err != nil {
			return Seed{}, fmt.Errorf("users[%d]: %w", n, err)
		}
		u, c := both.User, both.SeedCredentials
		seed.Users = append(seed.Users, u)
		if !reflect.ValueOf(c).IsZero() {
			c.UserID = u.ID
			seed.Credentials = append(seed.Credentials, c)
		}
	}
	for n, template := range raw.JWTTemplates {
		t := SeedTemplate{JWTTemplate: api.JWTTemplate{AllowedClockSkew: templateSkew}}
		if err := json.Unmarshal(template, &t); err != nil {
			return Seed{}, fmt.Errorf("jwt_templates[%d]: %w", n, err)
		}
		seed.JWTTemplates = append(seed.JWTTemplates, t)
	}
	for _, k := range t.seeded {
		k.note(&seed, zeros)
	}
	return seed, nil
}

// seedSchema returns the schema of a seed file. Its resources have the schemas of the
// API's description.
func seedSchema(kinds []seeded) *description.Schema {
	text := &description.Schema{Type: description.String}
	members := []description.Member{
		{Name: "production", Schema: &description.Schema{Type: description.Boolean}},
		{Name: "secret_key", Schema: text},
		{Name: "publishable_key", Schema: text},
		{Name: "frontend_api", Schema: text},
		{Name: "instance_id", Schema: text},
		{Name: "svix_app", Schema: text},
		{Name: "signing_key", Schema: text},
		settingsSchema(),
	}
	for _, k := range kinds {
		members = append(members, k.member())
	}
	return objectSchema(members...)
}

func objectSchema(members ...description.Member) *description.Schema {
	return &description.Schema{Type: description.Object, Members: members}
}
