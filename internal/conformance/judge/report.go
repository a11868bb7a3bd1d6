package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/register"
	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

// result is what a trial came to.
type result struct {
	n, asked, signedIn int
	applied, differs   map[string]int // by the id of a register's row
	rows, reasons      map[string]int
	findings           []finding
}

func newResult(t *trial) *result {
	return &result{
		n: t.N, asked: len(t.Theirs),
		applied: map[string]int{}, differs: map[string]int{}, rows: map[string]int{}, reasons: map[string]int{},
	}
}

// count counts what a case reached.
func (r *result) count(v *register.Verdict, theirs side.Answer, differs []*register.Row) {
	if theirs.Status == "signed-in" {
		r.signedIn++
	}
	if theirs.Reason != "" {
		r.reasons[theirs.Reason]++
	}
	for _, name := range theirs.Rows {
		r.rows[name]++
	}
	once(r.applied, v.Applied())
	once(r.differs, differs)
}

// once counts each row of a case once, whatever the number of its parts.
func once(counts map[string]int, rows []*register.Row) {
	seen := map[string]bool{}
	for _, row := range rows {
		if !seen[row.ID] {
			counts[row.ID]++
			seen[row.ID] = true
		}
	}
}

// missed says what a trial of full size did not reach often enough.
func (r *result) missed() (list []string) {
	if r.signedIn < enoughSignedIn {
		list = append(list, fmt.Sprintf("only %d requests were signed in", r.signedIn))
	}
	for _, name := range rows {
		if r.rows[name] < enough {
			list = append(list, fmt.Sprintf("%s was reached %d times", name, r.rows[name]))
		}
	}
	for _, name := range reasons {
		if r.reasons[name] < enough {
			list = append(list, fmt.Sprintf("%s was answered %d times", name, r.reasons[name]))
		}
	}
	for name := range unreachable {
		if r.rows[name] > 0 {
			list = append(list, fmt.Sprintf("%s was reached, which should not be possible", name))
		}
	}
	return list
}

// write tells the whole result.
func (r *result) write(w io.Writer, show int) {
	fmt.Fprintf(w, "%d requests, %d with those that the register's rows make of them; %d signed in\n", r.n, r.asked, r.signedIn)
	fmt.Fprintf(w, "\ndifferences on purpose     applied  different\n")
	for _, row := range register.Rows() {
		fmt.Fprintf(w, "%-4s %-*.*s\n", row.ID, 100, 100, row.Fact)
	}
	for _, id := range slices.SortedFunc(maps.Keys(r.applied), byNumber) {
		fmt.Fprintf(w, "%-26s %7d %10d\n", id, r.applied[id], r.differs[id])
	}
	writeCounts(w, "rows of the JavaScript SDK's tables", r.rows)
	writeCounts(w, "reasons", r.reasons)
	if len(r.findings) == 0 {
		fmt.Fprintln(w, "\nno other difference")
		return
	}
	fmt.Fprintf(w, "\n%d differences that no row explains\n", len(r.findings))
	for _, f := range r.findings[:min(show, len(r.findings))] {
		f.write(w)
	}
}

func writeCounts(w io.Writer, title string, counts map[string]int) {
	fmt.Fprintf(w, "\n%s\n", title)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "%7d %s\n", counts[name], name)
	}
}

var longToken = regexp.MustCompile(`(eyJ[\w-]{8})[\w.-]{60,}([\w-]{6})`)

func (f *finding) write(w io.Writer) {
	c := *f.verdict.Case
	c.Asks = nil
	text, _ := json.Marshal(c) // plain data
	var rows []string
	for _, row := range f.verdict.Applied() {
		rows = append(rows, row.ID)
	}
	fmt.Fprintf(w, "\ncase %d (%s), rows %s, register %s\n", c.ID, c.Family, strings.Join(f.rows, " "), strings.Join(rows, " "))
	fmt.Fprintln(w, longToken.ReplaceAllString(string(text), "$1…$2"))
	fmt.Fprintf(w, "JavaScript %q, here %q\n", f.want.Error, f.got.Error)
	fmt.Fprintln(w, register.Difference(f.want, f.got))
}

func byNumber(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
