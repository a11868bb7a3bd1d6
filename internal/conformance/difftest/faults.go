package difftest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/plant"
)

// A fault is a mistake in one expression of package auth. The comparison must find
// it; otherwise it compares too little.
type fault struct {
	name  string
	code  string // source text of package auth, with the expression in « »
	wrong string // the expression that replaces it
}

// faultTrial is the number of cases that are compared with each fault.
const faultTrial = 1000

var faults = []fault{
	{"the clock skew is one second longer", "skew: «defaultClockSkew»,", "defaultClockSkew + time.Second"},
	{"a redirect loop is detected one handshake later", "if «c.redirects >= maxRedirects» {\n\t\tc.a.warnings.once(c.Context(), redirectLoop)", "c.redirects > maxRedirects"},
	{"cookies of another instance use the names without a suffix", "if session != \"\" && !a.issues(plain) {\n\t\treturn «true»", "false"},
	{"tokens of other categories pass", "return «cat != \"\" && cat != categorySession && cat != categoryIgnore»", "cat == categoryM2M"},
	{"a token as old as the client's last change is too old", "«u.iat < c.uat»", "u.iat <= c.uat"},
	{"a page of another origin may use the refresh cookie", "if «!c.mayUseCookies()» {\n\t\t\tc.refuseCrossOrigin(rec)", "false"},
	{"a page of another origin may use the session cookie", "if «!c.mayUseCookies()» {\n\t\tc.refuseCrossOrigin(rec)", "false"},
	{"any request completes a handshake", "|| «!c.comesFromHandshake()» ||", "false"},
	{"features of both user and organization count as the user's alone", "«append(org, value)», append(user, value)", "org"},
}

// WriteFaults writes how many differences each fault makes, and returns an error for
// a fault that makes none.
func (t *Trial) WriteFaults(w io.Writer) error {
	counts, err := t.countFaults()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\ndifferences in the first %d requests\n", min(t.N, faultTrial))
	fmt.Fprintf(w, "%7d without a fault\n", counts[0])
	for i, f := range faults {
		fmt.Fprintf(w, "%7d when %s\n", counts[i+1], f.name)
	}
	return checkFaults(counts)
}

// checkFaults reports a fault that makes no difference, and differences without one.
func checkFaults(counts []int) error {
	if counts[0] > 0 {
		return fmt.Errorf("%d differences without a fault", counts[0])
	}
	for i, f := range faults {
		if counts[i+1] == 0 {
			return fmt.Errorf("no difference when %s", f.name)
		}
	}
	return nil
}

// countFaults builds the judge command with the faults, lets it compare the trial
// again, and returns the number of differences: without a fault, then with each.
func (t *Trial) countFaults() ([]int, error) {
	dir, err := os.MkdirTemp("", "judge")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	saved := filepath.Join(dir, "trial.json")
	if err := t.head(min(t.N, faultTrial)).save(saved); err != nil {
		return nil, err
	}
	program, err := buildFaulty(dir)
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, "-replay", saved)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("replaying: %w: %s", err, stderr.String())
	}
	var counts []int
	for line := range strings.Lines(string(output)) {
		n, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		counts = append(counts, n)
	}
	if len(counts) != len(faults)+1 {
		return nil, fmt.Errorf("replaying: %d counts, want %d", len(counts), len(faults)+1)
	}
	return counts, nil
}

// buildFaulty builds the judge command with the faults in dir.
func buildFaulty(dir string) (program string, err error) {
	planted := make([]plant.Fault, len(faults))
	for i, f := range faults {
		planted[i] = plant.Fault{Name: f.name, Code: f.code, Wrong: f.wrong}
	}
	changes, err := plant.Overlay("auth", dir, planted)
	if err != nil {
		return "", err
	}
	program = filepath.Join(dir, "judge")
	build := exec.Command("go", "build", "-overlay", changes, "-o", program, "github.com/backend-sdk/clerk-go/internal/conformance/judge")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w: %s", err, output)
	}
	return program, nil
}

// head returns a trial of the first n cases.
func (t *Trial) head(n int) *Trial {
	versions := 0
	for _, v := range t.verdicts[:n] {
		versions += len(v.Versions)
	}
	return &Trial{SDK: t.SDK, Seed: t.Seed, First: t.First, N: n, Theirs: t.Theirs[:versions]}
}

// save writes a trial for another process.
func (t *Trial) save(path string) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// Replay compares a saved trial without a fault and with each, and writes the number
// of differences. Only a build with faults finds any.
func Replay(w io.Writer, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	t := new(Trial)
	if err := json.Unmarshal(text, t); err != nil {
		return err
	}
	t.generate()
	for _, f := range append([]fault{{}}, faults...) {
		if err := os.Setenv(plant.Variable, f.name); err != nil {
			return err
		}
		t.runOurs()
		fmt.Fprintln(w, t.Compare().Unexplained())
	}
	return nil
}
