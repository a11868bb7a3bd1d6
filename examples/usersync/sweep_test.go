package main

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// lost is a copy of w whose last change no table knows of.
func lost(t *testing.T, w *world, change func()) *mirror {
	t.Helper()
	m := newMirror(t, w)
	backfill(t, m, 100)
	change()
	backfill(t, m, 100)
	return m
}

func TestSweepBuriesWhatTheAPIDoesNotHave(t *testing.T) {
	t.Parallel()
	w := populated(100)
	u, o := w.users.ids[3], w.orgs.ids[4]
	m := lost(t, w, func() { w.deleteUser(u); w.deleteOrganization(o) })
	var out bytes.Buffer
	if err := m.sweep(t.Context(), limits{100, 5}, &out); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, m, w)
	// Each of the two had a membership.
	if n := strings.Count(out.String(), "buried "); n != 4 || !strings.Contains(out.String(), u) || !strings.Contains(out.String(), o) {
		t.Errorf("the sweep says %q", out.String())
	}
}

// TestAbsenceFromAListAloneBuriesNothing has rows that no run saw, but the API has them.
func TestAbsenceFromAListAloneBuriesNothing(t *testing.T) {
	t.Parallel()
	w := populated(40)
	m := newMirror(t, w)
	backfill(t, m, 100)
	for _, table := range tables {
		mustExec(t, m, "UPDATE "+table.name+" SET seen_run = 0, version = 0, data = NULL WHERE id IN (SELECT id FROM "+table.name+" ORDER BY id LIMIT 2)")
	}
	if err := m.sweep(t.Context(), limits{100, 5}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, m, w) // what was asked for is repaired, too
}

func TestRowsThatAreNewerThanTheRunAreLeftAlone(t *testing.T) {
	t.Parallel()
	w := populated(10)
	m := newMirror(t, w)
	backfill(t, m, 100)
	mustExec(t, m, "UPDATE sync_runs SET started_at = '2020-01-01'")
	mustExec(t, m, "UPDATE clerk_users SET seen_run = 0")
	if err := m.sweep(t.Context(), limits{0, 0}, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

func TestSweepRefusesToEmptyATable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		gone    int // of 200 users
		limits  limits
		refused bool
	}{
		{"as many as the percentage", 10, limits{100, 5}, false},
		{"one more", 11, limits{100, 5}, true},
		{"as many as the number", 10, limits{10, 100}, false},
		{"one more than that", 11, limits{10, 100}, true},
		{"all", 200, limits{100, 5}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			for range 200 {
				w.addUser()
			}
			m := lost(t, w, func() {
				for range test.gone {
					w.deleteUser(w.users.ids[0])
				}
			})
			var out bytes.Buffer
			err := m.sweep(t.Context(), test.limits, &out)
			if refused := errors.As(err, new(refusal)); refused != test.refused {
				t.Errorf("the error is %v", err)
			}
			if n := strings.Count(out.String(), "user_"); n != test.gone {
				t.Errorf("%d users are named, want %d", n, test.gone)
			}
			want := test.gone
			if test.refused {
				want = 0
			}
			if n := value[int](t, m, "SELECT count(*) FROM clerk_users WHERE deleted_at IS NOT NULL"); n != want {
				t.Errorf("%d users are buried, want %d", n, want)
			}
		})
	}
}

func TestSweepNeedsACompleteRun(t *testing.T) {
	t.Parallel()
	w := populated(60)
	m := newMirror(t, w)
	interrupted(t, m, w, 2)
	if err := m.sweep(t.Context(), limits{1000, 100}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no backfill of users is complete") {
		t.Errorf("the error is %v", err)
	}
}

// TestAnotherInstancesKeyChangesNothing runs every command with the key of another instance,
// and sweep with one whose lists are empty, too.
func TestAnotherInstancesKeyChangesNothing(t *testing.T) {
	t.Parallel()
	w, other := populated(100), newWorld()
	database := newDatabase(t)
	m := openMirror(t, database, w)
	if err := m.checkInstance(t.Context()); err != nil {
		t.Fatal(err)
	}
	backfill(t, m, 100)
	status := func(args ...string) int {
		cmd := program(t, other, database, args...)
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			return exit.ExitCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		return 0
	}
	other.instance = "ins_2"
	for _, command := range []string{"serve", "backfill", "sweep", "status"} {
		if got := status(command); got != refused {
			t.Errorf("the exit status of %s is %d, want %d", command, got, refused)
		}
	}
	other.instance = w.instance
	if got := status("backfill"); got != 0 {
		t.Errorf("the exit status of backfill is %d", got)
	}
	if got := status("sweep"); got != refused {
		t.Errorf("the exit status of sweep with empty lists is %d, want %d", got, refused)
	}
	mustEqual(t, m, w)
}
