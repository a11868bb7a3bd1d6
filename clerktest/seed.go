package clerktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Seed is the initial state of an instance. Every member is optional. Two instances
// with the same seed have the same IDs, users, sessions and templates, and with a
// secret key in it also the same keys.
//
// As a file it is a JSON object with these members:
//
//	production       true for an instance that looks like a production one,
//	                 which cookies and redirects depend on
//	secret_key       sk_test_ and letters or digits; in production
//	                 sk_live_emulated_ in place of sk_test_
//	publishable_key  pk_test_ and the frontend API's host with a $ in base64; in
//	                 production pk_live_, and the host is clerk. and a domain
//	frontend_api     that host, in place of the publishable key
//	instance_id      ins_ and letters or digits: the key ID of the tokens
//	signing_key      an RSA private key of 2048 bits or more in PEM; without
//	                 it the secret key determines one
//	users            a list of users, each as the API shows it
//	sessions         a list of sessions, each as the API shows it; organization
//	                 is one more member, the active organization as an object of
//	                 id, name, slug, role and permissions
//	jwt_templates    a list of templates, each as the API shows it; signing_key
//	                 is one more member, for one with a custom signing key
//	machines         a list of machines: id, name, secret_key, the IDs of their
//	                 scoped_machines and default_token_ttl in seconds
//	api_keys         a list of API keys with their secret, each as the API shows it
//	m2m_tokens       a list of opaque M2M tokens with their token, likewise
//	oauth_tokens     a list of opaque OAuth access tokens: token, client_id,
//	                 subject, scopes, revoked and expiration
//
// A user needs id, a session id and user_id, a template name and claims, a machine id,
// an API key secret and subject, an M2M token token and subject, an OAuth token those
// and client_id. Members that a user's email_addresses and phone_numbers leave out get
// defaults: they are verified unless they are reserved, and the first is the primary
// one.
type Seed struct {
	Production     bool           `json:"production,omitempty"`
	SecretKey      string         `json:"secret_key,omitempty"`
	PublishableKey string         `json:"publishable_key,omitempty"`
	FrontendAPI    string         `json:"frontend_api,omitempty"`
	InstanceID     string         `json:"instance_id,omitempty"`
	SigningKey     string         `json:"signing_key,omitempty"`
	Users          []api.User     `json:"users,omitempty"`
	Sessions       []SeedSession  `json:"sessions,omitempty"`
	JWTTemplates   []SeedTemplate `json:"jwt_templates,omitempty"`

	Machines    []SeedMachine    `json:"machines,omitempty"`
	APIKeys     []api.APIKey     `json:"api_keys,omitempty"`
	M2MTokens   []api.M2MToken   `json:"m2m_tokens,omitempty"`
	OAuthTokens []SeedOAuthToken `json:"oauth_tokens,omitempty"`
}

// SeedSession is a session of a seed.
type SeedSession struct {
	api.Session
	Organization *Organization `json:"organization,omitempty"`
}

// SeedTemplate is a JWT template of a seed.
type SeedTemplate struct {
	api.JWTTemplate
	SigningKey string `json:"signing_key,omitempty"`
}

// ReadSeed reads a seed file. The error is one line that names the member at fault.
func ReadSeed(path string) (Seed, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Seed{}, fmt.Errorf("clerktest: seed: %w", err)
	}
	return ParseSeed(data)
}

// ParseSeed reads the JSON of a seed.
func ParseSeed(data []byte) (Seed, error) {
	if refusal := description.CheckPart(seedSchema(), data); refusal != nil {
		return Seed{}, errors.New("clerktest: seed: " + refusal.Problems[0].Detail)
	}
	var raw struct {
		Seed
		Users        []json.RawMessage `json:"users"`
		JWTTemplates []json.RawMessage `json:"jwt_templates"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Seed{}, fmt.Errorf("clerktest: seed: %w", err)
	}
	seed := raw.Seed
	for n, user := range raw.Users {
		// The settings of every user by default.
		u := api.User{DeleteSelfEnabled: true, CreateOrganizationEnabled: true}
		if err := json.Unmarshal(user, &u); err != nil {
			return Seed{}, fmt.Errorf("clerktest: seed: users[%d]: %w", n, err)
		}
		seed.Users = append(seed.Users, u)
	}
	for n, template := range raw.JWTTemplates {
		t := SeedTemplate{JWTTemplate: api.JWTTemplate{AllowedClockSkew: templateSkew}}
		if err := json.Unmarshal(template, &t); err != nil {
			return Seed{}, fmt.Errorf("clerktest: seed: jwt_templates[%d]: %w", n, err)
		}
		seed.JWTTemplates = append(seed.JWTTemplates, t)
	}
	return seed, nil
}

// seedSchema is the form of a seed file. Its resources are those of the API's
// description.
func seedSchema() *description.Schema {
	text := &description.Schema{Type: description.String}
	list := func(items *description.Schema) *description.Schema {
		return &description.Schema{Type: description.Array, Items: items}
	}
	organization := objectSchema(
		description.Member{Name: "id", Schema: text},
		description.Member{Name: "name", Schema: text},
		description.Member{Name: "slug", Schema: text},
		description.Member{Name: "role", Schema: text},
		description.Member{Name: "permissions", Schema: list(text)},
	)
	return objectSchema(
		description.Member{Name: "production", Schema: &description.Schema{Type: description.Boolean}},
		description.Member{Name: "secret_key", Schema: text},
		description.Member{Name: "publishable_key", Schema: text},
		description.Member{Name: "frontend_api", Schema: text},
		description.Member{Name: "instance_id", Schema: text},
		description.Member{Name: "signing_key", Schema: text},
		description.Member{Name: "users", Schema: list(description.Named("User"))},
		description.Member{Name: "sessions", Schema: list(extendedSchema("Session", "organization", organization))},
		description.Member{Name: "jwt_templates", Schema: list(extendedSchema("JWTTemplate", "signing_key", text))},
		description.Member{Name: "machines", Schema: list(seedMachineSchema())},
		description.Member{Name: "api_keys", Schema: list(seedAPIKeySchema())},
		description.Member{Name: "m2m_tokens", Schema: list(seedM2MTokenSchema())},
		description.Member{Name: "oauth_tokens", Schema: list(seedOAuthTokenSchema())},
	)
}

func objectSchema(members ...description.Member) *description.Schema {
	return &description.Schema{Type: description.Object, Members: members}
}

// extended is a component of the description with one more member.
func extendedSchema(component, name string, member *description.Schema) *description.Schema {
	s := *description.Named(component)
	s.Members = append(slices.Clip(s.Members), description.Member{Name: name, Schema: member})
	return &s
}

// Seed returns the current state of the instance, as a seed for an equal one.
func (i *Instance) Seed() Seed {
	i.mu.Lock()
	defer i.mu.Unlock()
	seed := Seed{
		Production: i.production, SecretKey: i.secretKey, PublishableKey: i.publishableKey,
		InstanceID: i.id, SigningKey: signing.PrivatePEM(i.key),
	}
	for _, u := range i.users.all() {
		seed.Users = append(seed.Users, *u)
	}
	for _, s := range i.sessions.all() {
		seed.Sessions = append(seed.Sessions, SeedSession{s.Session, s.organization})
	}
	for _, t := range i.templates.all() {
		seed.JWTTemplates = append(seed.JWTTemplates, SeedTemplate{t.JWTTemplate, t.signingKey})
	}
	i.saveMachines(&seed)
	return seed
}
