package webhookdiff

import (
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// sampleSize is the number of deliveries, which are made from the seed.
const (
	sampleSize = 2000
	seed       = 1
)

// enough is how often each known difference must change a verdict.
const enough = 20

// answers are the outcomes of the JavaScript SDK: of the sample, and of the sample as
// rows rewrite it.
type answers struct{ Plain, Rewritten []outcome }

// rewritten returns the deliveries as rows change them.
func rewritten(list []*delivery, rows []difference) []*delivery {
	changed := slices.Clone(list)
	for i, d := range list {
		for _, row := range rows {
			if row.rewrite != nil && row.applies(d) {
				changed[i] = changed[i].clone()
				row.rewrite(changed[i])
			}
		}
	}
	return changed
}

// askJavaScript installs the SDK where it is not there.
var askJavaScript = sync.OnceValues(func() (answers, error) {
	const dir = "javascript"
	if err := peer.Prepare(dir); err != nil {
		return answers{}, err
	}
	list := generate(seed, sampleSize)
	plain, err := javaScript(dir, list)
	if err != nil {
		return answers{}, err
	}
	again, err := javaScript(dir, rewritten(list, fromJavaScript))
	return answers{plain, again}, err
})

// needJavaScript skips a test without Node, or where packages cannot be installed, unless
// JUDGE_REQUIRED is set.
func needJavaScript(t *testing.T) answers {
	t.Helper()
	a, err := askJavaScript()
	if err != nil {
		if os.Getenv("JUDGE_REQUIRED") == "" && (errors.Is(err, peer.ErrNoNode) || errors.Is(err, peer.ErrNotInstalled)) {
			t.Skipf("not compared with the JavaScript SDK: %v", err)
		}
		t.Fatal(err)
	}
	return a
}

// expect returns the outcome that package webhooks must have, and the row that changes it.
func expect(d *delivery, plain, again outcome) (want outcome, by string) {
	if want = again; want != plain {
		by = fromJavaScript[0].id
	}
	for _, row := range fromJavaScript {
		if row.verdict == nil || !row.applies(d) || row.last && want.Verdict != ok {
			continue
		}
		if want.Verdict == configuration {
			break
		}
		return outcome{Verdict: row.verdict(d)}.orAs(want), row.id
	}
	want.Verdict = reworded(d, want.Verdict)
	return want, by
}

// orAs keeps what is known of the event where it is accepted.
func (o outcome) orAs(theirs outcome) outcome {
	if o.Verdict == ok && theirs.Verdict == ok {
		return theirs
	}
	return o
}

func TestEveryDifferenceFromJavaScriptIsKnown(t *testing.T) {
	a := needJavaScript(t)
	met, words := map[string]int{}, map[verdict]int{}
	unknown := 0
	for i, d := range generate(seed, sampleSize) {
		want, by := expect(d, a.Plain[i], a.Rewritten[i])
		got, _ := ours(t, d)
		words[got.Verdict]++
		if (a.Plain[i].Verdict == ok) != (want.Verdict == ok) {
			met[by]++
		}
		if got != want {
			if unknown++; unknown <= 5 {
				t.Errorf("%v: JavaScript %v, want %v, got %v", d, a.Plain[i], want, got)
			}
		}
	}
	if unknown > 0 {
		t.Errorf("%d of %d deliveries have a verdict that no known difference explains", unknown, sampleSize)
	}
	t.Logf("verdicts %v, known differences met %v", words, met)
	for _, word := range []verdict{ok, configuration, missing, malformed, tooOld, tooNew, unsigned, payload, tooLarge} {
		if words[word] < enough {
			t.Errorf("%s is the verdict on %d deliveries, want %d", word, words[word], enough)
		}
	}
	checkMet(t, met, fromJavaScript)
}

// checkMet demands that the rows changed a verdict often enough.
func checkMet(t *testing.T, met map[string]int, rows []difference) {
	t.Helper()
	ids := map[string]bool{}
	for _, row := range rows {
		ids[row.id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if met[id] < enough {
			t.Errorf("%s makes a difference %d times, want %d", id, met[id], enough)
		}
	}
}

func TestEveryDifferenceFromGoLibrariesIsKnown(t *testing.T) {
	list := generate(seed, sampleSize)
	met := map[string]int{}
	for _, peer := range []struct {
		name   string
		verify library
		rows   []difference
	}{
		{"svix", ofSvix, append(slices.Clone(fromLibraries), fromSvix...)},
		{"standard-webhooks", ofStandard, append(slices.Clone(fromStandard), fromLibraries...)},
	} {
		want := expectOf(func(list []*delivery) []bool { return accepted(t, peer.verify, list) }, peer.rows, list, met)
		unknown := 0
		for i, d := range list {
			if _, got := ours(t, d); got != want[i] {
				if unknown++; unknown <= 5 {
					t.Errorf("%s: %v: want %t, got %t", peer.name, d, want[i], got)
				}
			}
		}
		if unknown > 0 {
			t.Errorf("%s: %d of %d deliveries have a verdict that no known difference explains", peer.name, unknown, sampleSize)
		}
	}
	t.Logf("known differences met %v", met)
	checkMet(t, met, slices.Concat(fromLibraries, fromSvix, fromStandard))
}

// expectOf returns which deliveries package webhooks must accept, and counts how often
// each row is the reason.
func expectOf(accepted func([]*delivery) []bool, rows []difference, list []*delivery, met map[string]int) []bool {
	versions := list
	want := accepted(versions)
	for _, row := range rows {
		before := want
		if row.rewrite != nil {
			versions = rewritten(versions, []difference{row})
			want = accepted(versions)
		} else {
			want = slices.Clone(before)
		}
		for i, d := range list {
			if row.rewrite == nil && row.applies(d) {
				v := row.verdict(d)
				want[i] = v == ok || v == payload
			}
			if want[i] != before[i] {
				met[row.id]++
			}
		}
	}
	return want
}

// TestThePageHasEachDifference compares docs/differences.md with the rows.
func TestThePageHasEachDifference(t *testing.T) {
	text, err := os.ReadFile("../../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, found := strings.Cut(string(text), "\n## Differences in webhooks\n")
	if !found {
		t.Fatal("the page has no differences in webhooks")
	}
	page, _, _ = strings.Cut(page, "\n## ")
	var described, known []string
	for _, match := range regexp.MustCompile(`(?m)^\| ([A-Z][0-9]+) \|`).FindAllStringSubmatch(page, -1) {
		described = append(described, match[1])
	}
	for _, row := range slices.Concat(fromJavaScript, fromLibraries, fromSvix, fromStandard, fromTool) {
		known = append(known, row.id)
	}
	slices.Sort(described)
	slices.Sort(known)
	if known = slices.Compact(known); !slices.Equal(described, known) {
		t.Errorf("the page describes %v, and the rows are %v", described, known)
	}
}
