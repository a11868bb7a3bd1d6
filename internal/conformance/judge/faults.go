package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// A fault is a mistake that someone could make in one line of package auth. The
// comparison must find it, or else it compares too little.
type fault struct {
	name, file, line, instead string
}

// faultTrial is how many cases a fault must show in.
const faultTrial = 3000

var faults = []fault{
	{"a clock skew of one second more", "authenticator.go", "const defaultClockSkew = 5 * time.Second", "const defaultClockSkew = 6 * time.Second"},
	{"one handshake more before it is a loop", "handshake.go", "const maxRedirects = 3", "const maxRedirects = 4"},
	{"cookies of another instance take the plain names", "suffix.go", "if session != \"\" && !a.issues(plain) {\n\t\treturn true", "if session != \"\" && !a.issues(plain) {\n\t\treturn false"},
	{"tokens of other classes are not told apart", "token.go", "return cat != \"\" && cat != categorySession && cat != categoryIgnore", "return cat == categoryM2M"},
	{"a token as old as the client's last change is too old", "cookieflow.go", "u.iat < c.uat", "u.iat <= c.uat"},
	{"features of user and organization are only the user's", "organization.go", "case \"ou\", \"uo\":", "case \"ou\":"},
}

// caught builds this program with the fault in package auth, has it judge the
// trial again and gives the number of differences that it finds.
func (f *fault) caught(dir string, trial string) (int, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/backend-sdk/clerk-go").Output()
	if err != nil {
		return 0, fmt.Errorf("finding the module: %w", err)
	}
	path := filepath.Join(strings.TrimSpace(string(root)), "auth", f.file)
	source, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	if n := strings.Count(string(source), f.line); n != 1 {
		return 0, fmt.Errorf("auth/%s has the line %q %d times", f.file, f.line, n)
	}
	faulty := filepath.Join(dir, f.file)
	changed := strings.Replace(string(source), f.line, f.instead, 1)
	if err := os.WriteFile(faulty, []byte(changed), 0o644); err != nil {
		return 0, err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{path: faulty}})
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), overlay, 0o644); err != nil {
		return 0, err
	}
	program := filepath.Join(dir, "judge")
	build := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", program, "github.com/backend-sdk/clerk-go/internal/conformance/judge")
	if output, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("building: %w: %s", err, output)
	}
	output, err := exec.Command(program, "-replay", trial).Output()
	if err != nil {
		return 0, fmt.Errorf("judging: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(string(output)))
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

// replay judges a saved trial again and prints how many differences it finds.
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
	t.askOurs()
	fmt.Println(len(t.judge().findings))
	return nil
}
