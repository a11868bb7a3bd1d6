package site

import (
	"context"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

// Serve serves the site for the instance that the environment names until ctx is done.
// It calls ready with the URL of the site when connections are accepted.
func Serve(ctx context.Context, addr string, ready func(url string)) error {
	client, err := clerk.FromEnv()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	url := "http://" + listener.Addr().String()
	options := Options()
	if os.Getenv("CLERK_AUTHORIZED_PARTIES") == "" {
		options = append(options, auth.WithAuthorizedParties(url))
	}
	authn, err := auth.FromEnv(client, options...)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           New(client, authn),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready(url)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
