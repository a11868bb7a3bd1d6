package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/examples/internal/postgres"
)

// small is a demonstration that does not take long.
func small(t *testing.T) (*demonstration, *bytes.Buffer) {
	t.Helper()
	if !postgres.Installed() {
		t.Skip(postgres.ErrMissing)
	}
	program := filepath.Join(t.TempDir(), "usersync")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "..").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out := &bytes.Buffer{}
	return &demonstration{out: out, usersync: program, objects: 100, changes: 100}, out
}

func TestDemonstrationEndsByItself(t *testing.T) {
	d, out := small(t)
	if status := d.command(); status != 0 {
		t.Errorf("the exit status is %d", status)
	}
	for _, want := range []string{"each event twice and in no order", "killed once", "the tables equal the instance", "0 failed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if n := strings.Count(out.String(), " 0 rows differ"); n != 3 {
		t.Errorf("%d tables are equal in\n%s", n, out)
	}
}

func TestExitStatusIsOneWhenATableDiffers(t *testing.T) {
	d, out := small(t)
	for _, statement := range []string{
		"UPDATE clerk_users SET first_name = 'Eve' WHERE id = (SELECT min(id) FROM clerk_users WHERE deleted_at IS NULL)",
		"DELETE FROM clerk_organizations WHERE id = (SELECT min(id) FROM clerk_organizations WHERE deleted_at IS NULL)",
		"UPDATE clerk_memberships SET role = 'org:eve' WHERE id = (SELECT min(id) FROM members)",
		"INSERT INTO clerk_users (id, version) VALUES ('user_ghost', 1)",
	} {
		out.Reset()
		d.spoil = func(ctx context.Context, pool *pgxpool.Pool) error {
			tag, err := pool.Exec(ctx, statement)
			if err == nil && tag.RowsAffected() != 1 {
				err = errors.New("nothing was spoiled")
			}
			return err
		}
		if status := d.command(); status != 1 || !strings.Contains(out.String(), "rows differ") {
			t.Errorf("after %s the exit status is %d: %s", statement, status, out)
		}
		if n := strings.Count(out.String(), " 0 rows differ"); n == 3 {
			t.Errorf("after %s every table is said to be equal", statement)
		}
	}
}

func TestInterruptedDemonstrationLeavesNothingBehind(t *testing.T) {
	d, _ := small(t)
	folder, err := os.MkdirTemp("", "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL runs as another user
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", folder)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reached := false
	d.spoil = func(context.Context, *pgxpool.Pool) error {
		reached = true
		cancel()
		return nil
	}
	if err := d.run(ctx); !errors.Is(err, context.Canceled) || !reached {
		t.Errorf("the demonstration ended with %v", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
