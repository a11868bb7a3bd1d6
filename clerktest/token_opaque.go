package clerktest

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/backend-sdk/clerk-go/clerk"
)

// createOpaqueToken creates and stores a token that is not a JWT. It does not store a
// token by a stranger.
func (i *Instance) createOpaqueToken(request tokenRequest) (string, error) {
	claims, err := attachedClaims(request)
	if err != nil {
		return "", err
	}
	switch {
	case request.keyOf != "":
		return i.createOpaqueAPIKey(request, claims)
	case request.machineID != "":
		return i.createOpaqueM2MToken(request, claims)
	case request.clientID != "":
		return i.createOpaqueOAuthToken(request)
	default:
		return "", errors.New("only tokens of machines and OAuth clients can be opaque")
	}
}

func attachedClaims(request tokenRequest) (json.RawMessage, error) {
	if len(request.claims) == 0 {
		return nil, nil
	}
	return json.Marshal(request.claims)
}

// tokenTimes returns when the requested token begins and expires.
func (i *Instance) tokenTimes(request tokenRequest) (begun, end clerk.Timestamp) {
	from, life := i.window(request, machineTokenLife)
	return clerk.At(from), clerk.At(from.Add(life))
}

func (i *Instance) createOpaqueAPIKey(request tokenRequest, claims json.RawMessage) (string, error) {
	k := newAPIKey(request.keyOf, "test", i.now())
	k.Claims, k.Scopes, k.Revoked = claims, notNil(request.scopes), request.revoked
	if begun, end := i.tokenTimes(request); request.expired || request.lifetime != 0 {
		k.CreatedAt, k.UpdatedAt, k.Expiration = begun, begun, &end
	}
	if request.byStranger {
		return k.Secret, nil
	}
	return k.Secret, i.store.Write(func() error {
		i.apiKeys.Put(k)
		return nil
	})
}

func (i *Instance) createOpaqueM2MToken(request tokenRequest, claims json.RawMessage) (string, error) {
	t := newM2MToken(request.machineID, i.now())
	begun, end := i.tokenTimes(request)
	t.CreatedAt, t.UpdatedAt, t.Expiration = begun, begun, &end
	t.Claims, t.Scopes, t.Revoked = claims, request.scopes, request.revoked
	return t.Token, i.store.Write(func() error {
		if m := i.machines.Get(t.Subject); m != nil && t.Scopes == nil {
			t.Scopes = slices.Clone(m.ScopedMachines)
		}
		t.Scopes = notNil(t.Scopes)
		if !request.byStranger {
			i.m2mTokens.Put(t)
		}
		return nil
	})
}

func (i *Instance) createOpaqueOAuthToken(request tokenRequest) (string, error) {
	return write(i, func() (string, error) {
		u, err := i.tokenUser(request.userID)
		if err != nil {
			return "", err
		}
		begun, end := i.tokenTimes(request)
		t := &SeedOAuthToken{
			ID: "oat_" + randomHex(16), Token: "oat_" + randomHex(20), ClientID: request.clientID, Subject: u.ID,
			Scopes: oauthScopes(request), Revoked: request.revoked, CreatedAt: begun, Expiration: &end,
		}
		if !request.byStranger {
			i.oauthTokens.Put(t)
		}
		return t.Token, nil
	})
}

// oauthScopes returns the requested scopes, by default profile and email.
func oauthScopes(request tokenRequest) []string {
	if request.scopes != nil {
		return request.scopes
	}
	return []string{"profile", "email"}
}
