// Command cost measures what a program pays for this SDK before it does
// anything: time and memory of a build, size of the binary, modules that come
// along. Beside it stand the same three calls made with the published SDK and
// with the standard library alone. Every program is run once against a double,
// so that all of them are known to make these calls.
//
// A cold build is mostly the standard library's, and its time moves with
// whatever else the machine does. What an SDK adds shows in the build on top.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	parallel := flag.Int("p", 2, "how many packages are compiled at once")
	rounds := flag.Int("rounds", 1, "how often each program is built; the lowest of each figure counts")
	limit := flag.Duration("limit", 5*time.Minute, "how long one build may take")
	flag.Parse()
	if *parallel < 1 || *rounds < 1 || *limit <= 0 {
		fmt.Fprintln(os.Stderr, "cost: p, rounds and limit must be positive")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, os.Stdout, *parallel, *rounds, *limit); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

// measure builds all programs in turn, round after round, and prints the bills.
func measure(ctx context.Context, out io.Writer, parallel, rounds int, limit time.Duration) error {
	dir, err := os.MkdirTemp("", "clerk-cost-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	all := programs()
	for _, p := range all {
		if err := p.prepare(ctx, dir); err != nil {
			return err
		}
	}
	var lowest []bill
	for range rounds {
		made, err := bills(ctx, all, dir, parallel, limit)
		if err != nil {
			return err
		}
		for n := range lowest {
			made[n] = made[n].cheaper(lowest[n])
		}
		lowest = made
	}
	fmt.Fprintf(out, "%s %s/%s, %d cores: builds with -p %d and CGO_ENABLED=0, the lowest of %d\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), parallel, rounds)
	if err := table(out, all, lowest); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "\ncold: with an empty cache. on top: with the packages of the first program in the cache.\n"+
		"largest process: a compiler or the linker. modules: without the SDK itself.")
	return err
}

// table prints a line a program. The first one is what the others are beside.
func table(out io.Writer, all []*program, bills []bill) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%-24s\tcold\tuser+system\tlargest process\ton top\tuser+system\tbinary\tmore\tmodules in go.sum\tlinked\t\n", "three calls with")
	for n, p := range all {
		b := bills[n]
		fmt.Fprintf(w, "%-24s\t%.1f s\t%.1f s\t%.0f MiB\t%.1f s\t%.1f s\t%.2f MiB\t%+.2f MiB\t%d\t%d\t\n", p.name,
			b.cold.wall.Seconds(), b.cold.cpu.Seconds(), mebibytes(b.cold.memory), b.onTop.wall.Seconds(), b.onTop.cpu.Seconds(),
			mebibytes(b.binary), mebibytes(b.binary-bills[0].binary), p.sums, p.linked)
	}
	return w.Flush()
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
