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
	"strings"
	"time"
)

//go:embed programs
var sources embed.FS

// A program is the same three calls, made in one of the ways that are compared.
type program struct {
	name   string
	source string // below programs
	sdk    string // the module that it uses, "" for none
	dir    string // its own module
	sums   int    // modules in its go.sum, the SDK aside
	linked int    // modules with a package in it, the SDK aside
}

const (
	ours      = "github.com/backend-sdk/clerk-go"
	published = "github.com/clerk/clerk-sdk-go/v2"
)

func programs() []*program {
	return []*program{
		{name: "net/http, encoding/json", source: "plain"},
		{name: "clerk-go", source: "sdk", sdk: ours},
		{name: "clerk-sdk-go", source: "published", sdk: published},
	}
}

// prepare writes the program into a module below parent, as somebody would who
// uses the SDK in the version that this module requires.
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
	return p.count(ctx)
}

// requirement is what go.mod says of the SDK.
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

// count finds the modules that come with the SDK.
func (p *program) count(ctx context.Context) error {
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

// modules counts the distinct first words of the lines, the SDK aside.
func (p *program) modules(lines string) int {
	seen := map[string]bool{}
	for line := range strings.Lines(lines) {
		if words := strings.Fields(line); len(words) > 0 && words[0] != p.sdk {
			seen[words[0]] = true
		}
	}
	return len(seen)
}

func run(ctx context.Context, dir string, args ...string) (string, error) {
	command := goCommand(ctx, dir, args...)
	out, err := command.Output()
	if err != nil {
		return "", failed(args, err)
	}
	return string(out), nil
}

// goCommand is a go command that no flags or workspace of the developer's change,
// and that ends with its children when ctx does.
func goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	return command
}

func failed(args []string, err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("go %s: %w: %s", args[0], err, bytes.TrimSpace(exit.Stderr))
	}
	return fmt.Errorf("go %s: %w", args[0], err)
}
