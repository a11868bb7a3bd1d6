package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/register"
	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

// writeLater asks the later SDK about the same cases and lists what it answers
// otherwise than the one that package auth follows.
func (t *trial) writeLater(w io.Writer, dir string) error {
	double := side.NewDouble(t.Keys)
	defer double.Close()
	later, err := side.JavaScript(dir, side.Later, double, t.cases)
	if err != nil {
		return err
	}
	counts, first := map[string]int{}, map[string]int{}
	for i, at := 0, 0; i < t.N; i++ {
		pinned := t.Theirs[at]
		at += len(t.verdicts[i].Versions)
		if register.Same(pinned, later[i]) {
			continue
		}
		change := fmt.Sprintf("%s %s %q, now %s %q", pinned.TokenType, pinned.Status, pinned.Reason, later[i].Status, later[i].Reason)
		if pinned.Status == later[i].Status && pinned.Reason == later[i].Reason {
			change += fmt.Sprintf(", with other %v", register.Fields(pinned, later[i]))
		}
		if counts[change]++; counts[change] == 1 {
			first[change] = i
		}
	}
	fmt.Fprintf(w, "\nwhat the later SDK answers otherwise: %d kinds of requests of %d\n", len(counts), t.N)
	for _, change := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "%7d %s, such as case %d\n", counts[change], change, first[change])
	}
	return nil
}
