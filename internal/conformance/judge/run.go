package main

import (
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/knowndiffs"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// A trial is a number of cases and what both sides made of them.
type trial struct {
	Seed   uint64
	First  int // number of the first case
	N      int
	Keys   *generator.Keys
	Theirs []peer.Answer // to every version of every case, in their order

	cases    []*generator.Case
	verdicts []*knowndiffs.Verdict
	ours     []peer.Answer
	late     int // how many of them had to be asked for twice
}

// finding is a case in which package auth does not answer as it must.
type finding struct {
	verdict *knowndiffs.Verdict
	want    peer.Answer
	got     peer.Answer
	rows    []string // of the JavaScript SDK's tables
}

// newTrial makes the cases and asks the JavaScript SDK about them.
func newTrial(seed uint64, first, n int, dir string) (*trial, error) {
	keys, err := generator.NewKeys()
	if err != nil {
		return nil, err
	}
	t := &trial{Seed: seed, First: first, N: n, Keys: keys}
	t.make()
	double := peer.NewDouble(keys)
	defer double.Close()
	t.Theirs, err = peer.JavaScript(dir, peer.Pinned, double, t.versions())
	return t, err
}

// make makes the cases, which are the same for the same seed and keys.
func (t *trial) make() {
	t.cases = generator.Generate(t.Seed, t.First, t.N, t.Keys)
	t.verdicts = make([]*knowndiffs.Verdict, t.N)
	j := knowndiffs.Judge{Keys: t.Keys}
	parallel(t.N, func(i int) { t.verdicts[i] = j.Apply(t.cases[i]) })
}

func (t *trial) versions() (all []*generator.Case) {
	for _, v := range t.verdicts {
		all = append(all, v.Versions...)
	}
	return all
}

// askOurs asks package auth. Where a time limit ran out because the machine was busy,
// and only there, it is asked once more.
func (t *trial) askOurs() {
	double := peer.NewDouble(t.Keys)
	defer double.Close()
	t.ours = peer.Ours(double, t.cases)
	var late []int
	var cases []*generator.Case
	for i, theirs := range t.theirs() {
		if want, _ := t.verdicts[i].Expect(theirs); isLate(t.ours[i]) && !knowndiffs.Same(want, t.ours[i]) {
			late, cases = append(late, i), append(cases, t.cases[i])
		}
	}
	for i, answer := range peer.Ours(double, cases) {
		t.ours[late[i]] = answer
	}
	t.late = len(late)
}

// isLate reports whether an answer may be that of a time limit.
func isLate(a peer.Answer) bool {
	return a.Undecided || strings.HasSuffix(a.Reason, "-refresh-fetch-error")
}

// theirs gives the answers of the JavaScript SDK to the versions of each case.
func (t *trial) theirs() [][]peer.Answer {
	list := make([][]peer.Answer, t.N)
	for i, rest := 0, t.Theirs; i < t.N; i++ {
		n := len(t.verdicts[i].Versions)
		list[i], rest = rest[:n], rest[n:]
	}
	return list
}

// judge holds the sides against each other.
func (t *trial) judge() *result {
	type outcome struct {
		want      peer.Answer
		differs   []*knowndiffs.Row
		overreach []string
		same      bool
	}
	theirs := t.theirs()
	outcomes := make([]outcome, t.N)
	parallel(t.N, func(i int) {
		o := &outcomes[i]
		o.want, o.differs = t.verdicts[i].Expect(theirs[i])
		o.overreach = t.verdicts[i].Overreach(theirs[i])
		o.same = knowndiffs.Same(o.want, t.ours[i])
	})
	r := newResult(t)
	for i, o := range outcomes {
		r.count(t.verdicts[i], theirs[i][0], o.differs)
		for _, what := range o.overreach {
			r.overreach[what]++
		}
		if !o.same {
			rows := theirs[i][len(theirs[i])-1].Rows
			r.findings = append(r.findings, finding{t.verdicts[i], o.want, t.ours[i], rows})
		}
	}
	return r
}

// parallel calls work for 0 to n-1.
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
