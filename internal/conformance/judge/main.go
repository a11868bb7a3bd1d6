// Command judge compares package auth with Clerk's JavaScript backend SDK on
// generated requests, and fails on a difference that is not a known one. It needs
// Node and npm, and installs the SDK once, in an ignored folder.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest"
)

func main() {
	n := flag.Int("n", 10_000, "number of requests")
	seed := flag.Uint64("seed", 1, "seed that the requests are generated from")
	show := flag.Int("show", 5, "number of unexplained differences to print")
	dir := flag.String("dir", "difftest/javascript", "folder of the Node program")
	later := flag.Bool("later", false, "also print what a later JavaScript SDK does differently")
	faults := flag.Bool("faults", false, "also put faults into package auth, one at a time, and require that each is found")
	only := flag.Int("case", -1, "print only this case, with every outcome")
	saved := flag.String("replay", "", "compare a saved trial again; only a build with faults uses this")
	flag.Parse()
	var err error
	switch {
	case *saved != "":
		err = difftest.Replay(os.Stdout, *saved)
	case *only >= 0:
		err = printCase(*seed, *only, *dir, *later)
	default:
		err = run(*seed, *n, *show, *dir, *later, *faults)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(seed uint64, n, show int, dir string, later, faults bool) error {
	began := time.Now()
	t, err := difftest.New(seed, 0, n, dir)
	if err != nil {
		return err
	}
	r := t.Compare()
	r.Write(os.Stdout, show)
	if unexplained := r.Unexplained(); unexplained > 0 {
		return fmt.Errorf("%d differences are not known", unexplained)
	}
	if missed := r.Missed(difftest.Enough, difftest.EnoughSignedIn); len(missed) > 0 {
		return fmt.Errorf("%d requests reach too little:\n%s", n, strings.Join(missed, "\n"))
	}
	if later {
		if err := t.WriteLater(os.Stdout); err != nil {
			return err
		}
	}
	if faults {
		if err := t.WriteFaults(os.Stdout); err != nil {
			return err
		}
	}
	fmt.Printf("\n%v\n", time.Since(began).Round(time.Second))
	return nil
}

func printCase(seed uint64, id int, dir string, later bool) error {
	t, err := difftest.New(seed, id, 1, dir)
	if err != nil {
		return err
	}
	return t.WriteCase(os.Stdout, later)
}
