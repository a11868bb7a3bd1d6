// Package difftest compares package auth with Clerk's JavaScript backend SDK, in the
// version that package auth follows and in an earlier one. Both sides authenticate the
// same generated requests, with the same keys, clock and API, and every difference
// between their outcomes must be a known one.
//
// The subpackages are the steps of a comparison: generator makes the requests, peer
// runs both sides, and knowndiffs says what may differ. The folder javascript holds
// the Node program that runs the SDK.
package difftest

import (
	"slices"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/knowndiffs"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// A Trial is a number of cases with the outcomes of both sides. Its exported fields
// are what another process needs to compare it again.
type Trial struct {
	SDK    peer.SDK // the version of the JavaScript SDK
	Seed   uint64
	First  int            // number of the first case
	N      int            // number of cases
	Theirs []peer.Outcome // of the JavaScript SDK: each version of each case, in order

	dir      string // of the Node program
	keys     *generator.Keys
	cases    []*generator.Case
	verdicts []*knowndiffs.Verdict
	ours     []peer.Outcome
	late     int // how many of ours ran into a time limit and were repeated
}

// New generates n cases and runs them on package auth and a version of the JavaScript
// SDK, which it installs in dir if it is not there.
func New(sdk peer.SDK, seed uint64, first, n int, dir string) (*Trial, error) {
	if err := peer.Prepare(dir); err != nil {
		return nil, err
	}
	t := &Trial{SDK: sdk, Seed: seed, First: first, N: n, dir: dir}
	t.generate()
	return t, t.run(func() {
		backend := peer.NewBackend(t.keys)
		defer backend.Close()
		t.ours = peer.Ours(backend, t.cases)
	})
}

// With returns a trial of the same cases with another version of the JavaScript SDK.
func (t *Trial) With(sdk peer.SDK) (*Trial, error) {
	other := &Trial{SDK: sdk, Seed: t.Seed, First: t.First, N: t.N, dir: t.dir, keys: t.keys, cases: t.cases}
	other.judge()
	return other, other.run(func() { other.ours = slices.Clone(t.ours) })
}

// generate makes the cases, which depend on the seed and their numbers alone.
func (t *Trial) generate() {
	t.keys = generator.NewKeys()
	t.cases = generator.Generate(t.Seed, t.First, t.N, t.keys)
	t.judge()
}

// judge finds the known differences that apply to the cases.
func (t *Trial) judge() {
	t.verdicts = make([]*knowndiffs.Verdict, t.N)
	parallel(t.N, func(i int) { t.verdicts[i] = knowndiffs.Apply(t.SDK, t.keys, t.cases[i]) })
}

// run runs both sides at the same time.
func (t *Trial) run(ours func()) error {
	var wg sync.WaitGroup
	wg.Go(ours)
	backend := peer.NewBackend(t.keys)
	defer backend.Close()
	var versions []*generator.Case
	for _, v := range t.verdicts {
		versions = append(versions, v.Versions...)
	}
	var err error
	t.Theirs, err = peer.JavaScript(t.dir, t.SDK, backend, versions)
	wg.Wait()
	if err == nil {
		t.repeatLate(backend)
	}
	return err
}

// runOurs runs package auth.
func (t *Trial) runOurs() {
	backend := peer.NewBackend(t.keys)
	defer backend.Close()
	t.ours = peer.Ours(backend, t.cases)
	t.repeatLate(backend)
}

// repeatLate runs a case that ran into a time limit because the machine was busy once
// more. No other case runs twice.
func (t *Trial) repeatLate(backend *peer.Backend) {
	var late []int
	var cases []*generator.Case
	for i, theirs := range t.theirs() {
		if want, _ := t.verdicts[i].Expect(theirs); isLate(t.ours[i]) && !knowndiffs.Same(want, t.ours[i]) {
			late, cases = append(late, i), append(cases, t.cases[i])
		}
	}
	for i, outcome := range peer.Ours(backend, cases) {
		t.ours[late[i]] = outcome
	}
	t.late = len(late)
}

// isLate reports whether a time limit may have caused an outcome.
func isLate(o peer.Outcome) bool {
	return o.Undecided || strings.HasSuffix(o.Reason, "-refresh-fetch-error")
}

// theirs returns the JavaScript SDK's outcomes for the versions of each case.
func (t *Trial) theirs() [][]peer.Outcome {
	list := make([][]peer.Outcome, t.N)
	for i, rest := 0, t.Theirs; i < t.N; i++ {
		n := len(t.verdicts[i].Versions)
		list[i], rest = rest[:n], rest[n:]
	}
	return list
}

// Compare compares both sides, case by case.
func (t *Trial) Compare() *Result {
	type comparison struct {
		want      peer.Outcome
		differs   []*knowndiffs.Row
		overreach []string
		same      bool
	}
	theirs := t.theirs()
	comparisons := make([]comparison, t.N)
	parallel(t.N, func(i int) {
		c := &comparisons[i]
		c.want, c.differs = t.verdicts[i].Expect(theirs[i])
		c.overreach = t.verdicts[i].Overreach(theirs[i])
		c.same = knowndiffs.Same(c.want, t.ours[i])
	})
	r := newResult(t)
	for i, c := range comparisons {
		r.count(t.verdicts[i], theirs[i][0], c.differs)
		for _, what := range c.overreach {
			r.overreach[what]++
		}
		if !c.same {
			branches := theirs[i][len(theirs[i])-1].Branches
			r.findings = append(r.findings, finding{t.SDK, t.verdicts[i], c.want, t.ours[i], branches})
		}
	}
	return r
}

// parallel calls work with 0 to n-1.
func parallel(n int, work func(int)) {
	const block = 64
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			for first := i * block; first < n; first += 2 * block {
				for j := first; j < min(first+block, n); j++ {
					work(j)
				}
			}
		})
	}
	wg.Wait()
}
