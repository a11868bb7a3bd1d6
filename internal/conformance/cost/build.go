package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// A bill is what one cold build took.
type bill struct {
	wall, cpu time.Duration
	memory    int64 // bytes of the largest process, which is a compiler or the linker
	binary    int64 // bytes
}

// build compiles the program and all that it needs, the standard library
// included, into a cache that begins empty and is removed again.
func (p *program) build(ctx context.Context, parallel int) (bill, error) {
	cache, err := os.MkdirTemp(filepath.Dir(p.dir), "cache-")
	if err != nil {
		return bill{}, err
	}
	defer os.RemoveAll(cache)

	command := goCommand(ctx, p.dir, "build", "-p", strconv.Itoa(parallel), "-o", p.binary(), ".")
	command.Env = append(command.Env, "GOCACHE="+cache, "CGO_ENABLED=0")
	began := time.Now()
	_, err = command.Output()
	wall := time.Since(began)
	if err != nil {
		return bill{}, failed(command.Args[1:], err)
	}
	made, err := os.Stat(p.binary())
	if err != nil {
		return bill{}, err
	}
	usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return bill{}, fmt.Errorf("no resource usage of a process on %s", runtime.GOOS)
	}
	return bill{
		wall:   wall,
		cpu:    command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
		memory: maximum(usage),
		binary: made.Size(),
	}, nil
}

// binary is where the program is built, named as no package of it is.
func (p *program) binary() string { return filepath.Join(p.dir, "program") }

// maximum is the largest resident set in bytes. Darwin counts bytes, the others
// KiB.
func maximum(usage *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// cheaper takes the lower of each figure: whatever else runs on the machine only
// adds to them.
func (b bill) cheaper(other bill) bill {
	return bill{min(b.wall, other.wall), min(b.cpu, other.cpu), min(b.memory, other.memory), min(b.binary, other.binary)}
}
