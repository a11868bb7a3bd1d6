package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed programs
var sources embed.FS

// A program is a main package below programs, in a module of its own.
type program struct {
	name   string
	source string // folder below programs
	sdk    string // the module that it uses, "" for none
	dir    string // of its own module

	sums   []string // modules in its go.sum, without the SDK
	linked []string // modules of its packages, without the SDK

	wall, cpu time.Duration // of the fastest cold build
	binary    int64         // bytes
}

const (
	ours      = "github.com/backend-sdk/clerk-go"
	published = "github.com/clerk/clerk-sdk-go/v2"
)

// programs returns the programs that are compared: the same three calls each.
func programs() []*program {
	return []*program{
		{name: "net/http, encoding/json", source: "plain"},
		{name: "clerk-go", source: "sdk", sdk: ours},
		{name: "clerk-sdk-go", source: "published", sdk: published},
	}
}

// prepare writes the program to a module below parent, as a user would write it, and
// lists the modules that it depends on. The SDK has the version that this module
// requires.
func (p *program) prepare(ctx context.Context, parent string) error {
	p.dir = filepath.Join(parent, p.source)
	source, err := sources.ReadFile("programs/" + p.source + "/main.go")
	if err != nil {
		return err
	}
	requirement, err := p.requirement(ctx)
	if err != nil {
		return err
	}
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"main.go": string(source),
		"go.mod":  "module example.com/service\n\ngo 1.26\n" + requirement,
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	if _, err := run(ctx, p.dir, "mod", "tidy"); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(p.dir, "go.sum"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listed, err := run(ctx, p.dir, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".")
	if err != nil {
		return err
	}
	p.sums, p.linked = p.modules(string(sums)), p.modules(listed)
	return nil
}

// requirement returns the lines of go.mod for the SDK.
func (p *program) requirement(ctx context.Context) (string, error) {
	if p.sdk == "" {
		return "", nil
	}
	found, err := run(ctx, ".", "list", "-m", "-f", "{{.Version}} {{with .Replace}}{{.Dir}}{{end}}", p.sdk)
	if err != nil {
		return "", err
	}
	version, dir, _ := strings.Cut(strings.TrimSpace(found), " ")
	if dir == "" {
		p.name += " " + version
		return fmt.Sprintf("\nrequire %s %s\n", p.sdk, version), nil
	}
	return fmt.Sprintf("\nrequire %s %s\n\nreplace %[1]s => %[3]s\n", p.sdk, version, dir), nil
}

// modules returns the distinct first words of the lines, sorted, without the SDK.
func (p *program) modules(lines string) []string {
	var found []string
	for line := range strings.Lines(lines) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != p.sdk {
			found = append(found, words[0])
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// buildCold builds the program with an empty cache below dir, and keeps the lowest
// times.
func (p *program) buildCold(ctx context.Context, dir string, parallel int) error {
	cache := filepath.Join(dir, "cache")
	defer os.RemoveAll(cache)
	command := goCommand(ctx, p.dir, "build", "-p", strconv.Itoa(parallel), "-o", p.executable(), ".")
	command.Env = append(command.Env, "GOCACHE="+cache, "CGO_ENABLED=0")
	began := time.Now()
	_, err := command.Output()
	wall := time.Since(began)
	if err != nil {
		return failed(command.Args[1:], err)
	}
	info, err := os.Stat(p.executable())
	if err != nil {
		return err
	}
	state := command.ProcessState
	p.wall, p.cpu, p.binary = lower(p.wall, wall), lower(p.cpu, state.UserTime()+state.SystemTime()), info.Size()
	return nil
}

// executable returns the path of the binary. No package of a program has that name.
func (p *program) executable() string { return filepath.Join(p.dir, "program") }

func run(ctx context.Context, dir string, args ...string) (string, error) {
	out, err := goCommand(ctx, dir, args...).Output()
	if err != nil {
		return "", failed(args, err)
	}
	return string(out), nil
}

// goCommand returns a go command that the developer's flags and workspace do not
// change, and that ends with its children when ctx is canceled.
func goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	return command
}

func failed(args []string, err error) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return fmt.Errorf("go %s: %w: %s", args[0], err, bytes.TrimSpace(exit.Stderr))
	}
	return fmt.Errorf("go %s: %w", args[0], err)
}
