// Command endpoints is a small service that uses the whole SDK: it identifies the
// caller, creates a token for a database, shows the current user and changes the
// user's name. The environment configures everything but the address:
// CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY and the optional variables that
// [auth.FromEnv] reads. With CLERK_JWT_KEY and no secret key it only identifies the
// caller.
//
// To run it without a Clerk account, start an emulated Clerk in a first terminal.
// In a second terminal, set the variables that the emulator prints and start the
// service:
//
//	go run ./clerktest/cmd/emulator -addr 127.0.0.1:4010
//	CLERK_SECRET_KEY=… CLERK_PUBLISHABLE_KEY=… CLERK_API_URL=… go run ./examples/endpoints
//
// The emulator also prints a command that creates a session token. A request with
// that token in an "Authorization: Bearer …" header is signed in.
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
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
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
	return serve(ctx, listener, authn.Middleware(service.New(client)))
}

// clientFromEnv returns a nil client if there is a JWT key and no secret key. The JWT
// key suffices to identify callers; endpoints that call Clerk respond 501.
func clientFromEnv() (*clerk.Client, error) {
	if os.Getenv("CLERK_SECRET_KEY") == "" && os.Getenv("CLERK_JWT_KEY") != "" {
		return nil, nil
	}
	return clerk.FromEnv()
}

// warm fetches the keys before the first request needs them. A secret key that Clerk
// refuses stops the service. An outage does not: until it is over, every protected
// endpoint responds 503.
func warm(ctx context.Context, authn *auth.Authenticator) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := authn.Warm(ctx)
	if errors.Is(err, auth.ErrKeysUnavailable) {
		slog.Warn("Clerk's keys are unavailable; protected endpoints respond 503 until they can be fetched", "err", err)
		return nil
	}
	return err
}

// serve handles requests until ctx is done, and then waits for those under way.
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
