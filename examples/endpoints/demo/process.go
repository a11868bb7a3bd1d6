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

// A process is a child process. Its standard output is read line by line, and its
// standard error is kept for an error message.
type process struct {
	name    string
	command *exec.Cmd
	lines   chan string
	stderr  bytes.Buffer // read only after the process has ended
}

// launch starts a program with the variables in env and no others.
func launch(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p := &process{name: program, command: exec.CommandContext(ctx, program, args...), lines: make(chan string, 64)}
	p.command.Env = append([]string{}, env...) // nil would pass on those of this process
	p.command.Stderr = &p.stderr
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
			default: // expect has returned, and the child must not block
			}
		}
	}()
	return p, nil
}

// expect reads lines until it has found one for each prefix, and returns them in the
// order of the prefixes.
func (p *process) expect(ctx context.Context, prefixes ...string) ([]string, error) {
	found := make([]string, len(prefixes))
	for missing := len(prefixes); missing > 0; {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.stop()
				return nil, fmt.Errorf("%s ended before it was ready: %s", p.name, bytes.TrimSpace(p.stderr.Bytes()))
			}
			for i, prefix := range prefixes {
				if found[i] == "" && strings.HasPrefix(line, prefix) {
					found[i] = line
					missing--
				}
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("%s was not ready in time: %w", p.name, ctx.Err())
		}
	}
	return found, nil
}

// stop kills the process and waits until it has ended.
func (p *process) stop() {
	_ = p.command.Process.Kill() // fails if the process has ended by itself
	_ = p.command.Wait()
}
