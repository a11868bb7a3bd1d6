package journal_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
)

// sample is a file whose frames have one record each.
type sample struct {
	content []byte
	records []string
	ends    []int // ends[n] is where n records end
}

func newSample(t testing.TB, records ...string) sample {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	s := sample{records: records, ends: []int{int(j.Size())}}
	for _, record := range records {
		appendAll(t, j, record)
		s.ends = append(s.ends, int(j.Size()))
	}
	closeJournal(t, j)
	s.content = content(t, path)
	return s
}

// whole returns how many records are whole in the first n bytes.
func (s sample) whole(n int) int {
	at, found := slices.BinarySearch(s.ends, n)
	if found {
		return at
	}
	return at - 1
}

func content(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantDropped checks that a damaged last frame is dropped and the journal goes on.
func wantDropped(t *testing.T, path string, damaged []byte, records []string, end int) {
	t.Helper()
	write(t, path, damaged)
	j, err := journal.Open(path, format)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(records, replay(t, j)); diff != "" {
		t.Fatalf("the records (-want +got):\n%s", diff)
	}
	if want := int64(len(damaged) - end); j.Dropped() != want {
		t.Fatalf("%d bytes were dropped, want %d", j.Dropped(), want)
	}
	appendAll(t, j, "more")
	closeJournal(t, j)
	wantRecords(t, path, append(slices.Clone(records), "more")...)
}

// wantRefused checks that a file is refused in one line and stays as it is.
func wantRefused(t *testing.T, path string, damaged []byte, want string) {
	t.Helper()
	write(t, path, damaged)
	j, err := journal.Open(path, format)
	if err == nil {
		j.Close()
		t.Fatal("the file is accepted")
	}
	if text := err.Error(); !strings.HasPrefix(text, path+": "+want) || strings.Contains(text, "\n") {
		t.Fatalf("the error is %q, want %q", text, want)
	}
	if !bytes.Equal(damaged, content(t, path)) {
		t.Fatal("the file was changed")
	}
}

func TestAFileThatIsCutOffAnywhere(t *testing.T) {
	t.Parallel()
	s := newSample(t, "one", "", strings.Repeat("three", 10))
	path := filepath.Join(t.TempDir(), "state")
	for n := range len(s.content) {
		switch whole := s.whole(n); {
		case n == 0:
			wantDropped(t, path, nil, nil, 0)
		case whole < 0:
			wantRefused(t, path, s.content[:n], "does not begin as a file of a journal of tests does")
		case whole == 0:
			wantDropped(t, path, s.content[:n], nil, s.ends[0])
		default:
			wantDropped(t, path, s.content[:n], s.records[:whole], s.ends[whole])
		}
	}
}

func TestALastRecordThatACrashLeftZero(t *testing.T) {
	t.Parallel()
	s := newSample(t, "one", "two", strings.Repeat("three", 20))
	path := filepath.Join(t.TempDir(), "state")
	for n := s.ends[2]; n < len(s.content); n++ {
		damaged := slices.Clone(s.content)
		clear(damaged[n:])
		wantDropped(t, path, damaged, s.records[:2], s.ends[2])
	}
	wantDropped(t, path, append(slices.Clone(s.content), make([]byte, 5000)...), s.records, len(s.content))
}

func TestASectorThatACrashLeftZero(t *testing.T) {
	t.Parallel()
	s := newSample(t, strings.Repeat("one", 1000), strings.Repeat("two", 1000))
	path := filepath.Join(t.TempDir(), "state")
	for begin := 0; begin < len(s.content); begin += 512 {
		end := min(begin+512, len(s.content))
		damaged := slices.Clone(s.content)
		switch {
		case begin >= s.ends[1]:
			clear(damaged[begin:end])
			wantDropped(t, path, damaged, s.records[:1], s.ends[1])
		case end > s.ends[1]: // the last frame begins here
			clear(damaged[s.ends[1]:end])
			wantDropped(t, path, damaged, s.records[:1], s.ends[1])
		case begin > 0:
			clear(damaged[begin:end])
			wantRefused(t, path, damaged, "is damaged at byte 21 of ")
		}
	}
	// The first frame is lost with its head, and the second one shows that it was on disk.
	damaged := slices.Clone(s.content)
	clear(damaged[s.ends[0]:512])
	wantRefused(t, path, damaged, "is damaged at byte 21 of ")
}

func TestEveryChangedBitIsFound(t *testing.T) {
	t.Parallel()
	s := newSample(t, "one", "", strings.Repeat("three", 10))
	path := filepath.Join(t.TempDir(), "state")
	for at := range s.content {
		for bit := range 8 {
			damaged := slices.Clone(s.content)
			damaged[at] ^= 1 << bit
			wantRefused(t, path, damaged, "")
		}
	}
}

func TestForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	s := newSample(t, "one", "two")
	path := filepath.Join(t.TempDir(), "state")
	foreign := "does not begin as a file of a journal of tests does"
	for content, want := range map[string]string{
		"\n":                       foreign,
		"\n" + string(s.content):   foreign,
		"{}":                       foreign,
		"{}\n":                     foreign,
		format:                     foreign,
		"a journal of tests 2\n":   `has version "2" of a journal of tests, version 1 is needed`,
		"a journal of tests 10\n":  `has version "10" of a journal of tests, version 1 is needed`,
		"a journal of tests 1 \n":  `has version "1 " of a journal of tests, version 1 is needed`,
		string(make([]byte, 1000)): foreign,
		format + "\nmore":          "is damaged at byte 21 of 25",
		format + "\n{\"a\": 1, \"b\": 2, \"c\": 3}\n": "is damaged at byte 21 of 46",
		string(s.content) + "x":                       "is damaged at byte 71 of 72",
		string(s.content) + string(s.content):         "is damaged at byte 71 of 142",
	} {
		wantRefused(t, path, []byte(content), want)
	}
}

func TestPathsThatAreNoFilesAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for path, want := range map[string]string{
		folder:                          "is a directory",
		os.DevNull:                      "is not a regular file",
		filepath.Join(folder, "a", "b"): "no such file or directory",
	} {
		if _, err := journal.Open(path, format); err == nil || err.Error() != path+": "+want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestAFileWithoutPermissionIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may open every file")
	}
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, []byte(format+"\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(path, format); err == nil || err.Error() != path+": permission denied" {
		t.Errorf("the error is %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	s := newSample(f, "one", "", strings.Repeat("three", 10))
	header := s.ends[0]
	f.Add(s.content[header:])
	f.Add(s.content[header : len(s.content)-5])
	f.Add(append(slices.Clone(s.content[header:]), 0, 0, 0))
	f.Add(binary.LittleEndian.AppendUint64([]byte("\xf5jra"), 1<<63))
	path := filepath.Join(f.TempDir(), "state")
	f.Fuzz(func(t *testing.T, frames []byte) {
		before := append(slices.Clone(s.content[:header]), frames...)
		write(t, path, before)
		j, err := journal.Open(path, format)
		if err != nil {
			if after := content(t, path); !bytes.Equal(before, after) {
				t.Fatal("a file that was refused was changed")
			}
			return
		}
		kept := replay(t, j)
		if after := content(t, path); !bytes.Equal(before[:j.Size()], after) || int64(len(before)) != j.Size()+j.Dropped() {
			t.Fatalf("%d bytes of %d are kept, and %d were dropped", len(after), len(before), j.Dropped())
		}
		appendAll(t, j, "more")
		closeJournal(t, j)
		wantRecords(t, path, append(kept, "more")...)
	})
}
