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
		writeHeading(w)
		for _, p := range setup.pairs() {
			p.write(w, measure(p.candidate, p.reference, procs, rounds, chunk), p.candidate.allocations())
		}
	}
	runtime.GOMAXPROCS(runtime.NumCPU())
	fmt.Fprintf(w, "\n%d connections over loopback, GOMAXPROCS %d, rounds of about %v\n", connections, runtime.NumCPU(), serviceChunk(chunk))
	writeHeading(w)
	p := setup.servicePair()
	p.write(w, measure(p.candidate, p.reference, connections, rounds, serviceChunk(chunk)), p.candidate.allocations())
	return nil
}

// serviceChunk is the duration of one measurement of a service, in which each connection
// has more than a few turns.
func serviceChunk(chunk time.Duration) time.Duration { return 5 * chunk }

func writeHeading(w io.Writer) {
	fmt.Fprintf(w, "%-44s %-30s %10s %10s %8s %17s %8s %8s %6s\n", "case", "beside", "ns", "beside ns", "ratio", "quartiles", "goal", "allocs", "goal")
}

// write writes a line of the table.
func (p pair) write(w io.Writer, m measurement, allocations float64) {
	goal, wanted := "", ""
	if p.goal > 0 {
		goal = fmt.Sprintf("≤ %.3g", p.goal)
	}
	if p.allocations > 0 {
		wanted = fmt.Sprintf("≤ %d", p.allocations)
	}
	fmt.Fprintf(w, "%-44s %-30s %10.0f %10.0f %8.4f %8.4f–%-8.4f %8s %8.0f %6s\n", p.candidate.name, p.reference.name,
		m.candidate, m.reference, m.ratio.median, m.ratio.low, m.ratio.high, goal, allocations, wanted)
}
