// Command cost measures what a program pays for this SDK before it runs: the time of a
// cold build, the size of the binary and the modules that it depends on. Beside it are
// the same three calls made with the published SDK and with the standard library
// alone. Every program first runs against a fake API, which shows that it makes them.
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
	parallel := flag.Int("p", 2, "number of packages that are compiled at the same time")
	rounds := flag.Int("rounds", 1, "number of times that each program is built; the lowest times count")
	flag.Parse()
	if *parallel < 1 || *rounds < 1 {
		fmt.Fprintln(os.Stderr, "cost: p and rounds must be positive")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, os.Stdout, *parallel, *rounds); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "cost:", err)
		os.Exit(1)
	}
}

// measure builds all programs in turn, round by round, and writes a table.
func measure(ctx context.Context, w io.Writer, parallel, rounds int) error {
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
	for range rounds {
		for _, p := range all {
			if err := p.buildCold(ctx, dir, parallel); err != nil {
				return err
			}
			if err := p.prove(ctx); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(w, "%s %s/%s, %d cores: the lowest of %d builds with an empty cache, -p %d and CGO_ENABLED=0\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds, parallel)
	if err := table(w, all); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, "\nmore: than the first program, whose build is the standard library's.\nmodules: without the SDK itself.")
	return err
}

// table writes one line per program. The differences are to the first one.
func table(w io.Writer, all []*program) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%-24s\tcold build\tuser+system\tmore\tbinary\tmore\tmodules in go.sum\tlinked\t\n", "three calls with")
	for _, p := range all {
		fmt.Fprintf(t, "%-24s\t%.1f s\t%.1f s\t%+.1f s\t%.2f MiB\t%+.2f MiB\t%d\t%d\t\n", p.name,
			p.wall.Seconds(), p.cpu.Seconds(), (p.cpu - all[0].cpu).Seconds(),
			mebibytes(p.binary), mebibytes(p.binary-all[0].binary), len(p.sums), len(p.linked))
	}
	return t.Flush()
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// lower returns the lower of two durations. The first is 0 before anything is measured.
func lower(before, now time.Duration) time.Duration {
	if before == 0 {
		return now
	}
	return min(before, now)
}
