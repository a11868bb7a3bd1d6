package difftest

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/knowndiffs"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// runLater runs the cases on the later JavaScript SDK.
func (t *Trial) runLater() ([]peer.Outcome, error) {
	backend := peer.NewBackend(t.keys)
	defer backend.Close()
	return peer.JavaScript(t.dir, peer.Later, backend, t.cases)
}

// A change is one way in which outcomes of the later SDK differ.
type change struct {
	count, first int // how many cases, and the first of them
	asHere       int // how many of them have the status and reason of package auth
}

// WriteLater lists what a later JavaScript SDK does differently from the version
// that package auth follows.
func (t *Trial) WriteLater(w io.Writer) error {
	later, err := t.runLater()
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
	fmt.Fprintf(w, "\n%d of %d requests have another outcome with the later SDK\n", changed, t.N)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		c := kinds[kind]
		fmt.Fprintf(w, "%7d %s; %d as here; first in case %d\n", c.count, kind, c.asHere, t.First+c.first)
	}
	return nil
}

func kindOf(before, after peer.Outcome) string {
	if before.Status == after.Status && before.Reason == after.Reason {
		return fmt.Sprintf("%s: %s, with other %v", before.TokenType, statusOf(before), knowndiffs.Fields(before, after))
	}
	return fmt.Sprintf("%s: %s, now %s", before.TokenType, statusOf(before), statusOf(after))
}

// statusOf describes the status of an outcome and its reason.
func statusOf(o peer.Outcome) string {
	switch {
	case o.Error != "":
		return "an error"
	case o.Reason != "":
		return o.Status + " for " + o.Reason
	default:
		return o.Status
	}
}
