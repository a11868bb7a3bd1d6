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

// faultVariable names the fault that is active in a build with faults.
const faultVariable = "JUDGE_FAULT"

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

// chooser is the file that a build with faults adds to package auth.
const chooser = `package auth

import "os"

func faulty[T any](name string, wrong, right T) T {
	if os.Getenv("` + faultVariable + `") == name {
		return wrong
	}
	return right
}
`

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
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/backend-sdk/clerk-go").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	changes, err := overlay(filepath.Join(strings.TrimSpace(string(root)), "auth"), dir)
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

// overlay writes copies of the sources in the folder auth to dir, with every fault
// in them, each active under its name alone. It returns the path of the overlay file
// for the compiler.
func overlay(auth, dir string) (string, error) {
	sources, err := readSources(auth)
	if err != nil {
		return "", err
	}
	changed := map[string]string{"faulty.go": chooser}
	for _, f := range faults {
		name, err := f.insert(sources)
		if err != nil {
			return "", err
		}
		changed[name] = sources[name]
	}
	replace := map[string]string{}
	for name, text := range changed {
		replace[filepath.Join(auth, name)] = filepath.Join(dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o644)
}

// readSources returns the sources of a package by file name, without its tests.
func readSources(dir string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	sources := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		sources[filepath.Base(path)] = string(text)
	}
	return sources, nil
}

// insert puts the fault into the source that has its code, and returns the name of
// that file. The code must occur exactly once.
func (f *fault) insert(sources map[string]string) (name string, err error) {
	before, rest, _ := strings.Cut(f.code, "«")
	right, after, _ := strings.Cut(rest, "»")
	code := before + right + after
	count := 0
	for file, text := range sources {
		if n := strings.Count(text, code); n > 0 {
			name, count = file, count+n
		}
	}
	if count != 1 {
		return "", fmt.Errorf("package auth has the code %q %d times, want once", code, count)
	}
	either := fmt.Sprintf("%sfaulty(%q, %s, %s)%s", before, f.name, f.wrong, right, after)
	sources[name] = strings.Replace(sources[name], code, either, 1)
	return name, nil
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
		if err := os.Setenv(faultVariable, f.name); err != nil {
			return err
		}
		t.runOurs()
		fmt.Fprintln(w, t.Compare().Unexplained())
	}
	return nil
}
