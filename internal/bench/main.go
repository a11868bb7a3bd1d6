// Command bench measures what verifying a session token costs beside the
// cryptography alone, and what a request through the middleware costs beside
// the published SDK's. Every figure is a ratio of neighbours in time: machines
// are noisy, and a number of one run says nothing about a number of another.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 150, "how often each case is measured between two measurements of its reference")
	chunk := flag.Duration("chunk", 6*time.Millisecond, "how long one measurement takes, about")
	flag.Parse()
	if *rounds < 1 || *chunk <= 0 {
		fmt.Fprintln(os.Stderr, "bench: rounds and chunk must be positive")
		os.Exit(2)
	}
	if err := run(*rounds, *chunk); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, chunk time.Duration) error {
	setup, err := newSetup()
	if err != nil {
		return err
	}
	defer setup.close()
	for _, procs := range []int{1, min(2, runtime.NumCPU())} {
		runtime.GOMAXPROCS(procs)
		fmt.Printf("\n%s, GOMAXPROCS %d, %d rounds of about %v\n", runtime.Version(), procs, rounds, chunk)
		fmt.Printf("%-42s %-28s %10s %10s %7s %15s %8s %8s\n", "case", "beside", "ns", "beside ns", "ratio", "quartiles", "goal", "allocs")
		for _, p := range setup.pairs() {
			result := measure(p.candidate, p.reference, procs, rounds, chunk)
			goal := ""
			if p.goal > 0 {
				goal = fmt.Sprintf("≤ %.2f", p.goal)
			}
			fmt.Printf("%-42s %-28s %10.0f %10.0f %7.3f %7.3f–%-7.3f %8s %8.0f\n", p.candidate.name, p.reference.name,
				result.candidate, result.reference, result.ratio.median, result.ratio.low, result.ratio.high, goal, p.candidate.allocations())
		}
	}
	return nil
}
