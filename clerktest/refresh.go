package clerktest

import (
	"context"
	"net/http"
	"net/url"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
	"github.com/backend-sdk/clerk-go/sessions"
)

// RefreshToken returns the value of the __refresh cookie of a browser with this
// session. It is valid as long as the session is live.
func (i *Instance) RefreshToken(sessionID string) string {
	return derivedID("rt", "refresh", i.secretKey, sessionID)
}

// refreshSession returns a new token for an expired token. After a 401 a service falls
// back to the handshake. Whatever SuffixedCookies is, the response has the cookies under
// both names.
func (i *Instance) refreshSession(_ context.Context, sessionID string, params sessions.RefreshSessionParams) (*api.SessionRefresh, error) {
	origin, err := url.Parse(params.RequestOrigin)
	if err != nil || origin.Scheme != "http" && origin.Scheme != "https" || origin.Host == "" || originOf(origin) != params.RequestOrigin {
		return nil, failure(http.StatusBadRequest, "request_origin_invalid", "request_origin must be an origin", "request_origin")
	}
	claims := signing.VerifiedClaims(&i.key.PublicKey, params.ExpiredToken)
	if claims == nil || claims["sid"] != sessionID {
		return nil, failure(http.StatusUnauthorized, "expired_token_invalid", "expired_token is not a token of this session", "expired_token")
	}
	if params.RefreshToken != i.RefreshToken(sessionID) {
		return nil, failure(http.StatusUnauthorized, "refresh_token_invalid", "refresh_token is not the refresh token of this session", "refresh_token")
	}
	if _, _, err := i.tokenSubject(sessionID); err != nil {
		return nil, failure(http.StatusUnauthorized, "session_not_active", "the session has ended", "")
	}
	token, err := i.cookieToken(sessionID, params.RequestOrigin)
	if err != nil {
		return nil, err
	}
	if params.Format.Or(sessions.SessionRefreshFormatToken) == sessions.SessionRefreshFormatToken {
		return &api.SessionRefresh{Object: "token", JWT: token}, nil
	}
	return &api.SessionRefresh{Object: "cookies", Cookies: i.sessionDirectives(token, origin.Scheme == "https")}, nil
}
