package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A fault is a mistake that someone could make in one expression of package auth. The
// comparison must find it, or else it compares too little.
type fault struct {
	name string
	file string
	code string // where it is, with the expression in « »
	made string // what stands there instead
}

// faultTrial is how many cases a fault must show in.
const faultTrial = 1000

// faultVariable names the fault that a faulty build makes.
const faultVariable = "JUDGE_FAULT"

var faults = []fault{
	{"a clock skew of one second more", "authenticator.go", "skew: «defaultClockSkew»,", "defaultClockSkew + time.Second"},
	{"one handshake more before it is a loop", "handshake.go", "if «c.redirects >= maxRedirects» {", "c.redirects > maxRedirects"},
	{"cookies of another instance take the plain names", "cookies.go", "if session != \"\" && !a.issues(plain) {\n\t\treturn «true»", "false"},
	{"tokens of other classes are not told apart", "token.go", "return «cat != \"\" && cat != categorySession && cat != categoryIgnore»", "cat == categoryM2M"},
	{"a token as old as the client's last change is too old", "cookie_flow.go", "«u.iat < c.uat»", "u.iat <= c.uat"},
	{"features of user and organization are only the user's", "permissions.go", "«append(org, value)», append(user, value)", "org"},
}

// choice is added to package auth in a faulty build.
const choice = `package auth

import "os"

func faulty[T any](name string, made, meant T) T {
	if os.Getenv("` + faultVariable + `") == name {
		return made
	}
	return meant
}
`

// overlay puts every fault into copies of the files of package auth in that folder,
// each behind its name, and gives the file that tells the compiler of the copies.
func overlay(auth, dir string) (string, error) {
	copies := map[string]string{"faulty.go": choice}
	for _, f := range faults {
		source, err := os.ReadFile(filepath.Join(auth, f.file))
		if err != nil {
			return "", err
		}
		before, rest, _ := strings.Cut(f.code, "«")
		meant, after, _ := strings.Cut(rest, "»")
		code := before + meant + after
		if n := strings.Count(string(source), code); n != 1 {
			return "", fmt.Errorf("auth/%s has the code %q %d times", f.file, code, n)
		}
		either := fmt.Sprintf("%sfaulty(%q, %s, %s)%s", before, f.name, f.made, meant, after)
		copies[f.file] = strings.Replace(string(source), code, either, 1)
	}
	replace := map[string]string{}
	for name, text := range copies {
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

// countFaults builds this program with the faults, has it judge the trial again and
// gives the number of differences that it finds: without a fault, and with each.
func (t *trial) countFaults() ([]int, error) {
	dir, err := os.MkdirTemp("", "judge")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	saved := filepath.Join(dir, "trial.json")
	if err := t.first(min(t.N, faultTrial)).save(saved); err != nil {
		return nil, err
	}
	program, err := buildFaulty(dir)
	if err != nil {
		return nil, err
	}
	command := exec.Command(program, "-replay", saved)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("judging: %w: %s", err, complaints.String())
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
		return nil, fmt.Errorf("%d of %d trials were judged", len(counts), len(faults)+1)
	}
	return counts, nil
}

// buildFaulty builds this program with the faults, in that folder.
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

// checkFaults tells of a fault that nothing shows, and of differences without a fault.
func checkFaults(counts []int) error {
	if counts[0] > 0 {
		return fmt.Errorf("there are %d differences without a fault", counts[0])
	}
	for i, f := range faults {
		if counts[i+1] == 0 {
			return fmt.Errorf("nothing shows that %s", f.name)
		}
	}
	return nil
}

// first gives a trial of the first n cases.
func (t *trial) first(n int) *trial {
	asked := 0
	for _, v := range t.verdicts[:n] {
		asked += len(v.Versions)
	}
	return &trial{Seed: t.Seed, N: n, Keys: t.Keys, Theirs: t.Theirs[:asked]}
}

// save keeps a trial for another process.
func (t *trial) save(path string) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// replay judges a saved trial without a fault and with each, and prints how many
// differences it finds. Only a faulty build finds any.
func replay(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	t := new(trial)
	if err := json.Unmarshal(text, t); err != nil {
		return err
	}
	t.make()
	for _, f := range append([]fault{{}}, faults...) {
		if err := os.Setenv(faultVariable, f.name); err != nil {
			return err
		}
		t.askOurs()
		fmt.Println(len(t.judge().findings))
	}
	return nil
}
