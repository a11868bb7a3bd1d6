package auth

import "net/http"

// Where the request held its token.
const (
	carrierHeader = "header"
	carrierCookie = "cookie"
)

// Why an expired token is not refreshed.
const (
	refreshNotGet       = "non-eligible-non-get"
	noRefreshCookie     = "non-eligible-no-refresh-cookie"
	refreshNoClient     = "missing-api-client"
	refreshNotAttempted = "unexpected-sdk-error"
)

// renewable rewrites the refusals that only say that the token's time has passed
// or not come: a browser that loads a page could get a better token.
func renewable(r *http.Request, rec *record, refresh string) {
	switch rec.reason {
	case ReasonTokenExpired:
		if r.Method != http.MethodGet {
			refresh = refreshNotGet
		}
		rec.reason = ReasonSessionTokenExpired + "-refresh-" + Reason(refresh)
	case ReasonTokenNotActiveYet:
		rec.reason = ReasonSessionTokenNBF
	case ReasonTokenIATInTheFuture:
		rec.reason = ReasonSessionTokenIATInTheFuture
	}
}

// refreshFailure tells why the session cookie's token, once expired, stays so.
func (c *cookieRequest) refreshFailure() string {
	switch {
	case c.refresh == "":
		return noRefreshCookie
	case c.a.client == nil:
		return refreshNoClient
	default:
		return refreshNotAttempted
	}
}
