package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// built is the program, compiled in this module with the cache of the developer.
func built(t *testing.T, p *program) *program {
	t.Helper()
	p.dir = t.TempDir()
	if _, err := run(t.Context(), ".", "build", "-o", p.binary(), "./programs/"+p.source); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestProgramsDoTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		t.Run(p.source, func(t *testing.T) {
			t.Parallel()
			if err := built(t, p).prove(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestProofFindsAnIdleProgram replaces the program by one that calls nobody.
func TestProofFindsAnIdleProgram(t *testing.T) {
	t.Parallel()
	p := &program{source: "idle", dir: t.TempDir()}
	if err := os.WriteFile(p.binary(), []byte("#!/bin/sh\necho Augusta Ada active\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := p.prove(t.Context()); err == nil || !strings.Contains(err.Error(), "idle prints") {
		t.Errorf("prove: %v, want an error that names the program", err)
	}
}

func TestPrepareCountsModules(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		program *program
		linked  int
	}{
		{&program{source: "plain"}, 0},
		{&program{source: "sdk", sdk: ours}, 5}, // go-retryablehttp, oapi-codegen/runtime and what these need
	} {
		p := tc.program
		if err := p.prepare(t.Context(), t.TempDir()); err != nil {
			t.Fatal(err)
		}
		if p.linked != tc.linked || p.sums < p.linked {
			t.Errorf("%s: %d modules linked, want %d, and %d in go.sum", p.source, p.linked, tc.linked, p.sums)
		}
		if _, err := os.Stat(filepath.Join(p.dir, "main.go")); err != nil {
			t.Error(err)
		}
	}
}

func TestModulesLeaveOutTheSDK(t *testing.T) {
	t.Parallel()
	p := &program{sdk: published}
	lines := published + " v2.4.2 h1:a=\n" + published + " v2.4.2/go.mod h1:b=\nexample.com/a v1.0.0 h1:c=\nexample.com/a v1.0.0/go.mod h1:d=\nexample.com/b v1.0.0/go.mod h1:e=\n\n"
	if got := p.modules(lines); got != 2 {
		t.Errorf("%d modules, want 2", got)
	}
}

func TestTheLowerOfEachFigureCounts(t *testing.T) {
	t.Parallel()
	a := bill{cold: usage{1, 20, 3}, onTop: usage{40, 5, 60}, binary: 7}
	b := bill{cold: usage{10, 2, 30}, onTop: usage{4, 50, 6}, binary: 70}
	want := bill{cold: usage{1, 2, 3}, onTop: usage{4, 5, 6}, binary: 7}
	if got := a.cheaper(b); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTableIsBesideTheFirst(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := table(&out, []*program{{name: "floor"}, {name: "other", sums: 3, linked: 1}}, []bill{
		{cold: usage{2 * time.Second, 3 * time.Second, 64 << 20}, binary: 5 << 20},
		{cold: usage{4 * time.Second, 7 * time.Second, 96 << 20}, onTop: usage{1 * time.Second, 2 * time.Second, 32 << 20}, binary: 8 << 20},
	}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.Trim(out.String(), "\n"), "\n")
	want := []string{"other", "4.0", "s", "7.0", "s", "96", "MiB", "1.0", "s", "2.0", "s", "8.00", "MiB", "+3.00", "MiB", "3", "1"}
	if diff := cmp.Diff(want, strings.Fields(lines[len(lines)-1])); diff != "" {
		t.Errorf("last line (-want +got):\n%s", diff)
	}
	for _, line := range lines[1:] {
		if len(line) != len(lines[0]) {
			t.Errorf("not aligned:\n%s", out.String())
		}
	}
}
