//go:build darwin || linux

package journal_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
)

// These variables make the test binary a process that writes to the journal at the path
// until it ends.
const (
	writerPath  = "JOURNAL_TEST_PATH"
	writerLimit = "JOURNAL_TEST_LIMIT" // largest size of a file
)

func TestMain(m *testing.M) {
	if path := os.Getenv(writerPath); path != "" {
		if err := writeOn(path, os.Getenv(writerLimit)); err != nil {
			fmt.Println(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeOn appends counting records from 16 writers, prints the number of each one that is
// acknowledged, and compacts as long as no limit is set.
func writeOn(path, limit string) error {
	j, err := journal.Open(path, format)
	if err != nil {
		return err
	}
	var kept []string
	if err := j.Replay(func(record []byte) error {
		kept = append(kept, string(record))
		return nil
	}); err != nil {
		return err
	}
	count := 0
	if len(kept) > 0 {
		if _, err := fmt.Sscan(strings.TrimPrefix(kept[len(kept)-1], "up to "), &count); err != nil {
			return err
		}
	}
	if limit != "" {
		signal.Ignore(syscall.SIGXFSZ)
		var size uint64
		if _, err := fmt.Sscan(limit, &size); err != nil {
			return err
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
			return err
		}
	}
	var order, printing sync.Mutex
	var writers sync.WaitGroup
	for writer := range 16 {
		writers.Go(func() {
			for {
				order.Lock()
				count++
				n := count
				wait := j.Append(fmt.Append(nil, n))
				if limit == "" && writer == 0 {
					j.Compact(adds(fmt.Sprint("up to ", n)))
				}
				order.Unlock()
				if wait() != nil {
					return
				}
				printing.Lock()
				fmt.Println("acknowledged", n)
				printing.Unlock()
			}
		})
	}
	writers.Wait()
	return j.Close()
}

// startWriter starts the process and returns what it prints.
func startWriter(t *testing.T, path, limit string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(executable)
	child.Env = append(os.Environ(), writerPath+"="+path, writerLimit+"="+limit)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewReader(stdout)
}

// acknowledged returns the highest number that the process printed, and other lines.
func acknowledged(t *testing.T, printed io.Reader) (highest int, rest string) {
	t.Helper()
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		n := 0
		if _, err := fmt.Sscanf(lines.Text(), "acknowledged %d", &n); err != nil {
			rest += lines.Text()
		}
		highest = max(highest, n)
	}
	return highest, rest
}

func TestAcknowledgedRecordsSurviveAKilledProcess(t *testing.T) {
	t.Parallel()
	rounds := 50
	if testing.Short() {
		rounds = 5
	}
	path := filepath.Join(t.TempDir(), "state")
	last := 0
	for round := range rounds {
		child, printed := startWriter(t, path, "")
		first, err := printed.ReadString('\n')
		if err != nil {
			t.Fatalf("round %d: the process printed %q, %v", round, first, err)
		}
		time.Sleep(time.Duration(rand.IntN(int(30 * time.Millisecond))))
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		highest, rest := acknowledged(t, io.MultiReader(strings.NewReader(first), printed))
		child.Wait()
		if rest != "" {
			t.Fatalf("round %d: the process printed %q", round, rest)
		}
		j := open(t, path)
		kept := upTo(t, replay(t, j))
		closeJournal(t, j)
		if kept < highest || kept < last {
			t.Fatalf("round %d: %d records are there, %d were acknowledged", round, kept, max(highest, last))
		}
		last = kept
	}
	t.Logf("%d records after %d rounds", last, rounds)
}

func TestAFullDiskEndsAcknowledgements(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	child, printed := startWriter(t, path, "5000")
	highest, rest := acknowledged(t, printed)
	child.Wait()
	if rest != path+": cannot be written: file too large" {
		t.Errorf("the process printed %q", rest)
	}
	j := open(t, path)
	if kept := upTo(t, replay(t, j)); highest == 0 || kept != highest {
		t.Errorf("%d records are there, %d were acknowledged", kept, highest)
	}
	appendAll(t, j, fmt.Sprint(highest+1))
	closeJournal(t, j)
	upTo(t, replay(t, open(t, path)))
}
