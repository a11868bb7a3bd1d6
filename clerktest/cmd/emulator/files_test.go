package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// refusal returns the error of a run that must not begin to serve.
func refusal(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var stdout, stderr bytes.Buffer
	err := run(ctx, append(args, "-addr", "127.0.0.1:0", "-quiet"), &stdout, &stderr)
	if err == nil || strings.Contains(err.Error(), "\n") || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("%v: %v, standard output %q, standard error %q", args, err, stdout.String(), stderr.String())
		return ""
	}
	return err.Error()
}

func TestRefusedWebhooks(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-webhook-speed must be at least 1": {"-webhook-speed", "0"},
		"must be at least 1":                {"-webhook", "http://127.0.0.1/hooks", "-webhook-speed=-5"},
		"invalid value":                     {"-webhook-speed", "NaN"},
		"a user or a password":              {"-webhook", "http://ada:s3cret@127.0.0.1/hooks"},
		"loopback":                          {"-webhook", "http://ada:s3cret@example.com/hooks"},
		"URL":                               {"-webhook", "http://ada:s3cret@127.0.0.1:port/hooks"},
	} {
		if got := refusal(t, args...); !strings.Contains(got, want) || strings.Contains(got, "s3cret") {
			t.Errorf("%v: %s", args, got)
		}
	}
}

func TestOneFileHasOneUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, link, dangling := filepath.Join(dir, "state"), filepath.Join(dir, "link"), filepath.Join(dir, "dangling")
	_, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet", "-persist", state)
	stop()
	before, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "folder")
	for from, to := range map[string]string{link: state, dangling: filepath.Join(dir, "later"), elsewhere: dir} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip(err)
		}
	}
	working, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(working, state)
	if err != nil {
		t.Fatal(err)
	}
	for _, files := range [][2]string{
		{state, state}, {state, link}, {link, state}, {state, relative}, {state, filepath.Join(elsewhere, "state")},
		{filepath.Join(dir, "new"), filepath.Join(elsewhere, "new")}, {dangling, filepath.Join(dir, "later")},
	} {
		if got := refusal(t, "-persist", files[0], "-export", files[1]); !strings.Contains(got, "-persist and -export are the same file") {
			t.Errorf("%v: %s", files, got)
		}
		if got := refusal(t, "-persist", files[0], "-seed", files[1]); !strings.Contains(got, "-persist and -seed are the same file") {
			t.Errorf("%v: %s", files, got)
		}
	}
	if after, err := os.ReadFile(state); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed, %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("a file was made")
	}
	_, stop = startEmulator(t, "-addr", "127.0.0.1:0", "-quiet", "-persist", state, "-export", filepath.Join(elsewhere, "export"))
	stop()
}

// TestARefusedStartLeavesThePersistedFile checks that flags, the address and the seed are
// looked at before the file, which would keep what a refused start began with.
func TestARefusedStartLeavesThePersistedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state, fresh, bad := filepath.Join(dir, "state"), filepath.Join(dir, "fresh"), filepath.Join(dir, "bad.json")
	_, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet", "-persist", state)
	stop()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if err := os.WriteFile(bad, []byte(`{"x": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{state + ".compacting", fresh + ".compacting"} {
		if err := os.WriteFile(path, []byte(`{}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.Stat(state)
	if err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"a user or a password":          {"-webhook", "http://u:pw@127.0.0.1:1/x"},
		"not on the loopback interface": {"-addr", "0.0.0.0:80"},
		"address already in use":        {"-addr", taken.Addr().String()},
		"x is unknown":                  {"-seed", bad},
		".compacting is another file":   {"-seed", "COMPACTING"},
		"compacting is another file":    {"-export", "COMPACTING"},
		"a secret key follows":          {"sk_test_s3cret"},
	} {
		for _, path := range []string{state, fresh} {
			args := append([]string{"-persist", path}, args...)
			if args[len(args)-1] == "COMPACTING" {
				args[len(args)-1] = path + ".compacting"
			}
			var stdout, stderr bytes.Buffer
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			err := run(ctx, append([]string{"-addr", "127.0.0.1:0", "-quiet"}, args...), &stdout, &stderr)
			cancel()
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") || stdout.Len()+stderr.Len() > 0 {
				t.Errorf("%v: %v, %s%s", args, err, stdout.String(), stderr.String())
			}
		}
	}
	if after, err := os.Stat(state); err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("the file has changed, %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 4 {
		t.Errorf("the folder has %v, %v", left, err)
	}
	if _, err := os.Stat(fresh); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was begun: %v", err)
	}
}

func TestAnExportFollowsALink(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	target, link := filepath.Join(other, "target.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	_, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet", "-export", link)
	stop()
	if _, err := clerktest.ReadSeed(target); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
}

func TestAnExportMayReplaceTheSeed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.json")
	if err := os.WriteFile(path, []byte(`{"users": [{"id": "user_mine"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-seed", path, "-export", path)
		stop()
	}
	if seed, err := clerktest.ReadSeed(path); err != nil || len(seed.Users) != 1 || seed.SecretKey == "" {
		t.Errorf("the seed has %d users, %v", len(seed.Users), err)
	}
}

func TestOnlyTheOwnerReadsAnExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "export.json")
	for _, name := range []string{path, path + ".new"} {
		if err := os.WriteFile(name, []byte("old"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, stop := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet", "-export", path)
	stop()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the export has the mode %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("the folder has %v, %v", left, err)
	}
}

func TestAnExportThatCannotBeWrittenIsRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "not", "x.json"): "no such file or directory",
		dir:                                 "is not a regular file",
	} {
		if got := refusal(t, "-export", path); !strings.HasPrefix(got, "export: "+path) || !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
}
