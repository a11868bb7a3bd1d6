// Command demo shows how a client of MCP finds the way to the tool of an MCP server: it is
// refused, learns where tokens come from, gets one and calls. It prints what is sent and
// needs no network: Clerk is emulated, and both hosts are on this machine. The exit status
// is 0 if everything went as it should.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// limit ends the demonstration if something hangs.
const limit = 45 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := show(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}
