package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// modes are all ways in which pgx sends a statement. The last two are usual behind a pooler.
var modes = []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"}

// inEachMode runs a test with a database of its own for each mode.
func inEachMode(t *testing.T, test func(t *testing.T, database string)) {
	t.Helper()
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			test(t, newDatabase(t)+"&default_query_exec_mode="+mode)
		})
	}
}

// logTo returns the logger of a receiver that writes everything to a buffer.
func logTo(b *bytes.Buffer) webhooks.Option {
	return webhooks.WithLogger(slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

func TestEveryModeOfPgxWritesTheSameRows(t *testing.T) {
	t.Parallel()
	inEachMode(t, func(t *testing.T, database string) {
		w := newWorld()
		u, o, gone := w.addUser(), w.addOrganization(), w.addUser()
		w.changeMember(w.addMember(o.ID, u.ID).ID)
		w.addMember(o.ID, gone.ID)
		w.deleteUser(gone.ID)
		m := openMirror(t, database, w)
		m.private = true
		var said bytes.Buffer
		to := endpoint(t, m, logTo(&said))
		for _, message := range w.messages {
			if status := send(to, message.id, message.body); status != http.StatusNoContent {
				t.Errorf("%s is answered with %d", message.id, status)
			}
		}
		if strings.Contains(said.String(), "hunter2") {
			t.Errorf("private metadata is in the log: %s", &said)
		}
		if secret := value[string](t, m, "SELECT coalesce(max(data->'private'->>'secret'), '') FROM clerk_users"); secret != "hunter2" {
			t.Errorf("private metadata is %q", secret)
		}
		m.private = false
		sendAll(t, to, w.messages...)
		mustEqual(t, m, w)
	})
}

func TestEveryModeOfPgxFillsAndSweeps(t *testing.T) {
	t.Parallel()
	inEachMode(t, func(t *testing.T, database string) {
		w := populated(30)
		m := openMirror(t, database, w)
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

func TestEveryModeOfPgxWritesTheUserOfAFirstRequest(t *testing.T) {
	t.Parallel()
	inEachMode(t, func(t *testing.T, database string) {
		p := newPageIn(t, database)
		user := p.CreateUser(users.CreateUserParams{PublicMetadata: clerk.Set(clerk.NewMetadata(map[string]int{"n": 1}))})
		if status, body := p.get(user.ID); status != http.StatusOK {
			t.Errorf("the answer is %d %s", status, body)
		}
	})
}

func TestErrorsOfTheDatabaseQuoteNoValues(t *testing.T) {
	t.Parallel()
	inEachMode(t, func(t *testing.T, database string) {
		w := newWorld()
		w.addUser()
		m := openMirror(t, database, w)
		m.private = true
		var said bytes.Buffer
		m.upsert[userTable] = strings.Replace(m.upsert[userTable], "::jsonb", "::text::bigint::text::jsonb", 1)
		if status := send(endpoint(t, m, logTo(&said)), w.messages[0].id, w.messages[0].body); status != http.StatusInternalServerError {
			t.Errorf("the answer is %d, want 500", status)
		}
		if text := said.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, "SQLSTATE 22P02") {
			t.Errorf("the log is %s", text)
		}
		unfit := m.user(w.users.all()[0], 0)
		unfit.personal[len(unfit.personal)-1] = map[string]any{"secret": "hunter2", "unfit": make(chan int)}
		if err := m.write(t.Context(), unfit); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestErrorsOfTheDatabaseStayRecognizable(t *testing.T) {
	t.Parallel()
	stopped := &pgconn.PgError{Severity: "FATAL", Code: "57P01", Message: "terminating connection"}
	for _, test := range []struct {
		err  error
		is   error
		says string
	}{
		{nil, nil, "<nil>"},
		{stopped, nil, "FATAL: terminating connection (SQLSTATE 57P01)"},
		{&pgconn.PgError{Severity: "ERROR", Code: "23505", Message: "hunter2", Detail: "hunter2"}, nil, "ERROR: the database refuses a statement (SQLSTATE 23505)"},
		{&pgconn.PgError{Severity: "ERROR"}, nil, "ERROR: the database refuses a statement (SQLSTATE )"},
		{fmt.Errorf("waiting: %w", context.DeadlineExceeded), context.DeadlineExceeded, "waiting: context deadline exceeded"},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), io.ErrUnexpectedEOF, "reading: unexpected EOF"},
		{errors.New("failed to encode hunter2"), errUnsent, errUnsent.Error()},
	} {
		got := discreet(test.err)
		if fmt.Sprint(got) != test.says || test.is != nil && !errors.Is(got, test.is) {
			t.Errorf("%v becomes %v, want %s", test.err, got, test.says)
		}
		if refused := new(pgconn.PgError); errors.As(got, &refused) && refused.Detail != "" {
			t.Errorf("the detail is %q", refused.Detail)
		}
	}
}
