package main

import (
	"net"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

func TestFiber2(t *testing.T) {
	table.Run(t, table.Service{App: whoami, Serve: serve, Without: map[string]string{
		"canceled": "fiber does not notice that a caller goes away",
	}})
}

func serve(t *testing.T, authn *auth.Authenticator, whoami table.App) (origin string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app := newApp(authn, whoami)
	go app.Listener(listener)
	t.Cleanup(func() { app.Shutdown() })
	return "http://" + listener.Addr().String()
}
