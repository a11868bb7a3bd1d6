package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// A bill is what a program costs to build.
type bill struct {
	cold   usage // with an empty cache: the standard library is compiled as well
	onTop  usage // with what the first program needs in the cache
	binary int64 // bytes
}

// usage is what the go command and its children took.
type usage struct {
	wall, cpu time.Duration
	memory    int64 // bytes of the largest process, which is a compiler or the linker
}

// build compiles the program with this cache.
func (p *program) build(ctx context.Context, cache string, parallel int) (usage, error) {
	command := goCommand(ctx, p.dir, "build", "-p", strconv.Itoa(parallel), "-o", p.binary(), ".")
	command.Env = append(command.Env, "GOCACHE="+cache, "CGO_ENABLED=0")
	began := time.Now()
	_, err := command.Output()
	wall := time.Since(began)
	if err != nil {
		return usage{}, failed(command.Args[1:], err)
	}
	spent, ok := command.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return usage{}, errors.New("no resource usage of a process on " + runtime.GOOS)
	}
	return usage{wall, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), maximum(spent)}, nil
}

// binary is where the program is built, named as no package of it is.
func (p *program) binary() string { return filepath.Join(p.dir, "program") }

// maximum is the largest resident set in bytes. Darwin counts bytes, the others
// KiB.
func maximum(spent *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return spent.Maxrss
	}
	return spent.Maxrss << 10
}

// bills builds every program in turn and runs it. The first one's cache is what
// the others are then built on top of.
func bills(ctx context.Context, all []*program, dir string, parallel int, limit time.Duration) ([]bill, error) {
	first := filepath.Join(dir, "first")
	defer os.RemoveAll(first)
	made := make([]bill, len(all))
	for n, p := range all {
		cache := filepath.Join(dir, "cache")
		if n == 0 {
			cache = first
		}
		var err error
		if made[n].cold, err = p.bounded(ctx, cache, parallel, limit); err != nil {
			return nil, err
		}
		if err := p.prove(ctx); err != nil {
			return nil, err
		}
		info, err := os.Stat(p.binary())
		if err != nil {
			return nil, err
		}
		made[n].binary = info.Size()
		if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
			return nil, err
		}
	}
	for n, p := range all {
		cache := filepath.Join(dir, "cache")
		if err := os.CopyFS(cache, os.DirFS(first)); err != nil {
			return nil, err
		}
		var err error
		if made[n].onTop, err = p.bounded(ctx, cache, parallel, limit); err != nil {
			return nil, err
		}
		if err := os.RemoveAll(cache); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (p *program) bounded(ctx context.Context, cache string, parallel int, limit time.Duration) (usage, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return p.build(ctx, cache, parallel)
}

// cheaper takes the lower of each figure: whatever else runs on the machine only
// adds to them.
func (b bill) cheaper(other bill) bill {
	return bill{b.cold.cheaper(other.cold), b.onTop.cheaper(other.onTop), min(b.binary, other.binary)}
}

func (u usage) cheaper(other usage) usage {
	return usage{min(u.wall, other.wall), min(u.cpu, other.cpu), min(u.memory, other.memory)}
}
