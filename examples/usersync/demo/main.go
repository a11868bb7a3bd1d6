// Command demo shows usersync at work without a Clerk account. It starts an emulated Clerk,
// a PostgreSQL in a temporary folder and the service, changes the instance a thousand times
// while a backfill runs that is killed once, delivers each event twice and in no order, and
// compares the tables with the instance.
//
// The exit status is 0 if they are equal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/internal/postgres"
)

// limit ends the demonstration if a process hangs.
const limit = 2 * time.Minute

func main() {
	d := demonstration{out: os.Stdout, objects: 400, changes: 1000}
	flag.StringVar(&d.usersync, "usersync", "", "the built program")
	flag.Parse()
	os.Exit(d.command())
}

// command returns the exit status.
func (d *demonstration) command() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := d.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo-sync:", err)
		return 1
	}
	return 0
}

// demonstration is what is shown, and how much of it.
type demonstration struct {
	out              io.Writer
	usersync         string
	objects, changes int
	// spoil, if set, is called before the tables are compared.
	spoil func(context.Context, *pgxpool.Pool) error
}

func (d *demonstration) say(subject, format string, args ...any) {
	fmt.Fprintf(d.out, "%-13s %s\n", subject, fmt.Sprintf(format, args...))
}

func (d *demonstration) run(ctx context.Context) (err error) {
	began := time.Now()
	server, err := postgres.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	d.say("PostgreSQL", "a cluster of its own, in a temporary folder")

	instance, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		return err
	}
	if err := instance.Start("127.0.0.1:0"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, instance.Close()) }()
	w := newWriter(instance.Client())
	if err := w.fill(ctx, d.objects); err != nil {
		return err
	}
	d.say("emulator", "%s, with %s", instance.URL(), w.counts())
	env := append(instance.Env(), "DATABASE_URL="+server.URL("test"), "PATH="+os.Getenv("PATH"))
	service, err := launch(ctx, env, d.usersync, "serve", "-addr", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer service.stop()
	address, err := service.line("listening on ")
	if err != nil {
		return err
	}
	d.say("service", "%s", address)
	// What happened before the service was there is for the backfill.
	instance.Deliver(address+"/webhooks", clerktest.Shuffled(2), clerktest.Duplicated(1))

	// Pages are so small and slow that the changes happen between them.
	instance.Inject(clerktest.Fault{Operation: "ListUsers", Delay: 10 * time.Millisecond})
	backfilled := make(chan error, 1)
	go func() { backfilled <- d.backfillKilledOnce(ctx, env, instance) }()
	if err := w.change(ctx, d.changes); err != nil {
		return err
	}
	d.say("changes", "%d, after which there are %s", d.changes, w.counts())
	if err := instance.Flush(ctx); err != nil {
		return err
	}
	for _, sent := range instance.Deliveries() {
		if !sent.Accepted {
			return fmt.Errorf("the %s event %s was not accepted", sent.Type, sent.ID)
		}
	}
	d.say("deliveries", "each event twice and in no order, until it was accepted")
	if err := <-backfilled; err != nil {
		return err
	}
	d.say("backfill", "killed once while it ran, and started again")
	if err := service.end(); err != nil {
		return err
	}

	pool, err := pgxpool.New(ctx, server.URL("test"))
	if err != nil {
		return err
	}
	defer pool.Close()
	if d.spoil != nil {
		if err := d.spoil(ctx, pool); err != nil {
			return err
		}
	}
	wrong, err := compare(ctx, d, instance.Client(), pool)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d rows differ from the instance:\n%s", len(wrong), strings.Join(wrong[:min(len(wrong), 10)], "\n"))
	}
	status := exec.CommandContext(ctx, d.usersync, "status")
	status.Env = env
	report, err := status.Output()
	if err != nil {
		return err
	}
	d.say("status", "%s", strings.ReplaceAll(strings.TrimSpace(string(report)), "\n", "\n"+strings.Repeat(" ", 14)))
	d.say("done", "the tables equal the instance; %.1f s", time.Since(began).Seconds())
	return nil
}

// backfillKilledOnce kills a backfill after some pages, and lets a second one end.
func (d *demonstration) backfillKilledOnce(ctx context.Context, env []string, instance *clerktest.Instance) error {
	first, err := launch(ctx, env, d.usersync, "backfill", "-page", "10")
	if err != nil {
		return err
	}
	for pages := 0; pages < 5; {
		select {
		case <-ctx.Done():
			first.stop()
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
		pages = 0
		for _, r := range instance.Requests() {
			if r.Operation == "ListUsers" {
				pages++
			}
		}
	}
	first.stop()
	second := exec.CommandContext(ctx, d.usersync, "backfill", "-page", "10")
	second.Env = env
	if output, err := second.CombinedOutput(); err != nil {
		return fmt.Errorf("backfill: %w: %s", err, output)
	}
	return nil
}
