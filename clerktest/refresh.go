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
		return nil, failure(http.StatusBadRequest, "refresh_request_origin_invalid", "request_origin must be an origin", "request_origin")
	}
	claims := signing.VerifiedClaims(&i.key.PublicKey, params.ExpiredToken)
	azp, named := claims["azp"]
	switch {
	case claims == nil:
		return nil, failure(http.StatusUnauthorized, "expired_session_token_invalid", "expired_token is not a token of this instance", "expired_token")
	case claims["sid"] != sessionID:
		return nil, failure(http.StatusUnauthorized, "refresh_sid_mismatch", "expired_token is not a token of this session", "expired_token")
	case !named && !i.partyless:
		return nil, failure(http.StatusUnauthorized, "expired_session_token_missing_azp", "expired_token has no azp", "expired_token")
	case named && azp != params.RequestOrigin:
		return nil, failure(http.StatusUnauthorized, "refresh_request_origin_azp_mismatch", "request_origin is not the azp of expired_token", "request_origin")
	case params.RefreshToken != i.RefreshToken(sessionID):
		return nil, failure(http.StatusUnauthorized, "refresh_token_not_found", "refresh_token is not the refresh token of this session", "refresh_token")
	}
	if _, _, err := i.tokenSubject(sessionID); err != nil {
		return nil, i.notRefreshed(sessionID)
	}
	token, err := i.cookieToken(sessionID, params.RequestOrigin)
	if err != nil {
		return nil, err
	}
	if params.ResultFormat.Or(sessions.SessionRefreshFormatToken) == sessions.SessionRefreshFormatToken {
		return &api.SessionRefresh{Object: "token", JWT: token}, nil
	}
	return &api.SessionRefresh{Object: "cookies", Cookies: i.sessionDirectives(token, origin.Scheme == "https")}, nil
}

// notRefreshed says why a session that is not live is not refreshed.
func (i *Instance) notRefreshed(sessionID string) error {
	if _, err := read(i, func() (*session, error) { return i.existingSession(sessionID) }); err != nil {
		return failure(http.StatusUnauthorized, "session_refresh_session_not_found", "the session does not exist", "")
	}
	return failure(http.StatusUnauthorized, "session_refresh_inactive_session", "the session has ended", "")
}
