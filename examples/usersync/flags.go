package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
)

const usage = "usage: usersync serve|backfill|sweep|status [flags]"

var commands = []string{"serve", "backfill", "sweep", "status"}

// settings are the flags of a command line.
type settings struct {
	private bool
	addr    string
	page    int
	limits  limits
}

// parse returns the command of a command line and its settings. It refuses what it does not
// understand before anything is asked or written, and answers a request for help on out
// with flag.ErrHelp.
func parse(args []string, out io.Writer) (string, settings, error) {
	var s settings
	if len(args) == 0 {
		return "", s, errors.New(usage)
	}
	name := args[0]
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error
	flags.BoolVar(&s.private, "private", false, "keep private metadata, too")
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8080", "where serve listens")
	flags.IntVar(&s.page, "page", 500, "objects that backfill reads at once, at most 500")
	flags.IntVar(&s.limits.deletes, "max-deletes", 100, "rows of a table that sweep may find missing")
	flags.Float64Var(&s.limits.percent, "max-percent", 5, "the same as a part of the table")
	var err error
	switch {
	case slices.Contains([]string{"help", "-h", "-help", "--help"}, name):
		err = flag.ErrHelp
	case !slices.Contains(commands, name):
		return "", s, fmt.Errorf("unknown command %q", name)
	default:
		err = flags.Parse(args[1:])
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(out, usage)
		flags.SetOutput(out)
		flags.PrintDefaults()
	}
	if err == nil && flags.NArg() > 0 {
		// Parsing ends at an argument, so that a limit after it would not be heard.
		err = fmt.Errorf("%s takes no argument, and has %q", name, flags.Arg(0))
	}
	if err == nil {
		err = s.limits.check()
	}
	return name, s, err
}

// check refuses limits that no number of rows is above, or that every one is.
func (l limits) check() error {
	if l.deletes < 0 {
		return errors.New("-max-deletes must not be negative")
	}
	if !(l.percent >= 0) { // NaN is not
		return errors.New("-max-percent must be a number and not negative")
	}
	return nil
}
