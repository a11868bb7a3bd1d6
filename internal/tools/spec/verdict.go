package main

import (
	"fmt"
	"strings"
)

// verdict says in one word how much a document changes, from nothing to what nobody can
// import yet.
type verdict string

const (
	same      verdict = "nothing differs"
	invisible verdict = "invisible" // to Go callers
	adds      verdict = "adds"
	breaking  verdict = "breaks"
	undecided verdict = "needs a decision"
)

// status is the exit status of a comparison.
func (v verdict) status() int {
	switch v {
	case same:
		return fine
	case invisible, adds:
		return differing
	case breaking:
		return breaks
	}
	return unanswered
}

// verdict judges a takeover by the worst that it has.
func (t *takeover) verdict() verdict {
	switch {
	case len(t.decisions) > 0:
		return undecided
	case t.unchanged():
		return same
	case len(t.ours) == 0:
		return adds
	case t.goBefore.surface == nil || t.goAfter.surface == nil, len(t.broken()) > 0:
		return breaking // what nobody can compare counts as broken
	case len(t.declarations().added) > 0:
		return adds
	}
	return invisible
}

// unchanged reports whether the document says what the description says.
func (t *takeover) unchanged() bool { return t.difference.Empty() && len(t.renames.now) == 0 }

// conclusion is the last line of a report: the verdict and what it rests on.
func (t *takeover) conclusion(counts []string) string {
	v := t.verdict()
	if v == same {
		return fmt.Sprintf("%s: the description has the facts of this document, version %s", v, versionOf(t.published))
	}
	return fmt.Sprintf("%s: %s", v, strings.Join(counts, ", "))
}
