package main

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// A work is one thing to time.
type work struct {
	name string
	do   func()
}

// A pair is a case beside the reference that it is measured against. A goal of
// zero is none.
type pair struct {
	candidate, reference work
	goal                 float64
}

type quartiles struct{ low, median, high float64 }

type measured struct {
	candidate, reference float64 // median nanoseconds of one operation
	ratio                quartiles
}

// measure times reference, candidate, reference, … in short chunks and takes
// the ratio of each candidate chunk to the mean of its two neighbours, so that a
// disturbance longer than a chunk falls out.
func measure(candidate, reference work, procs, rounds int, chunk time.Duration) measured {
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
	return measured{quantiles(candidates).median, quantiles(references).median, quantiles(ratios)}
}

// size finds how many operations fill a chunk.
func size(w work, procs int, chunk time.Duration) int {
	w.do()
	n := 1
	for timed(w, procs, n)*float64(n*procs) < float64(chunk) && n < 1<<20 {
		n *= 2
	}
	return n
}

// timed returns the wall time of one operation, in nanoseconds, when procs
// goroutines do n of them each.
func timed(w work, procs, n int) float64 {
	start := time.Now()
	var running sync.WaitGroup
	for range procs - 1 {
		running.Go(func() { repeat(w.do, n) })
	}
	repeat(w.do, n)
	running.Wait()
	return float64(time.Since(start)) / float64(n*procs)
}

func repeat(do func(), n int) {
	for range n {
		do()
	}
}

func quantiles(values []float64) quartiles {
	sorted := slices.Sorted(slices.Values(values))
	at := func(q float64) float64 { return sorted[int(q*float64(len(sorted)-1))] }
	return quartiles{at(.25), at(.5), at(.75)}
}

// allocations counts the allocations of one operation.
func (w work) allocations() float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	return testing.AllocsPerRun(200, w.do)
}
