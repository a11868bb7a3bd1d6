package main

import (
	"os"
	"strings"
	"testing"
)

// TestProgramsDoTheSame builds the programs in this module, with the cache of the
// developer.
func TestProgramsDoTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range programs() {
		t.Run(p.source, func(t *testing.T) {
			t.Parallel()
			p.dir = t.TempDir()
			if _, err := run(t.Context(), ".", "build", "-o", p.executable(), "./programs/"+p.source); err != nil {
				t.Fatal(err)
			}
			if err := p.prove(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestProveFindsAnIdleProgram runs a program that makes no call.
func TestProveFindsAnIdleProgram(t *testing.T) {
	t.Parallel()
	p := &program{source: "idle", dir: t.TempDir()}
	if err := os.WriteFile(p.executable(), []byte("#!/bin/sh\necho Augusta Ada active\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := p.prove(t.Context()); err == nil || !strings.Contains(err.Error(), "idle prints") {
		t.Errorf("prove: %v, want an error that names the program", err)
	}
}
