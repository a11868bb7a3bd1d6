package clerktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/oauth"
)

// SeedOAuthToken is an opaque access token in a seed, which an OAuth application
// holds for a user. Times are in milliseconds.
type SeedOAuthToken struct {
	ID         string           `json:"id,omitempty"`
	Token      string           `json:"token" clerk:"credential"`
	ClientID   string           `json:"client_id"`
	Subject    string           `json:"subject"`
	Scopes     []string         `json:"scopes,omitempty"`
	Revoked    bool             `json:"revoked,omitempty"`
	Expiration *clerk.Timestamp `json:"expiration,omitempty"`
	CreatedAt  clerk.Timestamp  `json:"created_at"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (t SeedOAuthToken) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, t) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (t SeedOAuthToken) LogValue() slog.Value { return clerk.LogHidden(t) }

type oauthTokenTables struct {
	oauthTokens          kind[SeedOAuthToken]
	oauthByToken         *store.Index[SeedOAuthToken]
	oauthTokensOfSubject *store.Index[SeedOAuthToken]
}

func (t *tables) addOAuthTokens() {
	addSeeded(t, "oauth_tokens", &t.oauthTokens, kind[SeedOAuthToken]{
		noun: "access token", prefix: "oat",
		more: slices.Concat(membersOf(seedText, "id", "token", "client_id", "subject"), membersOf(seedTexts, "scopes"),
			membersOf(seedTruth, "revoked"), membersOf(seedNumber, "expiration", "created_at")),
		seed: func(s *Seed) *[]SeedOAuthToken { return &s.OAuthTokens },
		complete: func(_ *Instance, t *SeedOAuthToken) error {
			t.ID = cmp.Or(t.ID, derivedTokenID("oat", t.Token))
			switch {
			case !idPattern("oat").MatchString(t.Token):
				return errors.New("token must be oat_ and letters or digits")
			case t.Subject == "":
				return errors.New("subject is required")
			case t.ClientID == "":
				return errors.New("client_id is required")
			}
			return nil
		},
	}, func(t *SeedOAuthToken) string { return t.ID })
	t.oauthByToken = t.oauthTokens.By(one(func(t *SeedOAuthToken) string { return t.Token }))
	t.oauthTokensOfSubject = t.oauthTokens.By(one(func(t *SeedOAuthToken) string { return t.Subject }))
}

func (i *Instance) verifyOAuthAccessToken(_ context.Context, params oauth.VerifyOAuthAccessTokenParams) (*api.VerifiedOAuthAccessToken, error) {
	//lint:ignore SA1019 callers may still send the deprecated name
	token := params.AccessToken.Or(params.Secret.Or(""))
	switch {
	case token == "":
		return nil, failure(http.StatusBadRequest, "form_param_missing", "access_token is required", "access_token")
	case strings.HasPrefix(token, "ey"):
		return i.verifyOAuthJWT(token)
	case !strings.HasPrefix(token, "oat_"):
		return nil, malformedToken("access_token", "oat_")
	}
	return read(i, func() (*api.VerifiedOAuthAccessToken, error) {
		t := i.oauthByToken.First(token)
		if t == nil || t.Revoked || isOver(t.Expiration, i.now()) {
			return nil, failure(http.StatusNotFound, "resource_not_found", "access token not found", "access_token")
		}
		return showOAuthToken(t, i.now()), nil
	})
}

func showOAuthToken(t *SeedOAuthToken, now time.Time) *api.VerifiedOAuthAccessToken {
	return &api.VerifiedOAuthAccessToken{
		Object: "clerk_idp_oauth_access_token", ID: t.ID, ClientID: &t.ClientID, Subject: &t.Subject,
		Scopes: notNil(t.Scopes), Revoked: &t.Revoked, Expired: new(isOver(t.Expiration, now)), Expiration: t.Expiration,
		CreatedAt: &t.CreatedAt, UpdatedAt: &t.CreatedAt,
	}
}

// verifyOAuthJWT verifies a JWT. For an expired JWT it only returns that the token
// is not active.
func (i *Instance) verifyOAuthJWT(token string) (*api.VerifiedOAuthAccessToken, error) {
	claims := signing.VerifiedClaims(&i.key.PublicKey, token)
	client, named := claims["client_id"].(string)
	if !named {
		return nil, failure(http.StatusNotFound, "resource_not_found", "access token not found", "access_token")
	}
	now := i.now()
	t := &SeedOAuthToken{ClientID: client, Expiration: new(timeClaim(claims["exp"])), CreatedAt: timeClaim(claims["iat"])}
	t.ID, _ = claims["jti"].(string)
	t.Subject, _ = claims["sub"].(string)
	scope, _ := claims["scope"].(string)
	t.Scopes = strings.Fields(scope)
	if isOver(t.Expiration, now) {
		return &api.VerifiedOAuthAccessToken{Active: new(false)}, nil
	}
	return showOAuthToken(t, now), nil
}

// timeClaim returns a claim in seconds as a timestamp, or 0 if it is not a number.
func timeClaim(claim any) clerk.Timestamp {
	seconds, _ := claim.(float64)
	return clerk.Timestamp(seconds) * 1000
}
