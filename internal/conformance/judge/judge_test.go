package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/judge/side"
)

// sample is how many cases are judged here; the command judges more.
const sample = 3000

var judged = sync.OnceValues(func() (*trial, error) {
	if err := side.Prepare("javascript"); err != nil {
		return nil, err
	}
	t, err := newTrial(1, sample, "javascript", side.Pinned)
	if err == nil {
		t.askOurs()
	}
	return t, err
})

// needTrial gives the trial that the tests share. Without Node, or where the SDK
// cannot be installed, they are skipped, unless JUDGE_REQUIRED is set.
func needTrial(t *testing.T) *trial {
	t.Helper()
	tr, err := judged()
	switch {
	case err == nil:
	case os.Getenv("JUDGE_REQUIRED") != "":
		t.Fatal(err)
	case errors.Is(err, side.ErrNoNode), errors.Is(err, side.ErrNotInstalled):
		t.Skipf("nothing is compared with the JavaScript SDK here: %v", err)
	default:
		t.Fatal(err)
	}
	return tr
}

func TestEveryDifferenceIsInTheRegister(t *testing.T) {
	r := needTrial(t).judge()
	for _, f := range r.findings[:min(3, len(r.findings))] {
		var b strings.Builder
		f.write(&b)
		t.Error(b.String())
	}
	if len(r.findings) > 0 {
		t.Errorf("%d of %d requests are answered otherwise than the register allows", len(r.findings), r.n)
	}
}

func TestTheSampleReachesEveryRule(t *testing.T) {
	for _, missed := range needTrial(t).judge().missed(1, sample/5) {
		t.Error(missed)
	}
}

func TestFaultsAreFound(t *testing.T) {
	tr := needTrial(t)
	if testing.Short() {
		t.Skip("builds package auth once for each fault")
	}
	dir := t.TempDir()
	saved := filepath.Join(dir, "trial.json")
	if err := tr.save(saved); err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		found, err := f.caught(dir, saved)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		if found == 0 {
			t.Errorf("nothing shows that %s", f.name)
		}
	}
}
