// Command usersync keeps tables of users, organizations and memberships in PostgreSQL that
// equal Clerk's: webhooks keep them, and lists fill and repair them.
//
//	usersync serve      receives webhooks, and serves a page for signed-in users
//	usersync backfill   reads every list, and goes on where an interrupted backfill ended
//	usersync sweep      buries what the last backfill did not see and the API does not have
//	usersync status     prints rows, lag and failed deliveries
//
// DATABASE_URL and CLERK_SECRET_KEY are required, and for serve CLERK_PUBLISHABLE_KEY and
// CLERK_WEBHOOK_SIGNING_SECRET.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// refused is the exit status when the tables are protected from a wrong key.
const refused = 3

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command(ctx, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return
	case ctx.Err() != nil:
		err = errors.New("interrupted; start it again to go on")
	}
	fmt.Fprintln(os.Stderr, "usersync:", err)
	if errors.As(err, new(refusal)) {
		os.Exit(refused)
	}
	os.Exit(1)
}

func command(ctx context.Context, args []string) error {
	name, set, err := parse(args, os.Stdout)
	if err != nil {
		return err
	}
	client, err := clerk.FromEnv()
	if err != nil {
		return err
	}
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		return errors.New("DATABASE_URL is not set")
	}
	m, err := open(ctx, url, client, set.private)
	if err != nil {
		return err
	}
	defer m.pool.Close()
	if err := m.checkInstance(ctx); err != nil {
		return err
	}
	switch name {
	case "serve":
		receiver, err := webhooks.FromEnv(webhooks.WithLogger(slog.Default()))
		if err != nil {
			return err
		}
		authn, err := auth.FromEnv(client)
		if err != nil {
			return err
		}
		return m.serve(ctx, set.addr, m.routes(receiver, authn))
	case "backfill":
		p := newProgress(os.Stderr, slog.Default())
		defer p.close()
		return m.backfill(ctx, set.page, p)
	case "sweep":
		return m.sweep(ctx, set.limits, os.Stdout)
	default:
		return m.status(ctx, time.Now(), os.Stdout)
	}
}
