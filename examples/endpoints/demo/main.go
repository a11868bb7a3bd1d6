// Command demo shows the example service at work with no Clerk account: it
// starts an emulated Clerk and the service, each as a process of its own, asks
// every endpoint as different callers, and prints a line for each answer.
//
// It ends with exit status 0 when every answer was the expected one, and says
// which was not otherwise.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// limit bounds the whole demonstration, whatever hangs.
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
