package main

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"github.com/backend-sdk/clerk-go/auth"
)

// protected lets those call an operation who meet the requirements, and says in the
// description of the API that it takes a token. Its refusals have the form of Clerk's API;
// auth.WithRefusal can write application/problem+json, as huma does for its own errors.
func protected(authn *auth.Authenticator, requirements ...auth.Requirement) func(*huma.Operation) {
	guard := authn.Require(requirements...)
	return func(o *huma.Operation) {
		o.Security = append(o.Security, map[string][]string{"clerk": {}})
		o.Middlewares = append(o.Middlewares, func(c huma.Context, next func(huma.Context)) {
			r, w := humachi.Unwrap(c)
			guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				next(huma.WithContext(c, r.Context()))
			})).ServeHTTP(w, r)
		})
	}
}
