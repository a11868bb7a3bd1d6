// Package auth authenticates the requests that a service receives. It verifies the
// tokens that Clerk's frontends put into the Authorization header and into cookies, and
// says which user sent a request and what they may do.
//
//	authn, err := auth.FromEnv(client) // CLERK_PUBLISHABLE_KEY, CLERK_AUTHORIZED_PARTIES, …
//	if err != nil {
//		return err
//	}
//	mux.Handle("GET /api/name", authn.Require()(handler)) // 401 for guests, 503 in an outage
//	mux.Handle("GET /", authn.Middleware(page))           // passes guests on
//
// In a handler, [FromContext] returns the [Auth] of the request. [Auth.Has] checks
// roles, permissions, features, plans and scopes, [Auth.GetToken] fetches a token for
// another service, and [CurrentUser] fetches the user. Require and [Authorize] take the
// same checks, and combine them with [AnyOf], [AllOf] and [If]. [WithRefusal] writes the
// responses to callers who may not pass.
//
// Programs present API keys, M2M tokens and OAuth tokens instead of a session.
// [WithAcceptedTokens] makes an Authenticator verify them, and [Accepts] says which of
// them an endpoint takes; everywhere else they are refused. Opaque tokens are verified
// with Clerk on every request, so revoking one takes effect at once.
//
// Missing data denies access: an endpoint without the middleware, a claim that is not
// in the token, a nil requirement. An outage of Clerk is not mistaken for a guest:
// [Auth.Err] reports it.
//
// A page load whose cookies are missing or out of date is redirected to Clerk's
// frontend API and returns with new ones. A request by a script is refreshed if it has
// a refresh cookie, and otherwise signed out. [Authenticator.Authenticate] leaves the
// response to its caller; see [State.Header]. [Authenticator.RedirectToSignIn] sends a
// guest to sign in. The URL that the browser sees, and returns to, is taken from the
// request and from the forwarding headers of trusted peers; see [WithTrustedProxies]
// and [WithPublicOrigin]. The query of a link can carry the outcome of a handshake; see
// [WithHandshakeCookiesOnly].
//
// Browsers send session cookies with every request, even with one that a page of
// another origin causes. [WithAuthorizedParties] refuses tokens made for other origins,
// and [WithCrossOriginProtection] refuses unsafe requests from them. Every service that
// reads cookies should set both.
package auth
