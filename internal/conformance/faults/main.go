// Command faults puts the example service under load while the emulated Clerk behind it
// rotates and withdraws keys, is out of order and comes back, on a clock that runs
// faster than the real one. It judges every response by what that Clerk did and when,
// and fails on a wrong one, on a goroutine that is left and on memory that grows.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"
)

func main() {
	lasts := flag.Duration("lasts", 2*time.Minute, "how long requests are sent")
	seed := flag.Uint64("seed", rand.Uint64(), "seed of the order of events and requests")
	speed := flag.Int("speed", 60, "how many times as fast the clock runs")
	flag.Parse()
	if err := faultsUnderLoad(os.Stdout, settings{lasts: *lasts, seed: *seed, speed: *speed}); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		os.Exit(1)
	}
}
