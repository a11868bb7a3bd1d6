// Package auth finds out who sent a request: it verifies the tokens that Clerk's
// frontends put into the Authorization header and into cookies, and tells an
// endpoint about the user.
//
//	authn, err := auth.FromEnv(client)
//	…
//	mux.Handle("GET /api/name", authn.Middleware(handler))
//
// In the handler, [FromContext] gives the [Auth] of the request. [Auth.GetToken]
// gets tokens for other services, [CurrentUser] the user's record.
// [Authenticator.Require] is a middleware that answers 401 or 403 by itself.
//
// Programs present API keys, M2M tokens and OAuth tokens in place of a session.
// [WithAcceptedTokens] makes an Authenticator verify them, and [Accepts] says
// which of them an endpoint takes; everywhere else they are refused. Clerk is
// asked about those that are no JWT with each request, so that a revoked one ends
// at once.
//
// Whatever is missing denies: an endpoint without the middleware, a claim that
// the token does not have, a requirement that is nil. An outage of Clerk is told
// apart from a guest by [Auth.Err].
//
// A page load whose cookies are missing or out of date is redirected to Clerk's
// frontend API and comes back with new ones; a script's request is signed out, or
// refreshed where it has a cookie for that. [Authenticator.Authenticate] leaves the
// response to its caller: see [State.Header]. [Authenticator.RedirectToSignIn] leads
// a guest on. Which URL the browser sees, and so where it comes back to, is taken
// from the request and, from peers that are trusted, from forwarding headers; see
// [WithTrustedProxies] and [WithPublicOrigin]. The query of a link can carry the
// outcome of a handshake; see [WithHandshakeCookiesOnly].
//
// A session cookie is what browsers send along with every request, also with one
// that a foreign page causes. [WithAuthorizedParties] refuses tokens made for
// other origins, and [WithCrossOriginProtection] unsafe requests that come from
// them. Both belong to every service that reads cookies.
package auth
