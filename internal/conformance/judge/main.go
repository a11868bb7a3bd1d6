// Command judge holds package auth against Clerk's JavaScript backend SDK. Both
// answer the same made-up requests, in front of the same keys, clock and API, and
// every difference must be one of the register's. It needs Node; the SDK is
// installed once, in an ignored folder.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

func main() {
	n := flag.Int("n", 10_000, "how many requests")
	seed := flag.Uint64("seed", 1, "which ones")
	show := flag.Int("show", 5, "how many unexplained differences are shown")
	dir := flag.String("dir", "difftest/javascript", "where the Node program lies")
	later := flag.Bool("later", false, "also show what a later SDK answers otherwise")
	withFaults := flag.Bool("faults", false, "also put faults into package auth, one by one, and see each found")
	only := flag.Int("case", -1, "print this case alone, with every answer")
	saved := flag.String("replay", "", "judge a saved trial again, which a build with faults does")
	flag.Parse()
	var err error
	switch {
	case *saved != "":
		err = replay(*saved)
	case *only >= 0:
		err = printCase(*seed, *only, *dir, *later)
	default:
		err = run(*seed, *n, *show, *dir, *later, *withFaults)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run(seed uint64, n, show int, dir string, later, withFaults bool) error {
	began := time.Now()
	if err := peer.Prepare(dir); err != nil {
		return err
	}
	t, err := newTrial(seed, 0, n, dir)
	if err != nil {
		return err
	}
	t.askOurs()
	r := t.judge()
	r.write(os.Stdout, show)
	if len(r.findings) > 0 {
		return fmt.Errorf("%d differences are not in the register", len(r.findings))
	}
	if missed := r.missed(enough, enoughSignedIn); len(missed) > 0 {
		return fmt.Errorf("%d requests reach too little:\n%s", n, strings.Join(missed, "\n"))
	}
	if later {
		if err := t.writeLater(os.Stdout, dir); err != nil {
			return err
		}
	}
	if withFaults {
		if err := t.writeFaults(); err != nil {
			return err
		}
	}
	fmt.Printf("\n%v\n", time.Since(began).Round(time.Second))
	return nil
}

// writeFaults tells how many differences each fault makes.
func (t *trial) writeFaults() error {
	counts, err := t.countFaults()
	if err != nil {
		return err
	}
	fmt.Printf("\ndifferences that a fault makes in the first %d requests\n", min(t.N, faultTrial))
	fmt.Printf("%7d without a fault\n", counts[0])
	for i, f := range faults {
		fmt.Printf("%7d %s\n", counts[i+1], f.name)
	}
	return checkFaults(counts)
}

// printCase shows one case from all sides.
func printCase(seed uint64, id int, dir string, later bool) error {
	if err := peer.Prepare(dir); err != nil {
		return err
	}
	t, err := newTrial(seed, id, 1, dir)
	if err != nil {
		return err
	}
	t.askOurs()
	v := t.verdicts[0]
	for i, version := range v.Versions {
		fmt.Printf("version %d: %s\nJavaScript: %s\n", i, pretty(version), pretty(t.Theirs[i]))
	}
	want, _ := v.Expect(t.Theirs)
	fmt.Printf("expected: %s\nhere: %s\n", pretty(want), pretty(t.ours[0]))
	if later {
		answers, err := t.askLater(dir)
		if err != nil {
			return err
		}
		fmt.Printf("later: %s\n", pretty(answers[0]))
	}
	return nil
}

func pretty(v any) string {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text)
}
