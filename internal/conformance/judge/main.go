// Command judge compares package auth with two versions of Clerk's JavaScript backend
// SDK on generated requests, and fails on a difference that is not a known one. It needs
// Node and npm, and installs the SDK once, in an ignored folder.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

func main() {
	n := flag.Int("n", 10_000, "number of requests")
	seed := flag.Uint64("seed", 1, "seed that the requests are generated from")
	show := flag.Int("show", 5, "number of unexplained differences to print")
	dir := flag.String("dir", "difftest/javascript", "folder of the Node program")
	faults := flag.Bool("faults", false, "also put faults into package auth, one at a time, and require that each is found")
	only := flag.Int("case", -1, "print only this case, with every outcome")
	saved := flag.String("replay", "", "compare a saved trial again; only a build with faults uses this")
	flag.Parse()
	var err error
	switch {
	case *saved != "":
		err = difftest.Replay(os.Stdout, *saved)
	case *only >= 0:
		err = printCase(*seed, *only, *dir)
	default:
		err = run(*seed, *n, *show, *dir, *faults)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

// run compares with both versions even where the first one shows a difference.
func run(seed uint64, n, show int, dir string, faults bool) error {
	began := time.Now()
	t, err := difftest.New(peer.Current, seed, 0, n, dir)
	if err != nil {
		return err
	}
	current := report(t, show)
	earlier, err := t.With(peer.Earlier)
	if err != nil {
		return err
	}
	if err := errors.Join(current, report(earlier, show)); err != nil {
		return err
	}
	if faults {
		if err := t.WriteFaults(os.Stdout); err != nil {
			return err
		}
	}
	fmt.Printf("\n%v\n", time.Since(began).Round(time.Second))
	return nil
}

// report writes what a trial found, and returns why it fails.
func report(t *difftest.Trial, show int) error {
	r := t.Compare()
	r.Write(os.Stdout, show)
	fmt.Println()
	if unexplained := r.Unexplained(); unexplained > 0 {
		return fmt.Errorf("%s: %d differences are not known", t.SDK, unexplained)
	}
	if missed := r.Missed(difftest.Enough, difftest.EnoughSignedIn); len(missed) > 0 {
		return fmt.Errorf("%s: %d requests reach too little:\n%s", t.SDK, t.N, strings.Join(missed, "\n"))
	}
	return nil
}

func printCase(seed uint64, id int, dir string) error {
	t, err := difftest.New(peer.Current, seed, id, 1, dir)
	if err != nil {
		return err
	}
	t.WriteCase(os.Stdout)
	if t, err = t.With(peer.Earlier); err != nil {
		return err
	}
	t.WriteCase(os.Stdout)
	return nil
}
