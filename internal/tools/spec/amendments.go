package main

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// amend compares the Go API before and after the takeover, both with the amendments, and
// finds the amendments that the document settles. The events before and after it are nil
// without any.
func (t *takeover) amend(ours *yaml.Node, amendments []description.Amendment, eventsBefore, eventsAfter *yaml.Node) {
	t.amendments = t.renames.carryAmendments(amendments)
	t.amended = description.Clone(t.doc)
	for i, err := range description.Standings(t.amended, t.amendments) {
		if err == nil {
			err = t.unit(t.amendments[i])
		}
		if err != nil {
			t.standings = append(t.standings, err.Error())
		}
	}
	if t.unchanged() {
		return
	}
	before := description.Clone(ours)
	if before != nil {
		// What does not fit the current description was reported when it was imported.
		_ = description.Amend(before, amendments)
	}
	t.goBefore, t.goAfter = goAPIOf(withEvents(before, eventsBefore), t.placement.of), goAPIOf(withEvents(t.amended, eventsAfter), t.placement.of)
}

// unit looks for a unit that the document's text says about the place of an amendment.
func (t *takeover) unit(a description.Amendment) error {
	decided, said := description.Text(a.Fact, typeKey), t.said[a.Place]
	switch {
	case decided == "" || said == "":
		return nil
	case decided == said:
		return fmt.Errorf("%s: %w", a.Place, description.ErrHasIt)
	}
	return fmt.Errorf("%s: %w", a.Place, description.ErrOtherwise)
}
