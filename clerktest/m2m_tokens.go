package clerktest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
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

// m2mTokenID is the form of IDs of M2M tokens, to which the description restricts paths.
var m2mTokenID = regexp.MustCompile(`^mt_[0-9A-Fa-f]{32}$`)

type m2mTokenTables struct {
	m2mTokens  kind[api.M2MToken]
	m2mByToken *store.Index[api.M2MToken]
}

func (t *tables) addM2MTokens() {
	addSeeded(t, "m2m_tokens", &t.m2mTokens, kind[api.M2MToken]{
		noun: "M2M token", object: "machine_to_machine_token", prefix: "mt",
		more: tokenMembers("token"),
		seed: func(s *Seed) *[]api.M2MToken { return &s.M2MTokens },
		complete: func(_ *Instance, t *api.M2MToken) error {
			t.ID = cmp.Or(t.ID, derivedTokenID("mt", t.Token))
			switch {
			case !m2mTokenID.MatchString(t.ID):
				return errors.New("id must be mt_ and 32 hexadecimal digits")
			case !idPattern("mt").MatchString(t.Token):
				return errors.New("token must be mt_ and letters or digits")
			case !idPattern("mch").MatchString(t.Subject):
				return errors.New("subject must be mch_ and letters or digits")
			}
			return nil
		},
	}, func(t *api.M2MToken) string { return t.ID })
	t.m2mByToken = t.m2mTokens.By(one(func(t *api.M2MToken) string { return t.Token }))
}

func (i *Instance) createM2MToken(ctx context.Context, params machines.CreateM2MTokenParams) (*api.M2MToken, error) {
	return write(i, func() (*api.M2MToken, error) {
		m := i.machines.Get(callingMachine(ctx))
		if m == nil {
			return nil, failure(http.StatusUnauthorized, "machine_secret_key_missing", "the secret key of a machine is required", "")
		}
		life := min(params.SecondsUntilExpiration.Or(m.DefaultTokenTTL), maxLife)
		rest, reuse := params.MinRemainingTTLSeconds.Get()
		if reuse && rest >= life {
			return nil, failure(http.StatusBadRequest, "form_param_value_invalid", "min_remaining_ttl_seconds must be less than the lifetime", "min_remaining_ttl_seconds")
		}
		now := i.now()
		t := newM2MToken(m.ID, now)
		t.Claims, t.Scopes = anyJSON(params.Claims), slices.Clone(m.ScopedMachines)
		t.Expiration = expiration(clerk.Set(life), now)
		if params.TokenFormat.Or("") == "jwt" {
			err := i.signM2MToken(t, now, time.Duration(life)*time.Second)
			return t, err
		}
		if same := i.reusable(t, now.Add(time.Duration(rest)*time.Second)); reuse && same != nil {
			return same, nil
		}
		i.m2mTokens.Put(t)
		made := *t
		return &made, nil
	})
}

func newM2MToken(machineID string, now time.Time) *api.M2MToken {
	t := &api.M2MToken{
		Object: "machine_to_machine_token", ID: "mt_" + randomHex(16), Subject: machineID,
		Scopes: []string{}, Token: "mt_" + randomHex(20),
	}
	stamp(&t.CreatedAt, now)
	stamp(&t.UpdatedAt, now)
	return t
}

// reusable returns a stored token with the subject, claims and scopes of t that is
// still valid at the given time, or nil.
func (i *Instance) reusable(t *api.M2MToken, at time.Time) *api.M2MToken {
	return i.m2mTokens.Find(func(o *api.M2MToken) bool {
		return o.Subject == t.Subject && !o.Revoked && !isOver(o.Expiration, at) &&
			bytes.Equal(o.Claims, t.Claims) && slices.Equal(o.Scopes, t.Scopes)
	})
}

// signM2MToken turns a token into a JWT, which the instance does not store.
func (i *Instance) signM2MToken(t *api.M2MToken, now time.Time, life time.Duration) error {
	claims := map[string]any{}
	if t.Claims != nil && json.Unmarshal(t.Claims, &claims) != nil {
		return failure(http.StatusBadRequest, "form_param_type_invalid", "claims of a JWT must be an object", "claims")
	}
	if claims == nil {
		claims = map[string]any{}
	}
	maps.Copy(claims, i.standardClaims(t.Subject, now, life, 0))
	claims["jti"] = t.ID
	if len(t.Scopes) > 0 {
		claims["aud"], claims["scopes"] = t.Scopes, strings.Join(t.Scopes, " ")
	}
	text, err := i.signer().Sign(i.header(machineCategory, "JWT"), claims)
	t.Token = text
	return err
}

// showM2MToken returns a token as the API shows it at a given time, without its
// secret.
func showM2MToken(t *api.M2MToken, now time.Time) *api.M2MToken {
	shown := *t
	shown.Token, shown.Expired = "", isOver(t.Expiration, now)
	return &shown
}

func (i *Instance) listM2MTokens(ctx context.Context, params machines.ListM2MTokensParams) (*clerk.List[api.M2MToken], error) {
	if caller := callingMachine(ctx); caller != "" && caller != params.Subject {
		return nil, failure(http.StatusForbidden, "authorization_invalid", "a machine can only list its own tokens", "subject")
	}
	_, err := read(i, func() (*machine, error) { return i.machines.existing(params.Subject) })
	if err != nil {
		return nil, err
	}
	now := i.now()
	var found []*api.M2MToken
	for _, stored := range slices.Backward(i.m2mTokens.Snapshot()) {
		t := showM2MToken(stored, now)
		if t.Subject == params.Subject && (!t.Revoked || params.Revoked.Or(false)) && (!t.Expired || params.Expired.Or(false)) {
			found = append(found, t)
		}
	}
	return cut(found, params), nil
}

func (i *Instance) revokeM2MToken(ctx context.Context, m2mTokenID string, params machines.RevokeM2MTokenParams) (*api.M2MToken, error) {
	return write(i, func() (*api.M2MToken, error) {
		t := i.m2mTokens.Get(m2mTokenID)
		if caller := callingMachine(ctx); t == nil || caller != "" && caller != t.Subject {
			return nil, notFound("M2M token", m2mTokenID)
		}
		revoked, now := *t, i.now()
		revoked.Revoked = true
		assignPointer(&revoked.RevocationReason, params.RevocationReason)
		resource.Touch(&revoked, now)
		i.m2mTokens.Put(&revoked)
		return showM2MToken(&revoked, now), nil
	})
}

// verifyM2MToken does not find a token that is revoked or expired. A machine can only verify
// tokens that are meant for it.
func (i *Instance) verifyM2MToken(ctx context.Context, params machines.VerifyM2MTokenParams) (*api.M2MToken, error) {
	if !strings.HasPrefix(params.Token, "mt_") {
		return nil, malformedToken("token", "mt_")
	}
	return write(i, func() (*api.M2MToken, error) {
		t := i.m2mByToken.First(params.Token)
		now := i.now()
		if caller := callingMachine(ctx); t == nil || t.Revoked || isOver(t.Expiration, now) || caller != "" && !slices.Contains(t.Scopes, caller) {
			return nil, failure(http.StatusNotFound, "resource_not_found", "M2M token not found", "token")
		}
		used := *t
		stampPointer(&used.LastUsedAt, now)
		i.m2mTokens.Put(&used)
		return showM2MToken(&used, now), nil
	})
}
