// Command emulator serves an emulated Clerk instance for local development without a
// Clerk account.
//
//	go run ./clerktest/cmd/emulator -addr 127.0.0.1:4010 [-seed FILE]
//
// It writes the environment variables for a service to standard output, one per line.
// The form of the seed file is described at [clerktest.Seed]. The default seed has two
// users, a session and a JWT template named supabase. -print-seed prints it as a
// starting point for a seed file.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/backend-sdk/clerk-go/clerktest"
)

//go:embed seed.json
var defaultSeed []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "emulator: "+err.Error())
		}
		os.Exit(1)
	}
}

// run serves an instance until the context is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:4010", "`host:port` to serve on, loopback only; port 0 means any free port")
	path := flags.String("seed", "", "seed `file`")
	var hosts []string
	flags.Func("host", "allow requests with the host `name`, beside those of this computer; may be repeated", func(name string) error {
		hosts = append(hosts, name)
		return nil
	})
	printSeed := flags.Bool("print-seed", false, "print the default seed and exit")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	if *printSeed {
		_, err := stdout.Write(defaultSeed)
		return err
	}
	instance, err := startInstance(*path, *addr, hosts, stderr)
	if err != nil {
		return err
	}
	defer instance.Close()
	for _, variable := range instance.Env() {
		fmt.Fprintln(stdout, variable)
	}
	describe(stderr, instance)
	<-ctx.Done()
	return nil
}

func startInstance(path, addr string, hosts []string, stderr io.Writer) (*clerktest.Instance, error) {
	seed, err := clerktest.ParseSeed(defaultSeed)
	if path != "" {
		seed, err = clerktest.ReadSeed(path)
	}
	if err != nil {
		return nil, err
	}
	if seed.SecretKey != "" {
		fmt.Fprintln(stderr, "the keys come from the seed, so whoever has that file can sign in as anybody: they must protect nothing")
	}
	instance, err := clerktest.NewInstance(seed, clerktest.WithHosts(hosts...))
	if err != nil {
		return nil, err
	}
	return instance, instance.Start(addr)
}

// describe prints what is served and how to create a token.
func describe(w io.Writer, instance *clerktest.Instance) {
	now := instance.Seed()
	fmt.Fprintf(w, "serving an emulated Clerk instance on %s until interrupted\n", instance.URL())
	fmt.Fprintf(w, "users: %d, sessions: %d, JWT templates: %d\n", len(now.Users), len(now.Sessions), len(now.JWTTemplates))
	for _, u := range now.Users {
		fmt.Fprintf(w, "  %s", u.ID)
		for _, e := range u.EmailAddresses {
			fmt.Fprintf(w, " %s", e.EmailAddress)
		}
		fmt.Fprintln(w)
	}
	for _, s := range now.Sessions {
		if s.Status == "active" {
			fmt.Fprintf(w, "a session token for %s:\n  curl -s -X POST -H 'Authorization: Bearer %s' %s/v1/sessions/%s/tokens\n", s.UserID, instance.SecretKey(), instance.URL(), s.ID)
			for _, t := range now.JWTTemplates {
				fmt.Fprintf(w, "a token from the template %s:\n  curl -s -X POST -H 'Authorization: Bearer %s' %s/v1/sessions/%s/tokens/%s\n", t.Name, instance.SecretKey(), instance.URL(), s.ID, t.Name)
			}
			return
		}
	}
}
