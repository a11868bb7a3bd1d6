// Command endpoints is the smallest service that uses the whole SDK: it tells
// who is calling, makes a token for a database, shows the current user and
// changes the user's name. Everything but the address comes from the
// environment: CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY and the optional
// variables that [auth.FromEnv] reads. With CLERK_JWT_KEY it starts without a
// secret key, too, and only tells who is calling.
//
// With no Clerk account, serve an emulated one in a first terminal, and in a
// second one set the variables that it prints and start the service:
//
//	go run ./clerktest/cmd/emulator -addr 127.0.0.1:4010
//	CLERK_SECRET_KEY=… CLERK_PUBLISHABLE_KEY=… CLERK_API_URL=… go run ./examples/endpoints
//
// The emulator also prints a command that makes a session token. A request with
// it in an "Authorization: Bearer …" header is signed in.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "endpoints:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string) error {
	client, err := clientFromEnv()
	if err != nil {
		return err
	}
	authn, err := auth.FromEnv(client, auth.WithCrossOriginProtection(http.NewCrossOriginProtection()))
	if err != nil {
		return err
	}
	if err := warm(ctx, authn); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	return serve(ctx, listener, authn.Middleware(routes(client)))
}

// clientFromEnv gives no client where there is a JWT key and no secret key: the
// JWT key alone tells who is calling, and what asks Clerk for more answers 501.
func clientFromEnv() (*clerk.Client, error) {
	if os.Getenv("CLERK_SECRET_KEY") == "" && os.Getenv("CLERK_JWT_KEY") != "" {
		return nil, nil
	}
	return clerk.FromEnv()
}

// warm fetches the keys before the first request needs them. A refused secret
// key will not get better and stops the service; an outage may pass, and until
// then every protected endpoint answers 503.
func warm(ctx context.Context, authn *auth.Authenticator) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := authn.Warm(ctx)
	if errors.Is(err, auth.ErrKeysUnavailable) {
		slog.Warn("the keys of Clerk are out of reach, protected endpoints answer 503 until they are", "err", err)
		return nil
	}
	return err
}

// serve answers requests until ctx ends, and then lets the running ones finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return server.Shutdown(ctx)
}
