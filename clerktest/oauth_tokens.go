package clerktest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
	"github.com/backend-sdk/clerk-go/oauth"
)

// SeedOAuthToken is an opaque access token of a seed, which a user granted to an OAuth
// application. Times are in milliseconds.
type SeedOAuthToken struct {
	ID         string           `json:"id,omitempty"`
	Token      string           `json:"token"`
	ClientID   string           `json:"client_id"`
	Subject    string           `json:"subject"`
	Scopes     []string         `json:"scopes,omitempty"`
	Revoked    bool             `json:"revoked,omitempty"`
	Expiration *clerk.Timestamp `json:"expiration,omitempty"`
	CreatedAt  clerk.Timestamp  `json:"created_at,omitempty"`
}

func (i *Instance) verifyOAuthAccessToken(_ context.Context, params oauth.VerifyOAuthAccessTokenParams) (*api.VerifiedOAuthAccessToken, error) {
	//lint:ignore SA1019 callers may still send the deprecated name
	token := params.AccessToken.Or(params.Secret.Or(""))
	switch {
	case token == "":
		return nil, failure(http.StatusBadRequest, "form_param_missing", "access_token must be given", "access_token")
	case strings.HasPrefix(token, "ey"):
		return i.verifyOAuthJWT(token)
	case !strings.HasPrefix(token, "oat_"):
		return nil, malformedToken("access_token", "oat_")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	t := i.oauthTokens.find(func(t *SeedOAuthToken) bool { return t.Token == token })
	if t == nil {
		return nil, failure(http.StatusNotFound, "resource_not_found", "no such access token", "access_token")
	}
	return showOAuthToken(t, i.now()), nil
}

func showOAuthToken(t *SeedOAuthToken, now time.Time) *api.VerifiedOAuthAccessToken {
	return &api.VerifiedOAuthAccessToken{
		Object: "clerk_idp_oauth_access_token", ID: t.ID, ClientID: &t.ClientID, Subject: &t.Subject,
		Scopes: notNil(t.Scopes), Revoked: &t.Revoked, Expired: new(isOver(t.Expiration, now)), Expiration: t.Expiration,
		CreatedAt: &t.CreatedAt, UpdatedAt: &t.CreatedAt,
	}
}

// verifyOAuthJWT responds for a JWT that is no longer valid with only that fact.
func (i *Instance) verifyOAuthJWT(token string) (*api.VerifiedOAuthAccessToken, error) {
	claims := signing.VerifiedClaims(&i.key.PublicKey, token)
	client, named := claims["client_id"].(string)
	if !named {
		return nil, failure(http.StatusNotFound, "resource_not_found", "no such access token", "access_token")
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

// moment returns a time claim, or 0 for any other value.
func timeClaim(claim any) clerk.Timestamp {
	seconds, _ := claim.(float64)
	return clerk.Timestamp(seconds) * 1000
}
