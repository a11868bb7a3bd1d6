package description

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLockRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := Lock{
		Source:   Source{Version: "2026-05-12", SHA256: "0e1", Facts: "ab", Ruled: []string{"schema Book > .due_at", `GET /books > "query"`}},
		Webhooks: Source{Version: "2025-04-15", SHA256: "1f2", Facts: "cd", Ruled: []string{"schema Loan > .due_at"}},
	}
	if err := os.WriteFile(filepath.Join(dir, LockFile), want.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := ReadLock(dir)
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("ReadLock = %+v, %v, want %+v", got, err, want)
	}
}
