// Command demo shows the example service at work without a Clerk account. It starts
// an emulated Clerk and the service, each in a process of its own, calls every
// endpoint as a guest, as a signed-in user and with tokens that are expired or
// forged, and prints a line for each response.
//
// The exit status is 0 if every response was the expected one. Otherwise an error
// names those that were not.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// limit ends the demonstration if a process hangs.
const limit = 45 * time.Second

func main() {
	emulator := flag.String("emulator", "", "the built emulator")
	service := flag.String("service", "", "the built example service")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := run(ctx, *emulator, *service); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, emulator, service string) error {
	d, err := start(ctx, emulator, service)
	if err != nil {
		return err
	}
	defer d.stop()
	return d.show(ctx, os.Stdout)
}
