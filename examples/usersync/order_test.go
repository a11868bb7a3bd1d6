package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/webhooks"
)

var seeds = flag.Uint64("seeds", 20, "how many orders of deliveries are tried")

func TestTablesAreRightAfterAnyOrderAndRepetition(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		*seeds = min(*seeds, 2)
	}
	for seed := range *seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			w := newWorld()
			for len(w.messages) < 8000 {
				w.change(random)
			}
			m := newMirror(t, w)
			if err := deliverAll(endpoint(t, m), w.shuffled(random, 10_000-len(w.messages))); err != nil {
				t.Fatal(err)
			}
			mustEqual(t, m, w)
			if n := value[int](t, m, "SELECT count(*) - count(DISTINCT user_id) FROM outbox"); n != 0 {
				t.Errorf("%d users were welcomed twice", n)
			}
			if n := value[int](t, m, "SELECT count(*) FROM webhook_failures"); n != 0 {
				t.Errorf("%d deliveries count as failed", n)
			}
		})
	}
}

// deliverAll delivers messages from eight workers.
func deliverAll(to http.Handler, messages []message) error {
	var mu sync.Mutex
	var failures error
	var workers sync.WaitGroup
	queue := make(chan message)
	for range 8 {
		workers.Go(func() {
			for m := range queue {
				// Two transactions can lock each other out; the sender tries again.
				for attempt := 1; ; attempt++ {
					status := send(to, m.id, m.body)
					if status == http.StatusNoContent {
						break
					}
					if attempt == 3 {
						mu.Lock()
						failures = errors.Join(failures, fmt.Errorf("%s was answered with %d", m.id, status))
						mu.Unlock()
						break
					}
				}
			}
		})
	}
	for _, m := range messages {
		queue <- m
	}
	close(queue)
	workers.Wait()
	return failures
}

func TestEventTimesInSecondsMakeNoDifference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	w := newWorld()
	w.seconds, w.exact = true, true
	for len(w.messages) < 1000 {
		w.change(random)
	}
	m := newMirror(t, w)
	if err := deliverAll(endpoint(t, m), w.shuffled(random, 200)); err != nil {
		t.Fatal(err)
	}
	mustEqual(t, m, w)
}

