package main

import "fmt"

// decision is a question that somebody has to answer before a document can be imported.
type decision struct {
	title string
	lines []string // those without an indent can be pasted
	count int      // how many there are to make
}

// decide adds a decision, unless there is nothing to decide.
func (t *takeover) decide(d decision) {
	if d.count > 0 {
		t.decisions = append(t.decisions, d)
	}
}

// reportDecisions lists what is to decide and returns how much that is.
func (t *takeover) reportDecisions(r *reporter) (counts []string) {
	total := 0
	for _, d := range t.decisions {
		r.section("needs a decision: "+d.title, nil)
		for _, line := range d.lines {
			r.say("%s", line)
		}
		total += d.count
	}
	if total > 0 {
		counts = append(counts, fmt.Sprintf("%d to decide", total), "nothing is written")
	}
	return counts
}

// decision asks for what the rules of Go names refuse. What is decided about a place that
// is new belongs in the file of retired words, because the others have no such place yet.
func (g goAPI) decision(retired string) decision {
	d := decision{count: len(g.refusals)}
	d.title = "Go names; until then, what breaks Go callers is unknown. Decide beside the place in the description, or for a new place in " +
		retired + ", as in \"GET /things: {" + nameKey + ": ListThings}\":"
	for _, refusal := range g.refusals {
		d.lines = append(d.lines, "  "+refusal)
	}
	return d
}
