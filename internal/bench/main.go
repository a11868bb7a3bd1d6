// Command bench measures the verification of a session token beside the cryptography
// alone, and a request through the middleware beside the middleware of the published
// SDK. Every figure is a ratio of neighbors in time, because machines are noisy: a
// duration from one run says nothing about a duration from another.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 150, "number of times that each case is measured between two measurements of its reference")
	chunk := flag.Duration("chunk", 6*time.Millisecond, "approximate duration of one measurement")
	flag.Parse()
	if *rounds < 1 || *chunk <= 0 {
		fmt.Fprintln(os.Stderr, "bench: rounds and chunk must be positive")
		os.Exit(2)
	}
	if err := run(os.Stdout, *rounds, *chunk, distinct); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures all pairs, with one goroutine and with two, and writes a table of each.
func run(w io.Writer, rounds int, chunk time.Duration, tokens int) error {
	setup, err := newSetup(tokens)
	if err != nil {
		return err
	}
	defer setup.close()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, min(2, runtime.NumCPU())} {
		runtime.GOMAXPROCS(procs)
		fmt.Fprintf(w, "\n%s, GOMAXPROCS %d, %d rounds of about %v\n", runtime.Version(), procs, rounds, chunk)
		fmt.Fprintf(w, "%-42s %-28s %10s %10s %7s %15s %8s %8s\n", "case", "beside", "ns", "beside ns", "ratio", "quartiles", "goal", "allocs")
		for _, p := range setup.pairs() {
			result := measure(p.candidate, p.reference, procs, rounds, chunk)
			goal := ""
			if p.goal > 0 {
				goal = fmt.Sprintf("≤ %.2f", p.goal)
			}
			fmt.Fprintf(w, "%-42s %-28s %10.0f %10.0f %7.3f %7.3f–%-7.3f %8s %8.0f\n", p.candidate.name, p.reference.name,
				result.candidate, result.reference, result.ratio.median, result.ratio.low, result.ratio.high, goal, p.candidate.allocations())
		}
	}
	return nil
}
