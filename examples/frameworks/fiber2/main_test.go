package main

import (
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

func TestFiber2(t *testing.T) {
	table.Run(t, table.Service{App: whoami, Serve: serve, Without: map[string]string{
		"canceled": "fiber does not notice that a caller goes away",
	}})
}

func serve(t *testing.T, authn *auth.Authenticator, whoami table.App) (origin string) {
	return start(t, newApp(authn, whoami))
}

func start(t *testing.T, app *fiber.App) (origin string) {
	listener, origin := table.Listen(t)
	go app.Listener(listener)
	t.Cleanup(func() { app.Shutdown() })
	return origin
}
