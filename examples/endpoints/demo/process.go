package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// A process is a child with its standard output read line by line and its
// standard error kept for the case that it fails.
type process struct {
	name    string
	command *exec.Cmd
	lines   chan string
	said    bytes.Buffer // only read after the child has ended
}

// launch starts a program that sees only the variables in env.
func launch(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p := &process{name: program, command: exec.CommandContext(ctx, program, args...), lines: make(chan string, 64)}
	p.command.Env = append([]string{}, env...) // nil would hand on those of this process
	p.command.Stderr = &p.said
	p.command.WaitDelay = time.Second
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			select {
			case p.lines <- scanner.Text():
			default: // nobody reads any more, and the child must not wait for it
			}
		}
	}()
	return p, nil
}

// expect reads lines until each prefix has been met, and returns those lines in
// the order of the prefixes.
func (p *process) expect(ctx context.Context, prefixes ...string) ([]string, error) {
	met := make([]string, len(prefixes))
	for missing := len(prefixes); missing > 0; {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.stop()
				return nil, fmt.Errorf("%s ended before it was ready: %s", p.name, bytes.TrimSpace(p.said.Bytes()))
			}
			for i, prefix := range prefixes {
				if met[i] == "" && strings.HasPrefix(line, prefix) {
					met[i] = line
					missing--
				}
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("%s did not get ready: %w", p.name, ctx.Err())
		}
	}
	return met, nil
}

// stop ends the child and waits for it.
func (p *process) stop() {
	_ = p.command.Process.Kill() // it may have ended by itself
	_ = p.command.Wait()
}
