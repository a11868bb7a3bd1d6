package clerktest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

var (
	machineIDPattern = idPattern("mch")
	// The description restricts the IDs of keys and tokens in paths to this form.
	apiKeyIDPattern   = regexp.MustCompile(`^ak_[0-9A-Fa-f]{32}$`)
	m2mTokenIDPattern = regexp.MustCompile(`^mt_[0-9A-Fa-f]{32}$`)
)

// derivedTokenID returns the ID of a token for which the seed has none.
func derivedTokenID(prefix, token string) string {
	sum := sha256.Sum256([]byte(token))
	return prefix + "_" + hex.EncodeToString(sum[:16])
}

func (i *Instance) loadMachines(seed Seed) error {
	for n, seeded := range seed.Machines {
		m := &machine{SeedMachine: seeded}
		m.Name = cmp.Or(m.Name, m.ID)
		m.SecretKey = cmp.Or(m.SecretKey, derivedID("ak", i.secretKey, m.ID))
		m.DefaultTokenTTL = cmp.Or(m.DefaultTokenTTL, defaultTTL)
		if m.CreatedAt == 0 {
			stamp(&m.CreatedAt, seedBegin)
		}
		m.UpdatedAt = cmp.Or(m.UpdatedAt, m.CreatedAt)
		at := fmt.Sprintf("machines[%d]", n)
		switch {
		case !machineIDPattern.MatchString(m.ID):
			return fmt.Errorf("%s.id must be mch_ and letters or digits", at)
		case i.machines.Find(func(o *machine) bool { return o.ID == m.ID || o.SecretKey == m.SecretKey }) != nil:
			return fmt.Errorf("%s has the id or secret_key of another machine", at)
		case !idPattern("ak").MatchString(m.SecretKey):
			return fmt.Errorf("%s.secret_key must be ak_ and letters or digits", at)
		case m.DefaultTokenTTL < 0:
			return fmt.Errorf("%s.default_token_ttl must be positive", at)
		}
		i.machines.Put(m)
	}
	for n, m := range seed.Machines {
		for _, id := range m.ScopedMachines {
			if i.machines.Get(id) == nil {
				return fmt.Errorf("machines[%d].scoped_machines names %s, which is not a machine in the seed", n, id)
			}
		}
	}
	return nil
}

func (i *Instance) loadMachineTokens(seed Seed) error {
	for n, k := range seed.APIKeys {
		k.ID = cmp.Or(k.ID, derivedTokenID("ak", k.Secret))
		k.Object, k.Type, k.Name = "api_key", cmp.Or(k.Type, "api_key"), cmp.Or(k.Name, k.ID)
		k.Scopes, k.CreatedAt = notNil(k.Scopes), cmp.Or(k.CreatedAt, clerk.At(seedBegin))
		k.UpdatedAt = cmp.Or(k.UpdatedAt, k.CreatedAt)
		if !idPattern("ak").MatchString(k.Secret) || k.Subject == "" || !apiKeyIDPattern.MatchString(k.ID) || i.apiKeys.Get(k.ID) != nil {
			return fmt.Errorf("api_keys[%d] needs a secret that begins with ak_, a subject and an id of ak_ and 32 hexadecimal digits of its own", n)
		}
		i.apiKeys.Put(&k)
	}
	for n, t := range seed.M2MTokens {
		t.ID = cmp.Or(t.ID, derivedTokenID("mt", t.Token))
		t.Object, t.Scopes, t.CreatedAt = "machine_to_machine_token", notNil(t.Scopes), cmp.Or(t.CreatedAt, clerk.At(seedBegin))
		t.UpdatedAt = cmp.Or(t.UpdatedAt, t.CreatedAt)
		if !idPattern("mt").MatchString(t.Token) || !machineIDPattern.MatchString(t.Subject) || !m2mTokenIDPattern.MatchString(t.ID) || i.m2mTokens.Get(t.ID) != nil {
			return fmt.Errorf("m2m_tokens[%d] needs a token that begins with mt_, a machine as its subject and an id of mt_ and 32 hexadecimal digits of its own", n)
		}
		i.m2mTokens.Put(&t)
	}
	for n, t := range seed.OAuthTokens {
		t.ID = cmp.Or(t.ID, derivedTokenID("oat", t.Token))
		t.CreatedAt = cmp.Or(t.CreatedAt, clerk.At(seedBegin))
		if !idPattern("oat").MatchString(t.Token) || t.Subject == "" || t.ClientID == "" || i.oauthTokens.Get(t.ID) != nil {
			return fmt.Errorf("oauth_tokens[%d] needs a token that begins with oat_, a subject, a client_id and an id of its own", n)
		}
		i.oauthTokens.Put(&t)
	}
	return nil
}

// saveMachines adds machines, API keys and tokens to a seed. It leaves out the
// replaced keys of machines, even if they are still valid.
func (i *Instance) saveMachines(seed *Seed) {
	for _, m := range i.machines.All() {
		saved := m.SeedMachine
		saved.ScopedMachines = slices.Clone(m.ScopedMachines)
		seed.Machines = append(seed.Machines, saved)
	}
	for _, k := range i.apiKeys.All() {
		seed.APIKeys = append(seed.APIKeys, *k)
	}
	for _, t := range i.m2mTokens.All() {
		seed.M2MTokens = append(seed.M2MTokens, *t)
	}
	for _, t := range i.oauthTokens.All() {
		seed.OAuthTokens = append(seed.OAuthTokens, *t)
	}
}

// The schemas of machines, keys and tokens in a seed file.

var (
	seedText     = &description.Schema{Type: description.String, Nullable: true}
	seedTexts    = &description.Schema{Type: description.Array, Items: &description.Schema{Type: description.String}}
	seedNumber   = &description.Schema{Type: description.Integer, Nullable: true}
	seedMetadata = &description.Schema{Type: description.Object, Open: true}
	seedTruth    = &description.Schema{Type: description.Boolean}
	seedAny      = &description.Schema{Nullable: true}
)

func membersOf(schema *description.Schema, names ...string) []description.Member {
	list := make([]description.Member, len(names))
	for i, name := range names {
		list[i] = description.Member{Name: name, Schema: schema}
	}
	return list
}

func seedMachineSchema() *description.Schema {
	return objectSchema(slices.Concat(membersOf(seedText, "id", "name", "secret_key"), membersOf(seedTexts, "scoped_machines"),
		membersOf(seedNumber, "default_token_ttl", "created_at", "updated_at"))...)
}

func seedAPIKeySchema() *description.Schema {
	return objectSchema(slices.Concat(membersOf(seedText, "object", "id", "type", "subject", "name", "description", "revocation_reason", "created_by", "secret"),
		membersOf(seedTexts, "scopes"), membersOf(seedTruth, "revoked", "expired"), membersOf(seedAny, "claims"),
		membersOf(seedNumber, "expiration", "last_used_at", "created_at", "updated_at"))...)
}

func seedM2MTokenSchema() *description.Schema {
	return objectSchema(slices.Concat(membersOf(seedText, "object", "id", "subject", "revocation_reason", "token"),
		membersOf(seedTexts, "scopes"), membersOf(seedTruth, "revoked", "expired"), membersOf(seedAny, "claims"),
		membersOf(seedNumber, "expiration", "last_used_at", "created_at", "updated_at"))...)
}

func seedOAuthTokenSchema() *description.Schema {
	return objectSchema(slices.Concat(membersOf(seedText, "id", "token", "client_id", "subject"), membersOf(seedTexts, "scopes"),
		membersOf(seedTruth, "revoked"), membersOf(seedNumber, "expiration", "created_at"))...)
}
