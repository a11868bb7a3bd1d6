package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// modes are all ways in which pgx sends a statement. The last two are usual behind a pooler.
var modes = []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"}

// logs is what a logger wrote, also from several goroutines.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newLogs() (*logs, webhooks.Option) {
	l := &logs{}
	return l, webhooks.WithLogger(slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

func TestEveryModeOfPgxWritesTheSameRows(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			u, o, gone := w.addUser(), w.addOrganization(), w.addUser()
			w.changeMember(w.addMember(o.ID, u.ID).ID)
			w.addMember(o.ID, gone.ID)
			w.deleteUser(gone.ID)
			m := openMirror(t, newDatabase(t)+"&default_query_exec_mode="+mode, w)
			m.private = true
			said, log := newLogs()
			to := endpoint(t, m, log)
			for _, message := range w.messages {
				if status := send(to, message.id, message.body); status != http.StatusNoContent {
					t.Errorf("%s is answered with %d", message.id, status)
				}
			}
			if strings.Contains(said.String(), "hunter2") {
				t.Errorf("private metadata is in the log: %s", said)
			}
			if secret := value[string](t, m, "SELECT coalesce(max(data->'private'->>'secret'), '') FROM clerk_users"); secret != "hunter2" {
				t.Errorf("private metadata is %q", secret)
			}
			m.private = false
			sendAll(t, to, w.messages...)
			mustEqual(t, m, w)
		})
	}
}

func TestEveryModeOfPgxFillsAndSweeps(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := populated(30)
			m := openMirror(t, newDatabase(t)+"&default_query_exec_mode="+mode, w)
			backfill(t, m, 7)
			mustEqual(t, m, w)
			w.deleteUser(w.users.ids[0])
			backfill(t, m, 7)
			var out bytes.Buffer
			if err := m.sweep(t.Context(), limits{1000, 100}, &out); err != nil || !strings.Contains(out.String(), "buried user_") {
				t.Errorf("the sweep ends with %v: %s", err, &out)
			}
			mustEqual(t, m, w)
			if err := m.tidy(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEveryModeOfPgxWritesTheUserOfAFirstRequest(t *testing.T) {
	t.Parallel()
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			p := newPageIn(t, newDatabase(t)+"&default_query_exec_mode="+mode)
			user := p.CreateUser(users.CreateUserParams{PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]int{"n": 1}))})
			if status, body := p.get(user.ID); status != http.StatusOK {
				t.Errorf("the answer is %d %s", status, body)
			}
		})
	}
}
