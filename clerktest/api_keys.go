package clerktest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/machines"
)

// apiKeyID is the form of IDs of API keys, to which the description restricts paths.
var apiKeyID = regexp.MustCompile(`^ak_[0-9A-Fa-f]{32}$`)

type apiKeyTables struct {
	apiKeys          kind[api.APIKey]
	apiKeyBySecret   *store.Index[api.APIKey]
	apiKeysOfSubject *store.Index[api.APIKey]
}

func (t *tables) addAPIKeys() {
	addSeeded(t, "api_keys", &t.apiKeys, kind[api.APIKey]{
		noun: "API key", object: "api_key", prefix: "ak",
		more: tokenMembers("type", "name", "description", "created_by", "secret"),
		seed: func(s *Seed) *[]api.APIKey { return &s.APIKeys },
		complete: func(_ *Instance, k *api.APIKey) error {
			k.ID = cmp.Or(k.ID, derivedTokenID("ak", k.Secret))
			k.Type, k.Name = cmp.Or(k.Type, "api_key"), cmp.Or(k.Name, k.ID)
			switch {
			case !apiKeyID.MatchString(k.ID):
				return errors.New("id must be ak_ and 32 hexadecimal digits")
			case !idPattern("ak").MatchString(k.Secret):
				return errors.New("secret must be ak_ and letters or digits")
			case k.Subject == "":
				return errors.New("subject is required")
			}
			return nil
		},
	}, func(k *api.APIKey) string { return k.ID })
	t.apiKeyBySecret = t.apiKeys.By(one(func(k *api.APIKey) string { return k.Secret }))
	t.apiKeysOfSubject = t.apiKeys.By(one(func(k *api.APIKey) string { return k.Subject }))
}

func (i *Instance) createAPIKey(_ context.Context, params machines.CreateAPIKeyParams) (*api.APIKey, error) {
	return write(i, func() (*api.APIKey, error) {
		now := i.now()
		k := newAPIKey(params.Subject, params.Name, now)
		k.Type, k.Claims, k.Scopes = params.Type.Or("api_key"), anyJSON(params.Claims), notNil(params.Scopes.Or(nil))
		assignPointer(&k.Description, params.Description)
		assignPointer(&k.CreatedBy, params.CreatedBy)
		k.Expiration = expiration(params.SecondsUntilExpiration, now)
		i.apiKeys.Put(k)
		shown := *k
		return &shown, nil
	})
}

// newAPIKey returns a key that has a fresh secret and does not expire.
func newAPIKey(subject, name string, now time.Time) *api.APIKey {
	k := &api.APIKey{
		Object: "api_key", ID: "ak_" + randomHex(16), Type: "api_key", Subject: subject, Name: name,
		Scopes: []string{}, Secret: "ak_" + randomHex(20),
	}
	stamp(&k.CreatedAt, now)
	stamp(&k.UpdatedAt, now)
	return k
}

// showAPIKey returns a key as the API shows it at a given time, without its secret.
func showAPIKey(k *api.APIKey, now time.Time) *api.APIKey {
	shown := *k
	shown.Secret, shown.Expired = "", isOver(k.Expiration, now)
	return &shown
}

func (i *Instance) getAPIKey(_ context.Context, apiKeyID string) (*api.APIKey, error) {
	return read(i, func() (*api.APIKey, error) {
		k, err := i.apiKeys.existing(apiKeyID)
		if err != nil {
			return nil, err
		}
		return showAPIKey(k, i.now()), nil
	})
}

func (i *Instance) getAPIKeySecret(_ context.Context, apiKeyID string) (*api.APIKeySecret, error) {
	return read(i, func() (*api.APIKeySecret, error) {
		k, err := i.apiKeys.existing(apiKeyID)
		if err != nil {
			return nil, err
		}
		return &api.APIKeySecret{Secret: k.Secret}, nil
	})
}

func (i *Instance) listAPIKeys(_ context.Context, params machines.ListAPIKeysParams) (*clerk.List[api.APIKey], error) {
	return read(i, func() (*clerk.List[api.APIKey], error) {
		now, query := i.now(), strings.ToLower(params.Query.Or(""))
		invalidToo := params.IncludeInvalid.Or(false)
		var found []*api.APIKey
		for _, stored := range slices.Backward(i.apiKeysOfSubject.All(params.Subject)) {
			k := showAPIKey(stored, now)
			if k.Type == params.Type.Or("api_key") &&
				(invalidToo || !k.Revoked && !k.Expired) &&
				strings.Contains(strings.ToLower(k.Name+"\x00"+clerk.Value(k.Description)), query) {
				found = append(found, k)
			}
		}
		return cut(found, params), nil
	})
}

// changeAPIKey changes a copy of a key and stores it.
func (i *Instance) changeAPIKey(id string, change func(k *api.APIKey, now time.Time)) (*api.APIKey, error) {
	return write(i, func() (*api.APIKey, error) {
		stored, err := i.apiKeys.existing(id)
		if err != nil {
			return nil, err
		}
		changed, now := *stored, i.now()
		change(&changed, now)
		resource.Touch(&changed, now)
		i.apiKeys.Put(&changed)
		return showAPIKey(&changed, now), nil
	})
}

func (i *Instance) updateAPIKey(_ context.Context, apiKeyID string, params machines.UpdateAPIKeyParams) (*api.APIKey, error) {
	return i.changeAPIKey(apiKeyID, func(k *api.APIKey, now time.Time) {
		if !params.Claims.IsZero() {
			k.Claims = anyJSON(params.Claims)
		}
		assign(&k.Scopes, params.Scopes)
		assignPointer(&k.Description, params.Description)
		assign(&k.Subject, params.Subject)
		if !params.SecondsUntilExpiration.IsZero() {
			k.Expiration = expiration(params.SecondsUntilExpiration, now)
		}
	})
}

func (i *Instance) revokeAPIKey(_ context.Context, apiKeyID string, params machines.RevokeAPIKeyParams) (*api.APIKey, error) {
	return i.changeAPIKey(apiKeyID, func(k *api.APIKey, _ time.Time) {
		k.Revoked = true
		assignPointer(&k.RevocationReason, params.RevocationReason)
	})
}

func (i *Instance) deleteAPIKey(_ context.Context, apiKeyID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if _, err := i.apiKeys.existing(apiKeyID); err != nil {
			return nil, err
		}
		i.apiKeys.Remove(apiKeyID)
		return &api.DeletedObject{Object: "api_key", ID: apiKeyID, Deleted: true}, nil
	})
}

// verifyAPIKey does not find a key that is revoked or expired: the SDKs in JavaScript take
// every success for a good key.
func (i *Instance) verifyAPIKey(_ context.Context, params machines.VerifyAPIKeyParams) (*api.APIKey, error) {
	if !strings.HasPrefix(params.Secret, "ak_") {
		return nil, malformedToken("secret", "ak_")
	}
	return write(i, func() (*api.APIKey, error) {
		k := i.apiKeyBySecret.First(params.Secret)
		now := i.now()
		if k == nil || k.Revoked || isOver(k.Expiration, now) {
			return nil, failure(http.StatusNotFound, "resource_not_found", "API key not found", "secret")
		}
		used := *k
		stampPointer(&used.LastUsedAt, now)
		i.apiKeys.Put(&used)
		return showAPIKey(&used, now), nil
	})
}
