package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	osexec "os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
)

// populated returns a world with n users, organizations and memberships each.
func populated(n int) *world {
	w := newWorld()
	for range n {
		w.addMember(w.addOrganization().ID, w.addUser().ID)
	}
	return w
}

func TestBackfillFillsEveryTable(t *testing.T) {
	t.Parallel()
	w := populated(250)
	m := newMirror(t, w)
	backfill(t, m, 100)
	mustEqual(t, m, w)
	if n := value[int](t, m, "SELECT count(*) FROM sync_runs WHERE finished_at IS NOT NULL AND done = 250 AND total = 250"); n != 3 {
		t.Errorf("%d runs are complete, want 3", n)
	}
	for _, table := range tables {
		if w.requests[table.list] > 4 { // one of them is for the total
			t.Errorf("%s took %d requests, want 3 pages", table.list, w.requests[table.list])
		}
	}
}

func TestBackfillRepairsWhatWebhooksMissed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.exact = true
	random := rand.New(rand.NewPCG(3, 3))
	for len(w.messages) < 500 {
		w.change(random)
	}
	m := newMirror(t, w)
	to := endpoint(t, m)
	for i, message := range w.messages {
		if i%2 == 0 {
			sendAll(t, to, message)
		}
	}
	backfill(t, m, 50)
	if err := m.sweep(t.Context(), limits{1000, 100}, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, m, w)
}

// interrupted runs a backfill that ends when the list of users is requested for the n-th time.
func interrupted(t *testing.T, m *mirror, w *world, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	w.hook(func(list string) {
		if list == "users" {
			if n--; n == 0 {
				cancel()
			}
		}
	})
	if err := m.backfill(ctx, 50, silent{}); !errors.Is(err, context.Canceled) {
		t.Fatal("the backfill was not interrupted", err)
	}
	w.hook(nil)
}

func TestBackfillGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	w := populated(200)
	m := newMirror(t, w)
	interrupted(t, m, w, 3)
	before := w.requests["users"]
	backfill(t, m, 50)
	mustEqual(t, m, w)
	if again := w.requests["users"] - before; again > 3 { // pages 3 and 4, and an empty one
		t.Errorf("%d pages were read again", again)
	}
	if n := value[int](t, m, "SELECT count(*) FROM sync_runs WHERE list = 'users'"); n != 1 {
		t.Errorf("there are %d runs, want the one that went on", n)
	}
}

func TestNobodyIsMissedWhenTheUserOfTheCursorIsDeleted(t *testing.T) {
	t.Parallel()
	t.Run("between two runs", func(t *testing.T) {
		t.Parallel()
		w := populated(200)
		m := newMirror(t, w)
		interrupted(t, m, w, 3)
		cursor := value[string](t, m, "SELECT cursor FROM sync_runs WHERE list = 'users'")
		w.deleteUser(cursor)
		sendAll(t, endpoint(t, m), w.messages[len(w.messages)-1])
		backfill(t, m, 50)
		mustEqual(t, m, w)
		if n := value[int](t, m, "SELECT count(*) FROM clerk_users"); n != 200 {
			t.Errorf("%d users have rows, want 200", n)
		}
	})
	t.Run("during a run, on each page", func(t *testing.T) {
		t.Parallel()
		w := populated(200)
		m := newMirror(t, w)
		last := ""
		w.hook(func(list string) {
			if list != "users" {
				return
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			if m.pool.QueryRow(t.Context(), "SELECT cursor FROM sync_runs WHERE list = 'users' AND cursor <> ''").Scan(&last) == nil && w.users.byID[last] != nil {
				w.deleteUser(last)
				if status := send(endpoint(t, m), w.messages[len(w.messages)-1].id, w.messages[len(w.messages)-1].body); status != 204 {
					t.Errorf("the deletion was answered with %d", status)
				}
			}
		})
		if err := m.backfillList(t.Context(), userTable, 50, silent{}); err != nil {
			t.Fatal(err)
		}
		w.hook(nil)
		for id := range w.users.byID {
			if !value[bool](t, m, "SELECT EXISTS (SELECT FROM clerk_users WHERE id = $1 AND deleted_at IS NULL)", id) {
				t.Errorf("%s has no row", id)
			}
		}
		if len(w.users.ids) == 200 {
			t.Error("nobody was deleted")
		}
	})
	t.Run("and the API is broken", func(t *testing.T) {
		t.Parallel()
		w := populated(100)
		m := newMirror(t, w)
		interrupted(t, m, w, 2)
		w.deleteUser(value[string](t, m, "SELECT cursor FROM sync_runs WHERE list = 'users'"))
		w.refused = true
		if err := m.backfill(t.Context(), 50, silent{}); !cursorGone(err) {
			t.Errorf("the error is %v, want that of the API", err)
		}
	})
}

func TestNothingIsMissedWhenAListChangesMeanwhile(t *testing.T) {
	t.Parallel()
	w := populated(300)
	m := newMirror(t, w)
	requests := map[string]int{}
	w.hook(func(list string) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if requests[list]++; requests[list] < 3 || requests[list] > 5 {
			return
		}
		switch list { // what is on the first page goes, so that everything moves
		case "organizations":
			for _, id := range w.orgs.ids[:20] {
				w.orgs.remove(id)
				w.emit("organization.deleted", api.DeletedObject{ID: id, Deleted: true})
			}
			w.addOrganization()
		case "memberships":
			for _, id := range w.members.ids[:20] {
				w.emit("organizationMembership.deleted", w.members.byID[id])
				w.members.remove(id)
			}
		}
	})
	backfill(t, m, 50)
	w.hook(nil)
	if len(w.orgs.ids) != 243 || len(w.members.ids) != 240 {
		t.Errorf("%d organizations and %d memberships are left, want 243 and 240", len(w.orgs.ids), len(w.members.ids))
	}
	for list, ids := range map[*table][]string{organizationTable: w.orgs.ids, membershipTable: w.members.ids} {
		if n := value[int](t, m, "SELECT count(*) FROM "+list.name+" WHERE id = ANY($1)", ids); n != len(ids) {
			t.Errorf("%d of %d %s have rows", n, len(ids), list.list)
		}
	}
}

