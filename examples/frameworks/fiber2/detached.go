package main

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"github.com/backend-sdk/clerk-go/auth"
)

// detached returns the caller of c for work that goes on after the handler. What
// auth.FromContext returns there has the token in a buffer of fiber, which the next request
// overwrites: GetToken would then return the token of somebody else. So this
// authenticates a copy of the request.
func detached(authn *auth.Authenticator, c *fiber.Ctx) (*auth.Auth, error) {
	r, err := adaptor.ConvertRequest(c, true)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	for name, values := range r.Header {
		for _, value := range values {
			header.Add(strings.Clone(name), strings.Clone(value))
		}
	}
	r.Header = header
	state, err := authn.Authenticate(r)
	if err != nil {
		return nil, err
	}
	return state.Auth(), nil
}
