package main

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// sample is how many cases are judged here; the command judges more.
const sample = 2000

type judgement struct {
	*trial
	*result
}

var judged = sync.OnceValues(func() (judgement, error) {
	if err := peer.Prepare("../difftest/javascript"); err != nil {
		return judgement{}, err
	}
	t, err := newTrial(1, 0, sample, "../difftest/javascript")
	if err != nil {
		return judgement{}, err
	}
	t.askOurs()
	return judgement{t, t.judge()}, nil
})

// needSample gives the sample that the tests share. Without Node, or where the SDK
// cannot be installed, they are skipped, unless JUDGE_REQUIRED is set.
func needSample(t *testing.T) judgement {
	t.Helper()
	j, err := judged()
	switch {
	case err == nil:
	case os.Getenv("JUDGE_REQUIRED") != "":
		t.Fatal(err)
	case errors.Is(err, peer.ErrNoNode), errors.Is(err, peer.ErrNotInstalled):
		t.Skipf("nothing is compared with the JavaScript SDK here: %v", err)
	default:
		t.Fatal(err)
	}
	return j
}

func TestEveryDifferenceIsInTheRegister(t *testing.T) {
	findings := needSample(t).findings
	for _, f := range findings[:min(3, len(findings))] {
		var b strings.Builder
		f.write(&b)
		t.Error(b.String())
	}
	if len(findings) > 0 {
		t.Errorf("%d of %d requests are answered otherwise than the register allows", len(findings), sample)
	}
}

func TestTheSampleReachesEveryRule(t *testing.T) {
	for _, missed := range needSample(t).missed(1, sample/5) {
		t.Error(missed)
	}
}

func TestFaultsAreFound(t *testing.T) {
	s := needSample(t)
	if testing.Short() {
		t.Skip("builds the program with faults in package auth")
	}
	counts, err := s.countFaults()
	if err == nil {
		err = checkFaults(counts)
	}
	if err != nil {
		t.Fatal(err)
	}
}
