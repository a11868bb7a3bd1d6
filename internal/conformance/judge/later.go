package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/knowndiffs"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// askLater asks the later SDK about the cases.
func (t *trial) askLater(dir string) ([]peer.Answer, error) {
	double := peer.NewDouble(t.Keys)
	defer double.Close()
	return peer.JavaScript(dir, peer.Later, double, t.cases)
}

// change is one kind of what the later SDK answers otherwise.
type change struct {
	count, first int // how many requests, and the first one
	asHere       int // how many of them have the state and reason that package auth gives
}

// writeLater lists what the later SDK answers otherwise than the one that package auth
// follows.
func (t *trial) writeLater(w io.Writer, dir string) error {
	later, err := t.askLater(dir)
	if err != nil {
		return err
	}
	kinds := map[string]*change{}
	changed := 0
	for i, theirs := range t.theirs() {
		if knowndiffs.Same(theirs[0], later[i]) {
			continue
		}
		changed++
		kind := kindOf(theirs[0], later[i])
		if kinds[kind] == nil {
			kinds[kind] = &change{first: i}
		}
		kinds[kind].count++
		if here := t.ours[i]; here.Status == later[i].Status && here.Reason == later[i].Reason {
			kinds[kind].asHere++
		}
	}
	fmt.Fprintf(w, "\n%d of %d requests are answered otherwise by the later SDK\n", changed, t.N)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		c := kinds[kind]
		fmt.Fprintf(w, "%7d %s; %d as here; such as case %d\n", c.count, kind, c.asHere, t.First+c.first)
	}
	return nil
}

func kindOf(before, after peer.Answer) string {
	if before.Status == after.Status && before.Reason == after.Reason {
		return fmt.Sprintf("%s: %s, with other %v", before.TokenType, state(before), knowndiffs.Fields(before, after))
	}
	return fmt.Sprintf("%s: %s, now %s", before.TokenType, state(before), state(after))
}

// state tells the state and its reason.
func state(a peer.Answer) string {
	switch {
	case a.Error != "":
		return "an error"
	case a.Reason != "":
		return a.Status + " for " + a.Reason
	default:
		return a.Status
	}
}
