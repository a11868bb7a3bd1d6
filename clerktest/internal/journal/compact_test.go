package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
)

func adds(records ...string) func(add func([]byte) error) error {
	return func(add func([]byte) error) error {
		for _, record := range records {
			if err := add([]byte(record)); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestRecordsOfACompactionFollowWhatItWrites(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	appendAll(t, j, "one", "two")
	inTime := j.Append([]byte("three"))
	started, proceed := make(chan struct{}), make(chan struct{})
	wait := j.Compact(func(add func([]byte) error) error {
		close(started)
		<-proceed
		return adds("one to three")(add)
	})
	early := j.Append([]byte("four"))
	<-started
	appendAll(t, j, "five", "six") // a compaction holds up nobody
	close(proceed)
	late := j.Append([]byte("seven"))
	for _, wait := range []func() error{inTime, early, wait, late} {
		if err := wait(); err != nil {
			t.Fatal(err)
		}
	}
	appendAll(t, j, "eight")
	closeJournal(t, j)
	wantRecords(t, path, "one to three", "four", "five", "six", "seven", "eight")
}

func TestManyCompactionsDuringAppends(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	var order sync.Mutex
	count := 0
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for n := range 50 {
				order.Lock()
				count++
				wait := j.Append(fmt.Append(nil, count))
				if n%10 == 0 {
					compacted := j.Compact(adds(fmt.Sprint("up to ", count)))
					writers.Go(func() { compacted() }) // an error where another one runs
				}
				order.Unlock()
				if err := wait(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	closeJournal(t, j)
	if got := upTo(t, replay(t, open(t, path))); got != 800 {
		t.Errorf("there are %d of 800 records", got)
	}
}

// upTo checks that the records count without a gap, from the first one, which may stand for
// many, and returns the last number.
func upTo(t testing.TB, records []string) (last int) {
	t.Helper()
	for n, record := range records {
		if n == 0 && strings.HasPrefix(record, "up to ") {
			if _, err := fmt.Sscanf(record, "up to %d", &last); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if last++; record != fmt.Sprint(last) {
			t.Fatalf("record %d is %q, want %d", n, record, last)
		}
	}
	return last
}

func TestNobodyOpensAFileThatIsBeingReplaced(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	const openers, times = 4, 20
	var running sync.WaitGroup
	for range openers {
		running.Go(func() {
			for n := 0; n < times; {
				j, err := journal.Open(path, format)
				if err != nil {
					if !strings.Contains(err.Error(), "in use") {
						t.Error(err)
						return
					}
					time.Sleep(100 * time.Microsecond)
					continue
				}
				next := fmt.Sprint(upTo(t, replay(t, j)) + 1)
				appendAll(t, j, next)
				if err := j.Compact(adds("up to " + next))(); err != nil {
					t.Error(err)
				}
				closeJournal(t, j)
				n++
			}
		})
	}
	running.Wait()
	if got := upTo(t, replay(t, open(t, path))); got != openers*times {
		t.Errorf("there are %d of %d records", got, openers*times)
	}
}

func TestACompactionThatFailsLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	appendAll(t, j, "one")
	failure := errors.New("a record cannot be encoded")
	err := j.Compact(func(add func([]byte) error) error { return errors.Join(add([]byte("half")), failure) })()
	if !errors.Is(err, failure) || err.Error() != path+": cannot be compacted: a record cannot be encoded" {
		t.Errorf("the error is %v", err)
	}
	appendAll(t, j, "two")
	if _, err := os.Stat(path + ".compacting"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished file: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(path+".compacting", "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := j.Compact(adds("half"))(); err == nil || err.Error() != path+": cannot be compacted: is a directory" {
		t.Errorf("the error is %v", err)
	}
	if err := os.RemoveAll(path + ".compacting"); err != nil {
		t.Fatal(err)
	}
	appendAll(t, j, "three")
	closeJournal(t, j)
	wantRecords(t, path, "one", "two", "three")
}

func TestOneCompactionAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	proceed := make(chan struct{})
	wait := j.Compact(func(add func([]byte) error) error {
		<-proceed
		return add([]byte("one"))
	})
	if err := j.Compact(adds("two"))(); err == nil || err.Error() != path+": is already being compacted" {
		t.Errorf("the error is %v", err)
	}
	close(proceed)
	if err := wait(); err != nil {
		t.Error(err)
	}
	if err := j.Compact(adds("three"))(); err != nil {
		t.Error(err)
	}
	closeJournal(t, j)
	wantRecords(t, path, "three")
}

func TestCloseWaitsForACompaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	synctest.Test(t, func(t *testing.T) {
		j := open(t, path)
		appendAll(t, j, "one")
		proceed, closed := make(chan struct{}), make(chan error, 1)
		j.Compact(func(add func([]byte) error) error {
			<-proceed
			return add([]byte("up to one"))
		})
		go func() { closed <- j.Close() }()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("Close returned during the compaction")
		default:
		}
		close(proceed)
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
	wantRecords(t, path, "up to one")
}

func TestWhatAnInterruptedCompactionLeftIsRemoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	appendAll(t, j, "one")
	closeJournal(t, j)
	write(t, path+".compacting", []byte(format+"\nhalf"))
	wantRecords(t, path, "one")
	if _, err := os.Stat(path + ".compacting"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the unfinished file: %v", err)
	}
}

func TestACompactionThatFailsIsNotWorthAnotherTryAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	megabytes := strings.Repeat("x", 5<<20)
	appendAll(t, j, megabytes)
	inTheWay := filepath.Join(path, "..", "state.compacting", "in the way")
	for name, fail := range map[string]func() error{
		"its records": func() error {
			return j.Compact(func(func([]byte) error) error { return errors.New("a record cannot be encoded") })()
		},
		"its file": func() error {
			if err := os.MkdirAll(inTheWay, 0o700); err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(filepath.Dir(inTheWay))
			return j.Compact(adds("one"))()
		},
	} {
		if !j.Grown() {
			t.Fatalf("%s: %d bytes are not worth a compaction", name, j.Size())
		}
		if err := fail(); err == nil || j.Grown() {
			t.Errorf("%s: after %v the compaction is tried again", name, err)
		}
		for size := j.Size(); j.Size() < 2*size+100; {
			appendAll(t, j, megabytes)
		}
	}
}

func TestGrownComparesWithTheLastCompaction(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	megabyte := strings.Repeat("x", 1<<20)
	grown := func(want bool) {
		t.Helper()
		if got := j.Grown(); got != want {
			t.Errorf("Grown returns %t for %d bytes", got, j.Size())
		}
		if info, err := os.Stat(path); err != nil || info.Size() != j.Size() {
			t.Errorf("the file has %d bytes, Size returns %d, %v", info.Size(), j.Size(), err)
		}
	}
	grown(false)
	appendAll(t, j, megabyte, megabyte, megabyte)
	grown(false)
	appendAll(t, j, megabyte)
	grown(true)
	closeJournal(t, j)
	j = open(t, path)
	grown(true)
	if err := j.Compact(adds(megabyte, megabyte, megabyte, megabyte, megabyte))(); err != nil {
		t.Fatal(err)
	}
	grown(false)
	closeJournal(t, j)
	j = open(t, path)
	appendAll(t, j, megabyte, megabyte, megabyte, megabyte, megabyte[:1<<19])
	grown(false)
	appendAll(t, j, megabyte)
	grown(true)
}

// TestAnotherFileInTheWayIsNotRemoved puts files where a compaction writes.
func TestAnotherFileInTheWayIsNotRemoved(t *testing.T) {
	t.Parallel()
	for content, leftover := range map[string]bool{"": true, format[:5]: true, format + "\nhalf": true, "{}": false, format + "0\n": false} {
		path := filepath.Join(t.TempDir(), "state")
		open(t, path).Close()
		if err := os.WriteFile(path+".compacting", []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(path, format)
		if err == nil {
			j.Close()
		}
		_, gone := os.Stat(path + ".compacting")
		if (err == nil) != leftover || (gone != nil) != leftover || err != nil && !strings.HasSuffix(err.Error(), ".compacting is another file") {
			t.Errorf("%q: %v, %v", content, err, gone)
		}
	}
}
