package main

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// work is an operation to measure.
type work struct {
	name string
	do   func()
}

// A pair is a case and the reference beside which it is measured. The highest ratio and
// number of allocations that are wanted are goals, or 0 for none.
type pair struct {
	candidate, reference work
	goal                 float64
	allocations          int
}

type quartiles struct{ low, median, high float64 }

type measurement struct {
	candidate, reference float64 // median nanoseconds per operation
	ratio                quartiles
}

// measure measures reference, candidate, reference, … in short chunks, and divides
// each candidate chunk by the mean of its two neighbors. A disturbance that lasts
// longer than a chunk cancels out.
func measure(candidate, reference work, procs, rounds int, chunk time.Duration) measurement {
	nc, nr := size(candidate, procs, chunk), size(reference, procs, chunk)
	var candidates, references, ratios []float64
	before := timed(reference, procs, nr)
	for range rounds {
		at := timed(candidate, procs, nc)
		after := timed(reference, procs, nr)
		candidates, references = append(candidates, at), append(references, after)
		ratios = append(ratios, at/((before+after)/2))
		before = after
	}
	return measurement{quartilesOf(candidates).median, quartilesOf(references).median, quartilesOf(ratios)}
}

// size returns the number of operations that fill a chunk.
func size(w work, procs int, chunk time.Duration) int {
	w.do()
	n := 1
	for timed(w, procs, n)*float64(n*procs) < float64(chunk) && n < 1<<20 {
		n *= 2
	}
	return n
}

// timed returns the wall time per operation, in nanoseconds, while procs goroutines do
// n operations each.
func timed(w work, procs, n int) float64 {
	start := time.Now()
	var running sync.WaitGroup
	for range procs {
		running.Go(func() {
			for range n {
				w.do()
			}
		})
	}
	running.Wait()
	return float64(time.Since(start)) / float64(n*procs)
}

func quartilesOf(values []float64) quartiles {
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 { return sorted[int(q*float64(len(sorted)-1))] }
	return quartiles{at(.25), at(.5), at(.75)}
}

// allocations returns the number of allocations per operation.
func (w work) allocations() float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	return testing.AllocsPerRun(200, w.do)
}
