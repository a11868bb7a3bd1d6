// Package frontendproxy serves Clerk's frontend API under a path of the service's own
// domain. A production instance needs that where its domain cannot have the DNS record of
// a frontend API.
//
//	proxy, err := frontendproxy.FromEnv() // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY, CLERK_PROXY_URL
//	if err != nil {
//		return err
//	}
//	mux.Handle("/__clerk/", proxy)
//
// Each request is sent on to Clerk with three things that browsers do not know: the proxy
// URL, the secret key and the address of the client, by which Clerk limits rates and
// recognizes bots. No request can choose where it is sent, and none can supply these
// fields itself. Forwarding headers count if they come from this machine, a private network
// or a proxy named by [WithTrustedProxies]; behind a CDN, [WithClientIP] names the header
// that the CDN puts the client's address in.
//
// A [Handler] stands beside authentication, never behind it: the frontend API is where
// guests sign in. It uses nothing of package auth. If the Middleware of that package is in
// front of a whole service, its WithProxyURL lets requests for the proxy pass. A request
// under another path than the proxy's is answered with 404.
//
// Errors are JSON in the form of Clerk's own, {"errors": [{"code": …, "message": …}]}, with
// the codes proxy_request_invalid, proxy_path_mismatch, proxy_request_failed and
// proxy_timeout. Their texts are fixed, and show nothing of a request, a key or the cause.
package frontendproxy
