// Command demo starts the example site together with an emulated Clerk, whose pages take
// the place of Clerk's. Both serve the loopback interface only.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/webapp/site"
)

//go:embed seed.json
var seed []byte

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address of the site")
	emulator := flag.String("emulator", "127.0.0.1:4010", "address of the emulated Clerk")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *emulator); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr, emulator string) (err error) {
	content, err := clerktest.ParseSeed(seed)
	if err != nil {
		return err
	}
	instance, err := clerktest.NewInstance(content, clerktest.WithPages())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, instance.Close()) }()
	if err := instance.Start(emulator); err != nil {
		return err
	}
	for _, variable := range instance.Env() {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return site.Serve(ctx, addr, func(url string) { introduce(url, instance.URL()) })
}

func introduce(url, emulator string) {
	fmt.Printf(`The site:          %s
The emulated Clerk: %s, with the links of invitations

Sign up, or sign in as
  grace@example.com with the password nanosecond-wire-1906
  ada@example.com with the password analytical-engine-1843, and a code of an
    authenticator app with the secret JBSWY3DPEHPK3PXP

Interrupt to stop both.
`, url, emulator)
}
