package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// process is a child process.
type process struct {
	*exec.Cmd
	lines  *bufio.Reader
	stderr bytes.Buffer // read only after the process has ended
}

func launch(ctx context.Context, env []string, program string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, program, args...)}
	p.Env, p.Stderr, p.WaitDelay = env, &p.stderr, time.Second
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.lines = bufio.NewReader(out)
	return p, p.Start()
}

// line reads the first line, and returns what follows a prefix.
func (p *process) line(prefix string) (string, error) {
	line, err := p.lines.ReadString('\n')
	after, found := strings.CutPrefix(strings.TrimSpace(line), prefix)
	if err != nil || !found {
		p.stop()
		return "", fmt.Errorf("%s printed %q: %s", p.Path, line, p.stderr.Bytes())
	}
	return after, nil
}

// end asks the process to end, and waits for it.
func (p *process) end() error {
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := p.Wait(); err != nil {
		return fmt.Errorf("%s ended with %w: %s", p.Path, err, p.stderr.Bytes())
	}
	return nil
}

// stop kills the process. It does nothing after end.
func (p *process) stop() {
	if p.ProcessState == nil {
		_ = p.Process.Kill() // it may have ended by itself
		_ = p.Wait()
	}
}