// program is usersync as a process of its own.
func program(t *testing.T, w *world, database string, args ...string) *osexec.Cmd {
	t.Helper()
	server := httptest.NewServer(w.handlers())
	t.Cleanup(server.Close)
	cmd := osexec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DATABASE_URL="+database, "CLERK_SECRET_KEY=sk_test_example", "CLERK_API_URL="+server.URL,
		"CLERK_WEBHOOK_SIGNING_SECRET="+secret, "CLERK_PUBLISHABLE_KEY=pk_test_Y2xlcmsuZXhhbXBsZS5jb20k")
	cmd.Stdout, cmd.Stderr = &bytes.Buffer{}, &bytes.Buffer{}
	return cmd
}

func TestKilledBackfillGoesOn(t *testing.T) {
	t.Parallel()
	const kills, objects, page = 50, 1500, 10
	database := newDatabase(t)
	w := populated(objects)
	m := openMirror(t, database, w)
	random := rand.New(rand.NewPCG(9, 9))
	for killed := 0; killed < kills; {
		cmd := program(t, w, database, "backfill", "-page", fmt.Sprint(page))
		var left atomic.Int64
		left.Store(1 + random.Int64N(40))
		reached := make(chan struct{})
		w.hook(func(string) {
			if left.Add(-1) == 0 {
				close(reached)
			}
		})
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-reached: // a page is asked for; the next moments read and write it
			time.Sleep(time.Duration(random.IntN(8000)) * time.Microsecond)
			_ = cmd.Process.Kill() // it may have ended by itself
			if <-ended != nil {
				killed++
			}
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %s", err, cmd.Stderr)
			}
		}
	}
	w.hook(nil)
	cmd := program(t, w, database, "backfill", "-page", fmt.Sprint(page))
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, cmd.Stderr)
	}
	mustEqual(t, m, w)
	if n := value[int](t, m, "SELECT count(*) FROM sync_runs WHERE finished_at IS NULL"); n != 0 {
		t.Errorf("%d runs are not complete", n)
	}
	runs := value[int](t, m, "SELECT count(*) FROM sync_runs WHERE list = 'users'")
	if most := runs*(objects/page+1) + kills; w.requests["users"] > most {
		t.Errorf("%d pages of users were read in %d runs, want at most %d", w.requests["users"], runs, most)
	}
	t.Logf("%d runs, %d pages of users", runs, w.requests["users"])
}
