// Command emulator serves an emulated Clerk instance for local development without a
// Clerk account.
//
//	go run ./clerktest/cmd/emulator [-addr 127.0.0.1:4010] [-seed FILE | -persist FILE]
//
// It writes the environment variables for a service to standard output, one per line, and
// everything else to standard error: what it does and a line for each request. The address
// is also that of a page that shows the instance, of the pages where users sign in and up,
// and of /_emulator/, by which programs steer the instance. docs/emulator.md describes how
// to work with it.
//
// The form of the seed file is described at [clerktest.Seed]. The default seed has two
// users, a session and a JWT template named supabase. -print-seed prints it as a
// starting point for a seed file.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

//go:embed seed.json
var defaultSeed []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "emulator: "+strings.ReplaceAll(err.Error(), "\n", "; "))
		os.Exit(1)
	}
}

// settings are the values of the flags.
type settings struct {
	addr, seed, persist, export, secretKey string
	webhook                                string
	webhookSpeed                           int
	hosts                                  []string
	rateLimit, quiet, printSeed            bool
}

// parse reads the flags. A request for help is answered on out.
func parse(args []string, out io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:4010", "`host:port` to serve on, loopback only; port 0 means any free port")
	flags.StringVar(&s.seed, "seed", "", "begin with the content of this `file`")
	flags.StringVar(&s.persist, "persist", "", "keep the content in this `file`, and go on with what it has")
	flags.StringVar(&s.export, "export", "", "write the content to this `file` as a seed at the end")
	flags.StringVar(&s.secretKey, "secret-key", "", "the secret `key`, sk_test_ and letters or digits, instead of a new one")
	flags.Func("host", "allow requests with the host `name`, beside those of this computer; may be repeated", func(name string) error {
		s.hosts = append(s.hosts, name)
		return nil
	})
	flags.StringVar(&s.webhook, "webhook", "", "send an event to this `URL` for each change")
	flags.IntVar(&s.webhookSpeed, "webhook-speed", 1000, "repeat events this many `times`, at least 1, faster than Clerk, whose last attempt is after 27 hours")
	flags.BoolVar(&s.rateLimit, "rate-limit", false, "limit requests as Clerk does: 100 in 10 seconds, 1,000 in production")
	flags.BoolVar(&s.quiet, "quiet", false, "print warnings only")
	flags.BoolVar(&s.printSeed, "print-seed", false, "print the default seed and exit")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(out, "usage: emulator [flags]")
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	switch {
	case err != nil || flags.NArg() == 0:
	case strings.HasPrefix(flags.Arg(0), "sk_"):
		err = errors.New("unknown argument: a secret key follows -secret-key")
	default:
		err = fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	if err == nil && s.webhookSpeed < 1 {
		err = errors.New("-webhook-speed must be at least 1")
	}
	return s, err
}

// run serves an instance until the context is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.printSeed {
		_, err := stdout.Write(defaultSeed)
		return err
	}
	if err := s.checkFiles(); err != nil {
		return err
	}
	stderr = &turns{out: stderr} // requests are logged while the rest is still written
	instance, err := s.start(stderr)
	if err != nil {
		return err
	}
	for _, variable := range instance.Env() {
		fmt.Fprintln(stdout, variable)
	}
	if !s.quiet {
		var text bytes.Buffer
		describe(&text, instance)
		stderr.Write(text.Bytes())
	}
	<-ctx.Done()
	err = instance.Close()
	if s.export != "" {
		err = errors.Join(err, writeSeed(s.export, instance.Seed()))
	}
	return err
}

// webhookDelays are how long Clerk waits after each failure.
var webhookDelays = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
}

// start starts the instance. It says what it does before each step that may take a while.
func (s settings) start(stderr io.Writer) (*clerktest.Instance, error) {
	seed, err := clerktest.ParseSeed(defaultSeed)
	if s.seed != "" {
		s.say(stderr, "reading the seed %s", s.seed)
		seed, err = clerktest.ReadSeed(s.seed)
	}
	if err != nil {
		return nil, err
	}
	if s.secretKey != "" {
		seed.SecretKey = s.secretKey
	}
	level := slog.LevelInfo
	if s.quiet {
		level = slog.LevelWarn
	}
	options := []clerktest.Option{
		clerktest.WithAddress(s.addr), clerktest.WithHosts(s.hosts...), clerktest.WithPages(),
		clerktest.WithLogger(slog.New(newLineHandler(stderr, level))),
	}
	if s.rateLimit {
		options = append(options, clerktest.WithRateLimit())
	}
	if s.webhook != "" {
		delays := make([]time.Duration, len(webhookDelays))
		for n, delay := range webhookDelays {
			delays[n] = delay / time.Duration(s.webhookSpeed)
		}
		options = append(options, clerktest.WithWebhook(s.webhook, clerktest.RetryAfter(delays...)))
	}
	if s.persist != "" {
		s.say(stderr, "opening %s", s.persist)
		options = append(options, clerktest.WithPersistence(s.persist))
	}
	if n := len(seed.Users); n > 1000 {
		s.say(stderr, "loading %d users", n)
	}
	instance, err := clerktest.NewInstance(seed, options...)
	if err != nil {
		return nil, err
	}
	if err := s.checkFiles(); err != nil { // files that did not exist before can be the same
		return nil, errors.Join(err, instance.Close())
	}
	return instance, nil
}

func (s settings) say(stderr io.Writer, format string, args ...any) {
	if !s.quiet {
		fmt.Fprintf(stderr, format+" …\n", args...)
	}
}

// describe prints what is served and how to create a token.
func describe(w io.Writer, instance *clerktest.Instance) {
	now := instance.Seed()
	fmt.Fprintf(w, "serving an emulated Clerk instance on %s until interrupted; open that address in a browser\n", instance.URL())
	fmt.Fprintf(w, "users: %d, sessions: %d, JWT templates: %d\n", len(now.Users), len(now.Sessions), len(now.JWTTemplates))
	for n, u := range now.Users {
		if n == maxDescribed {
			fmt.Fprintf(w, "  and %d more\n", len(now.Users)-n)
			break
		}
		fmt.Fprintf(w, "  %s", u.ID)
		for _, e := range u.EmailAddresses {
			fmt.Fprintf(w, " %s", e.EmailAddress)
		}
		fmt.Fprintln(w)
	}
	for _, s := range now.Sessions {
		if s.Status == "active" {
			fmt.Fprintf(w, "a session token for %s:\n  curl -s -X POST -H \"Authorization: Bearer $CLERK_SECRET_KEY\" %s/v1/sessions/%s/tokens\n", s.UserID, instance.URL(), s.ID)
			for _, t := range now.JWTTemplates {
				fmt.Fprintf(w, "a token from the template %s:\n  curl -s -X POST -H \"Authorization: Bearer $CLERK_SECRET_KEY\" %s/v1/sessions/%s/tokens/%s\n", t.Name, instance.URL(), s.ID, t.Name)
			}
			return
		}
	}
}

// maxDescribed is how many users are listed at the start.
const maxDescribed = 10
