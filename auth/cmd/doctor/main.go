// Command doctor examines the environment of a service, as clerk.FromEnv and auth.FromEnv
// read it, and says in one line each what it finds and what to do:
//
//	go run github.com/backend-sdk/clerk-go/auth/cmd/doctor [-without-cookies]
//
// It asks the Backend API for the instance's signing keys, and for its domains where those
// decide, and the frontend API for its public keys. It changes nothing and prints nothing
// secret. Every call is made once and takes at most five seconds. The exit status is 1 if
// something is wrong, 2 for wrong usage, and otherwise 0, also with warnings.
//
// Options that a program sets in Go are not in the environment, so the command does not see
// them. The flag stands for auth.WithoutCookies, without which a publishable key is needed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	withoutCookies := flags.Bool("without-cookies", false, "the program has the option auth.WithoutCookies")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(stdout, "usage: doctor [-without-cookies]")
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return 0
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(stderr, "doctor: "+err.Error())
		return 2
	}
	e := examination{network: http.DefaultTransport, withoutCookies: *withoutCookies}
	e.examine(ctx)
	io.WriteString(stdout, e.report.String())
	if e.report.has(wrong) {
		return 1
	}
	return 0
}
