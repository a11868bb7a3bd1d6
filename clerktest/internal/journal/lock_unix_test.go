//go:build unix

package journal_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A child process has the descriptors of its parent between fork and exec.
func TestTheLockEndsWithCloseThoughAChildHasTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	j := open(t, path)
	appendAll(t, j, "one")
	child, err := syscall.Dup(int(j.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(child)
	closeJournal(t, j)
	wantRecords(t, path, "one")
}
