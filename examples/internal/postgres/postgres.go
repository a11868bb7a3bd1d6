// Package postgres starts a PostgreSQL of its own in a temporary folder, for tests and
// demonstrations. It listens on a Unix socket in that folder and nowhere else.
package postgres

import (
	"bytes"
	"cmp"
	"context"
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

// ErrMissing reports that PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL is not installed (Debian: apt-get install postgresql)")

// Server is a running cluster.
type Server struct {
	folder, programs string
}

// Installed reports whether Start finds a PostgreSQL.
func Installed() bool {
	_, err := programs()
	return err == nil
}

// Start makes a cluster and returns when it accepts connections. Its settings lose data
// when the machine crashes, though not when the server does. The caller must call Stop.
func Start(ctx context.Context) (*Server, error) {
	programs, err := programs()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pg") // short, because a socket's path has a limit
	if err != nil {
		return nil, err
	}
	s := &Server{folder, programs}
	if os.Getuid() == 0 { // the server refuses to run as root
		err = run(ctx, "chown", "postgres", folder)
	}
	if err == nil {
		err = s.run(ctx, "initdb", "-A", "trust", "-U", "test", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C")
	}
	if err == nil {
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return s, nil
}

// programs returns the folder of the newest server's programs.
func programs() (string, error) {
	if found, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(found), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // where Debian has them
	if len(found) == 0 {
		return "", ErrMissing
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(version(a), version(b)) })), nil
}

func version(program string) float64 {
	v, _ := strconv.ParseFloat(filepath.Base(filepath.Dir(filepath.Dir(program))), 64) // 0 for other names
	return v
}

// URL is how a role connects to the database postgres. The role test, a superuser, exists.
func (s *Server) URL(role string) string {
	return fmt.Sprintf("postgres://%s@/postgres?host=%s", role, s.folder)
}

// Restart starts the server again after Kill.
func (s *Server) Restart(ctx context.Context) error {
	settings := "-c listen_addresses='' -c unix_socket_directories='" + s.folder + "' -c max_connections=200" +
		" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
	for wait := 10 * time.Millisecond; ; wait *= 2 {
		err := s.run(ctx, "pg_ctl", "-l", filepath.Join(s.folder, "log"), "-w", "-o", settings, "start")
		if err == nil || wait > 3*time.Second {
			return err
		}
		time.Sleep(wait) // processes of a killed server may not have ended yet
	}
}

// Kill ends the server as a crash would.
func (s *Server) Kill() error {
	text, err := os.ReadFile(filepath.Join(s.folder, "data", "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill() // the other processes end when they notice
}

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	err := s.run(context.Background(), "pg_ctl", "-m", "immediate", "-w", "stop")
	return errors.Join(err, os.RemoveAll(s.folder))
}

// run runs one of the server's programs, as another user than root.
func (s *Server) run(ctx context.Context, program string, args ...string) error {
	command := append([]string{filepath.Join(s.programs, program), "-D", filepath.Join(s.folder, "data")}, args...)
	if os.Getuid() == 0 {
		command = append([]string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"}, command...)
	}
	return run(ctx, command...)
}

func run(ctx context.Context, command ...string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = os.TempDir() // a folder that every user may enter
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(command[0]), err, bytes.TrimSpace(output))
	}
	return nil
}
