package difftest

import (
	"cmp"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// sampleSize is the number of cases here, half of them for each version of the
// JavaScript SDK; the judge command compares more.
const sampleSize = 2000

// A sample is what both trials found, and the one with the current version.
type sample struct {
	*Trial
	*Result
}

var newSample = sync.OnceValues(func() (sample, error) {
	const half = sampleSize / 2
	var current, earlier *Trial
	var err, earlierErr error
	var wg sync.WaitGroup
	wg.Go(func() { current, err = New(peer.Current, 1, 0, half, "javascript") })
	wg.Go(func() { earlier, earlierErr = New(peer.Earlier, 1, half, sampleSize-half, "javascript") })
	wg.Wait()
	if err := cmp.Or(err, earlierErr); err != nil {
		return sample{}, err
	}
	r := current.Compare()
	r.Add(earlier.Compare())
	return sample{current, r}, nil
})

// needSample returns the sample that the tests share. Without Node, or where the
// JavaScript SDK cannot be installed, the tests are skipped, unless JUDGE_REQUIRED
// is set.
func needSample(t *testing.T) sample {
	t.Helper()
	s, err := newSample()
	switch {
	case err == nil:
	case os.Getenv("JUDGE_REQUIRED") != "":
		t.Fatal(err)
	case errors.Is(err, peer.ErrNoNode), errors.Is(err, peer.ErrNotInstalled):
		t.Skipf("not compared with the JavaScript SDK: %v", err)
	default:
		t.Fatal(err)
	}
	return s
}

func TestEveryDifferenceIsKnown(t *testing.T) {
	findings := needSample(t).findings
	for _, f := range findings[:min(3, len(findings))] {
		var b strings.Builder
		f.write(&b)
		t.Error(b.String())
	}
	if len(findings) > 0 {
		t.Errorf("%d of %d requests have an outcome that no known difference explains", len(findings), sampleSize)
	}
}

func TestSampleReachesEveryBranch(t *testing.T) {
	for _, missed := range needSample(t).Missed(1, sampleSize/5) {
		t.Error(missed)
	}
}

func TestFaultsAreFound(t *testing.T) {
	s := needSample(t)
	if testing.Short() {
		t.Skip("builds the judge command with faults in package auth")
	}
	counts, err := s.countFaults()
	if err == nil {
		err = checkFaults(counts)
	}
	if err != nil {
		t.Fatal(err)
	}
}