// TestEachMutantIsFound changes the statements as a mistake would, and expects that what
// the other tests hold does not hold any more.
func TestEachMutantIsFound(t *testing.T) {
	t.Parallel()
	replaced := func(statements func(*mirror) map[*table]string, old, new string) func(*testing.T, *mirror) {
		return func(t *testing.T, m *mirror) {
			for table, statement := range statements(m) {
				if !strings.Contains(statement, old) {
					t.Fatalf("%q is not in %q", old, statement)
				}
				statements(m)[table] = strings.Replace(statement, old, new, 1)
			}
		}
	}
	upsert := func(m *mirror) map[*table]string { return m.upsert }
	bury := func(m *mirror) map[*table]string { return m.bury }
	for _, mutant := range []struct {
		name   string
		mutate func(*testing.T, *mirror)
		opts   []webhooks.Option
		right  bool
	}{
		{name: "none", mutate: func(*testing.T, *mirror) {}, right: true},
		{name: "guard removed", mutate: replaced(upsert, " WHERE "+guard, "")},
		{name: "versions not compared", mutate: replaced(upsert, "(row.version, row.event_at) <= (excluded.version, excluded.event_at)", "true")},
		{name: "event times not compared", mutate: replaced(upsert, "(row.version, row.event_at) <= (excluded.version, excluded.event_at)", "row.version <= excluded.version")},
		{name: "versions not compared, event times are", mutate: replaced(upsert, "(row.version, row.event_at) <= (excluded.version, excluded.event_at)", "row.event_at <= excluded.event_at")},
		{name: "equal versions refused", mutate: replaced(upsert, "<=", "<")},
		{name: "newer for older", mutate: replaced(upsert, "<=", ">=")},
		{name: "both have to be newer", mutate: replaced(upsert, "(row.version, row.event_at) <= (excluded.version, excluded.event_at)", "row.version <= excluded.version AND row.event_at <= excluded.event_at")},
		{name: "burial not honoured", mutate: replaced(upsert, "row.deleted_at IS NULL AND ", "")},
		{name: "row deleted and not buried", mutate: func(_ *testing.T, m *mirror) {
			for _, table := range tables {
				unused := "$2::bigint IS NOT NULL AND $3::bigint IS NOT NULL AND $4::text IS NOT NULL"
				if table == membershipTable {
					unused = "$2::bigint IS NOT NULL AND $3::bigint IS NOT NULL AND $4::text IS NOT NULL AND $5::text IS NOT NULL AND $6::text IS NOT NULL"
				}
				m.bury[table] = "DELETE FROM " + table.name + " WHERE id = $1 AND " + unused
			}
		}},
		{name: "row marked and not emptied", mutate: func(t *testing.T, m *mirror) {
			for _, table := range tables {
				replacedIn := strings.Replace(m.bury[table], assign(table.personal, "NULL")+", ", "", 1)
				if replacedIn == m.bury[table] {
					t.Fatal("nothing is emptied in", replacedIn)
				}
				m.bury[table] = replacedIn
			}
		}},
		{name: "burial only of what is older", mutate: func(_ *testing.T, m *mirror) {
			for _, table := range tables {
				m.bury[table] += " WHERE row.version <= excluded.version"
			}
		}},
		{name: "burial forgotten", mutate: replaced(bury, "coalesce(row.deleted_at, excluded.deleted_at)", "NULL")},
		{name: "state skipped by id", mutate: func(*testing.T, *mirror) {}, opts: []webhooks.Option{webhooks.WithDeduplicator(webhooks.Memory(10_000))}},
	} {
		t.Run(mutant.name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(7, 7))
			w := newWorld()
			for len(w.messages) < 700 {
				w.change(random)
			}
			m := newMirror(t, w)
			mutant.mutate(t, m)
			wrong, err := wrongAfter(t.Context(), m, w, endpoint(t, m, mutant.opts...), random)
			if err != nil {
				t.Fatal(err)
			}
			if mutant.right && len(wrong) > 0 {
				t.Errorf("without a change there are %d differences, such as %s", len(wrong), wrong[0])
			}
			if !mutant.right && len(wrong) == 0 {
				t.Error("the tables are right")
			}
		})
	}
}

// wrongAfter delivers messages in a random order, then further ones of which every seventh
// is lost and repairs what is missing, then damages every row by hand and delivers all
// messages again. It stops where the tables are wrong.
func wrongAfter(ctx context.Context, m *mirror, w *world, to http.Handler, random *rand.Rand) ([]string, error) {
	if err := deliverAll(to, w.shuffled(random, 100)); err != nil {
		return nil, err
	}
	if wrong, err := w.differences(ctx, m.pool); err != nil || len(wrong) > 0 {
		return wrong, err
	}
	delivered := len(w.messages)
	w.exact = true // a list cannot tell which of two states of the same version is newer
	for len(w.messages) < delivered+300 {
		w.change(random)
	}
	further := slices.DeleteFunc(slices.Clone(w.messages[delivered:]), func(m message) bool { return number(m.id)%7 == 0 })
	if err := deliverAll(to, further); err != nil {
		return nil, err
	}
	if err := m.backfill(ctx, 100, silent{}); err != nil {
		return nil, err
	}
	if err := m.sweep(ctx, limits{1000, 100}, io.Discard); err != nil {
		return nil, err
	}
	wrong, err := w.differences(ctx, m.pool)
	if err != nil || len(wrong) > 0 {
		return wrong, err
	}
	for _, t := range tables {
		if _, err := m.pool.Exec(ctx, "UPDATE "+t.name+" SET data = NULL WHERE deleted_at IS NULL"); err != nil {
			return nil, err
		}
	}
	for _, last := range w.messages { // in their order, the last one of each object is its state
		if status := send(to, last.id, last.body); status != http.StatusNoContent {
			return nil, fmt.Errorf("%s was answered with %d", last.id, status)
		}
	}
	return w.differences(ctx, m.pool)
}
