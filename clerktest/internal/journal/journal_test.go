package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
)

const format = "a journal of tests 1"

func open(t testing.TB, path string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(path, format)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func replay(t testing.TB, j *journal.Journal) []string {
	t.Helper()
	var records []string
	if err := j.Replay(func(record []byte) error {
		records = append(records, string(record))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return records
}

func appendAll(t testing.TB, j *journal.Journal, records ...string) {
	t.Helper()
	for _, record := range records {
		if err := j.Append([]byte(record))(); err != nil {
			t.Fatal(err)
		}
	}
}

func closeJournal(t testing.TB, j *journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// wantRecords opens the file and compares what is in it.
func wantRecords(t testing.TB, path string, want ...string) {
	t.Helper()
	j := open(t, path)
	if diff := cmp.Diff(want, replay(t, j)); diff != "" {
		t.Errorf("the records (-want +got):\n%s", diff)
	}
	closeJournal(t, j)
}

func TestRecordsAreThereAfterOpeningAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	if got := replay(t, j); len(got) != 0 || j.Dropped() != 0 {
		t.Errorf("a new file has the records %q", got)
	}
	appendAll(t, j, "one", "", strings.Repeat("three", 100_000))
	closeJournal(t, j)
	j = open(t, path)
	if diff := cmp.Diff([]string{"one", "", strings.Repeat("three", 100_000)}, replay(t, j)); diff != "" {
		t.Error(diff)
	}
	appendAll(t, j, "four")
	closeJournal(t, j)
	wantRecords(t, path, "one", "", strings.Repeat("three", 100_000), "four")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
}

func TestAnEmptyFileBeginsANewJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	j := open(t, path)
	appendAll(t, j, "one")
	closeJournal(t, j)
	wantRecords(t, path, "one")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
}

func TestAnErrorOfReplayNamesTheRecord(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	appendAll(t, j, "one", "two")
	closeJournal(t, j)
	j = open(t, path)
	failure := errors.New("is not a record of a user")
	err := j.Replay(func(record []byte) error {
		if string(record) == "two" {
			return failure
		}
		return nil
	})
	if !errors.Is(err, failure) || err.Error() != path+": record 2: is not a record of a user" {
		t.Errorf("the error is %v", err)
	}
}

func TestOneProcessHasTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	refused := func(when string) {
		t.Helper()
		if _, err := journal.Open(path, format); err == nil || err.Error() != path+": is in use by another process" {
			t.Errorf("%s a second opening returns %v", when, err)
		}
	}
	refused("while it is open")
	if err := j.Compact(func(add func([]byte) error) error { return add([]byte("one")) })(); err != nil {
		t.Fatal(err)
	}
	refused("after a compaction")
	closeJournal(t, j)
	wantRecords(t, path, "one")
}

func TestASymbolicLinkStays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	j := open(t, link)
	appendAll(t, j, "one")
	if err := j.Compact(func(add func([]byte) error) error { return add([]byte("two")) })(); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	wantRecords(t, target, "two")
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
}

func TestRecordsOfManyWritersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	var order sync.Mutex
	var want []string
	var writers sync.WaitGroup
	for writer := range 16 {
		writers.Go(func() {
			for n := range 50 {
				order.Lock()
				want = append(want, fmt.Sprintf("%d of writer %d", n, writer))
				wait := j.Append([]byte(want[len(want)-1]))
				order.Unlock()
				if err := wait(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	closeJournal(t, j)
	wantRecords(t, path, want...)
}

func TestCloseKeepsWhatNobodyWaitedFor(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	var want []string
	for n := range 100 {
		want = append(want, fmt.Sprint(n))
		j.Append([]byte(want[n]))
	}
	closeJournal(t, j)
	if err := j.Append([]byte("late"))(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("an append after Close returns %v", err)
	}
	if err := j.Compact(func(func([]byte) error) error { return nil })(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a compaction after Close returns %v", err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("a second Close returns %v", err)
	}
	wantRecords(t, path, want...)
}

func TestNothingIsAcknowledgedAfterAFailure(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left on device")
	for name, fail := range map[string]func(*journal.Journal){
		"write": func(j *journal.Journal) { j.FailWrites(full, nil) },
		"sync":  func(j *journal.Journal) { j.FailWrites(nil, full) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state")
			j := open(t, path)
			appendAll(t, j, "kept")
			fail(j)
			first, second := j.Append([]byte("lost")), j.Append([]byte("lost too"))
			for _, wait := range []func() error{first, second} {
				if err := wait(); !errors.Is(err, full) || err.Error() != path+": cannot be written: no space left on device" {
					t.Errorf("the error is %v", err)
				}
			}
			// The disk has room again, but what is on it is unknown.
			j.FailWrites(nil, nil)
			if err := j.Append([]byte("later"))(); !errors.Is(err, full) {
				t.Errorf("a later append returns %v", err)
			}
			if err := j.Compact(func(func([]byte) error) error { return nil })(); !errors.Is(err, full) {
				t.Errorf("a later compaction returns %v", err)
			}
			if err := j.Close(); !errors.Is(err, full) {
				t.Errorf("Close returns %v", err)
			}
			j = open(t, path)
			if got := replay(t, j); len(got) != 1 || got[0] != "kept" || j.Dropped() != 0 {
				t.Errorf("the records are %q", got)
			}
		})
	}
}

// BenchmarkAppend has 16 writers, each of which waits until its record is on disk.
func BenchmarkAppend(b *testing.B) {
	j := open(b, filepath.Join(b.TempDir(), "state"))
	record := make([]byte, 1000)
	turns := make(chan struct{})
	var writers sync.WaitGroup
	for range 16 {
		writers.Go(func() {
			for range turns {
				if err := j.Append(record)(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for b.Loop() {
		turns <- struct{}{}
	}
	close(turns)
	writers.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
