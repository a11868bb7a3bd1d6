// Command webapp is a small site whose pages are made on the server: a public page, an
// account, organizations with roles, and API keys. It serves no script.
//
// CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY and the other variables that [auth.FromEnv]
// reads configure it. Without CLERK_AUTHORIZED_PARTIES it accepts sessions of the address
// that it listens on. The command in examples/webapp/demo starts the site together with
// an emulated Clerk.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/backend-sdk/clerk-go/examples/webapp/site"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := site.Serve(ctx, *addr, func(url string) { fmt.Println("listening on", url) })
	if err != nil {
		fmt.Fprintln(os.Stderr, "webapp:", err)
		os.Exit(1)
	}
}
