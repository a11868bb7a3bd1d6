package difftest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/knowndiffs"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// A Result is what the comparison of one or more trials found.
type Result struct {
	sdks                        []peer.SDK
	n, versions, signedIn, late int
	applied, differs            map[*knowndiffs.Row]int
	branches, reasons           map[string]int
	situations                  map[string]int
	overreach                   map[string]int // what rows change beyond what they name
	findings                    []finding
}

// A finding is a case in which the outcome of package auth is not the one it must be.
type finding struct {
	sdk      peer.SDK
	verdict  *knowndiffs.Verdict
	want     peer.Outcome
	got      peer.Outcome
	branches []string // of the JavaScript SDK
}

func newResult(t *Trial) *Result {
	return &Result{
		sdks: []peer.SDK{t.SDK}, n: t.N, versions: len(t.Theirs), late: t.late,
		applied: map[*knowndiffs.Row]int{}, differs: map[*knowndiffs.Row]int{},
		branches: map[string]int{}, reasons: map[string]int{}, situations: map[string]int{}, overreach: map[string]int{},
	}
}

// Add adds what another trial found.
func (r *Result) Add(other *Result) {
	for _, sdk := range other.sdks {
		if !slices.Contains(r.sdks, sdk) {
			r.sdks = append(r.sdks, sdk)
		}
	}
	r.n, r.versions, r.signedIn, r.late = r.n+other.n, r.versions+other.versions, r.signedIn+other.signedIn, r.late+other.late
	addCounts(r.applied, other.applied)
	addCounts(r.differs, other.differs)
	addCounts(r.branches, other.branches)
	addCounts(r.reasons, other.reasons)
	addCounts(r.situations, other.situations)
	addCounts(r.overreach, other.overreach)
	r.findings = append(r.findings, other.findings...)
}

func addCounts[K comparable](counts, other map[K]int) {
	for name, n := range other {
		counts[name] += n
	}
}

// rows returns the known differences from the compared versions of the SDK.
func (r *Result) rows() []*knowndiffs.Row {
	return slices.DeleteFunc(knowndiffs.Rows(), func(row *knowndiffs.Row) bool { return !slices.ContainsFunc(r.sdks, row.IsAbout) })
}

// Unexplained returns the number of differences that no row explains.
func (r *Result) Unexplained() int { return len(r.findings) }

// count counts what a case reached.
func (r *Result) count(v *knowndiffs.Verdict, theirs peer.Outcome, differs []*knowndiffs.Row) {
	if theirs.Status == "signed-in" {
		r.signedIn++
	}
	if theirs.Reason != "" {
		r.reasons[theirs.Reason]++
	}
	for _, name := range theirs.Branches {
		r.branches[name]++
	}
	for _, name := range situations(v.Case) {
		r.situations[name]++
	}
	for _, row := range v.Applied() {
		r.applied[row]++
	}
	for _, row := range differs {
		r.differs[row]++
	}
}

// Missed lists what the requests reached less than enough times, and what they should
// not have reached or changed at all.
func (r *Result) Missed(enough, enoughSignedIn int) (list []string) {
	if r.signedIn < enoughSignedIn {
		list = append(list, fmt.Sprintf("%d requests are signed in, want %d", r.signedIn, enoughSignedIn))
	}
	for _, row := range r.rows() {
		if r.differs[row] < enough {
			list = append(list, fmt.Sprintf("%s makes a difference %d times, want %d: %s", row.ID, r.differs[row], enough, row.Description()))
		}
	}
	for _, what := range slices.Sorted(maps.Keys(r.overreach)) {
		list = append(list, fmt.Sprintf("%s, which it does not name, %d times", what, r.overreach[what]))
	}
	list = append(list, missedOf(r.situations, wantedSituations(), nil, enough)...)
	list = append(list, missedOf(r.branches, expected(r.sdks, branches, currentBranches), unreachable, enough)...)
	return append(list, missedOf(r.reasons, expected(r.sdks, reasons, currentReasons), impossible, enough)...)
}

func missedOf(counts map[string]int, wanted []string, impossible map[string]string, enough int) (list []string) {
	for _, name := range wanted {
		if counts[name] < enough {
			list = append(list, fmt.Sprintf("%s is reached %d times, want %d", name, counts[name], enough))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if why, found := impossible[name]; found {
			list = append(list, fmt.Sprintf("%s is reached, although %s", name, why))
		} else if !slices.Contains(wanted, name) {
			list = append(list, fmt.Sprintf("%s is reached, but not expected", name))
		}
	}
	return list
}

// Write writes the whole result, with the first differences that no row explains: at
// most show of them.
func (r *Result) Write(w io.Writer, show int) {
	fmt.Fprintf(w, "@clerk/backend %v: %d requests, %d with their rewritten versions; %d signed in\n", r.sdks, r.n, r.versions, r.signedIn)
	if r.late > 0 {
		fmt.Fprintf(w, "%d requests ran into a time limit on this machine and were repeated\n", r.late)
	}
	fmt.Fprintf(w, "\nknown differences: how often each applies, and how often it changes the outcome\n")
	list := r.rows()
	slices.SortStableFunc(list, func(a, b *knowndiffs.Row) int { return knowndiffs.ByNumber(a.ID, b.ID) })
	for _, row := range list {
		fmt.Fprintf(w, "%7d %7d %-3s %s\n", r.applied[row], r.differs[row], row.ID, row.Description())
	}
	writeReasons(w, knowndiffs.NotCompared, knowndiffs.ByNumber)
	writeCounts(w, "cookies that sign in or out under cross-origin protection", r.situations, nil)
	writeCounts(w, "branches of the JavaScript SDK", r.branches, unreachable)
	writeCounts(w, "reasons", r.reasons, impossible)
	if len(r.findings) == 0 {
		fmt.Fprintln(w, "\nno other difference")
		return
	}
	fmt.Fprintf(w, "\n%d differences that no row explains\n", len(r.findings))
	for _, f := range r.findings[:min(show, len(r.findings))] {
		f.write(w)
	}
}

func writeCounts(w io.Writer, title string, counts map[string]int, impossible map[string]string) {
	fmt.Fprintf(w, "\n%s\n", title)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "%7d %s\n", counts[name], name)
	}
	writeReasons(w, impossible, strings.Compare)
}

// writeReasons writes why each name is not counted.
func writeReasons(w io.Writer, reasons map[string]string, order func(a, b string) int) {
	for _, name := range slices.SortedFunc(maps.Keys(reasons), order) {
		fmt.Fprintf(w, "      – %s: %s\n", name, reasons[name])
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
	fmt.Fprintf(w, "\ncase %d (%s), branches of %s: %s, rows %s\n", c.ID, c.Family, f.sdk, strings.Join(f.branches, " "), strings.Join(rows, " "))
	fmt.Fprintln(w, longToken.ReplaceAllString(string(text), "$1…$2"))
	fmt.Fprintf(w, "JavaScript %q, here %q\n", f.want.Error, f.got.Error)
	fmt.Fprintln(w, knowndiffs.Difference(f.want, f.got))
}
