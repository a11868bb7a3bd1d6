package main

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

func TestStatusSaysHowFarTheTablesAreBehind(t *testing.T) {
	t.Parallel()
	w := newWorld()
	m := newMirror(t, w)
	report := func(now time.Time) string {
		t.Helper()
		var out bytes.Buffer
		if err := m.status(t.Context(), now, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	want := "users          0 rows  0 buried\norganizations  0 rows  0 buried\nmemberships    0 rows  0 buried\nlag            no event yet\ndeliveries     0 failed\n"
	if got := report(time.Now()); got != want {
		t.Errorf("the status is\n%s", got)
	}
	u, gone, o := w.addUser(), w.addUser(), w.addOrganization()
	w.addMember(o.ID, u.ID)
	w.deleteUser(gone.ID)
	sendAll(t, endpoint(t, m), w.messages...)
	send(endpoint(t, m), "msg_x", `{"type":"user.updated","data":{}}`)
	got := report(time.UnixMilli(w.now).Add(90 * time.Second))
	want = "users          1 rows  1 buried\norganizations  1 rows  0 buried\nmemberships    1 rows  0 buried\nlag            1m30s   since the newest event\ndeliveries     1 failed\n"
	if got != want {
		t.Errorf("the status is\n%s", got)
	}
}

func TestServiceHandlesWhatHasBegunWhenItIsStopped(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		w := newWorld()
		w.addUser()
		database := newDatabase(t)
		m := openMirror(t, database, w)
		cmd := program(t, w, database, "serve", "-addr", "127.0.0.1:0")
		cmd.Stdout = nil
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		address, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
		if err != nil || !found {
			t.Fatalf("%v %q: %s", err, line, cmd.Stderr)
		}
		lock, err := m.pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lock.Exec(t.Context(), "INSERT INTO clerk_users (id, version) VALUES ($1, 0)", w.users.ids[0]); err != nil {
			t.Fatal(err)
		}
		answer := make(chan int)
		go func() {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/webhooks", strings.NewReader(w.messages[0].body))
			r.Header, _ = webhooks.Sign(secret, w.messages[0].id, time.Now(), []byte(w.messages[0].body))
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				answer <- 0
				return
			}
			response.Body.Close()
			answer <- response.StatusCode
		}()
		waitForLock(t, m)
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := lock.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if status := <-answer; status != http.StatusNoContent {
			t.Errorf("after %v the delivery that had begun was answered with %d", signal, status)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after %v the service ended with %v: %s", signal, err, cmd.Stderr)
		}
		mustEqual(t, m, w)
	}
}

func TestInterruptedBackfillSaysThatItCanGoOn(t *testing.T) {
	t.Parallel()
	w := populated(500)
	reached := make(chan struct{})
	var once sync.Once
	w.hook(func(string) {
		once.Do(func() { close(reached) })
		time.Sleep(20 * time.Millisecond)
	})
	database := newDatabase(t)
	cmd := program(t, w, database, "backfill", "-page", "10")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("the backfill ended with %v", err)
	}
	if said := cmd.Stderr.(*bytes.Buffer).String(); !strings.Contains(said, "start it again to go on") {
		t.Errorf("the backfill says %q", said)
	}
	w.hook(nil)
	if err := program(t, w, database, "backfill").Run(); err != nil {
		t.Error(err)
	}
	mustEqual(t, openMirror(t, database, w), w)
}

func TestWrongSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ unset, command, says string }{
		{"", "", "usage"},
		{"", "fly", `unknown command "fly"`},
		{"DATABASE_URL", "status", "DATABASE_URL is not set"},
		{"CLERK_SECRET_KEY", "status", "CLERK_SECRET_KEY"},
		{"CLERK_WEBHOOK_SIGNING_SECRET", "serve", "CLERK_WEBHOOK_SIGNING_SECRET"},
		{"CLERK_PUBLISHABLE_KEY", "serve", "CLERK_PUBLISHABLE_KEY"},
	} {
		cmd := program(t, newWorld(), newDatabase(t), strings.Fields(test.command)...)
		if test.unset != "" {
			cmd.Env = append(cmd.Env, test.unset+"=")
		}
		err := cmd.Run()
		if said := cmd.Stderr.(*bytes.Buffer).String(); err == nil || !strings.Contains(said, test.says) {
			t.Errorf("%s without %s ends with %v and %q", test.command, test.unset, err, said)
		}
	}
}

func TestWrongCommandLinesAreRefusedBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ args, says string }{
		{"fly", `unknown command "fly"`},
		{"fly -h", `unknown command "fly"`},
		{"-page 5", `unknown command "-page"`},
		{"sweep foo -max-deletes 1", `sweep takes no argument, and has "foo"`},
		{"backfill now", `backfill takes no argument, and has "now"`},
		{"serve -private true", `serve takes no argument, and has "true"`},
		{"status -- x", `status takes no argument, and has "x"`},
		{"sweep -max-percent NaN", "-max-percent must be a number and not negative"},
		{"sweep -max-percent -1", "-max-percent must be a number and not negative"},
		{"backfill -page many", `invalid value "many" for flag -page`},
		{"sweep -max-deletes -1", "-max-deletes must not be negative"},
	} {
		said := &bytes.Buffer{}
		cmd := untouched(t, strings.Fields(test.args)...)
		cmd.Stderr = said
		if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), test.says) || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%q ends with %v and %q, want %q", test.args, err, said, test.says)
		}
	}
}

// untouched is a program that fails where it needs Clerk or the database.
func untouched(t *testing.T, args ...string) *osexec.Cmd {
	t.Helper()
	cmd := program(t, newWorld(), "postgres://nobody@/none?host=/nowhere", args...)
	cmd.Env = append(cmd.Env, "CLERK_SECRET_KEY=")
	return cmd
}

func TestHelpNeedsNoSettings(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"-h", "--help", "help", "sweep -h", "backfill --help", "help sweep"} {
		cmd := untouched(t, strings.Fields(args)...)
		out := &bytes.Buffer{}
		cmd.Stdout = out
		if err := cmd.Run(); err != nil || !strings.Contains(out.String(), "usage: usersync serve|backfill|sweep|status") || !strings.Contains(out.String(), "-max-percent") {
			t.Errorf("%q ends with %v and %q: %s", args, err, out, cmd.Stderr)
		}
	}
}

func TestTablesCanBeMadeByManyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	database, w := newDatabase(t), newWorld()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			m, err := open(t.Context(), database, nil, false)
			if err != nil {
				t.Error(err)
				return
			}
			defer m.pool.Close()
			if err := m.claim(t.Context(), w.instance); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestProgressIsLoggedWhereThereIsNoTerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log := slog.New(slog.NewTextHandler(file, nil))
	p := newProgress(file, log)
	p.set("users", 5, 10)
	p.set("memberships", 12, 10) // the list has grown
	p.close()
	r := newRecords(log, time.Millisecond)
	r.set("organizations", 1, 2)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if text := contents(t, file.Name()); strings.Contains(text, "msg=backfill organizations=1/2") {
			break
		}
	}
	r.close()
	text := contents(t, file.Name())
	for _, want := range []string{"msg=\"backfill ends\" users=5/10 memberships=12/12\n", "msg=backfill organizations=1/2\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the log\n%s", want, text)
		}
	}
}

func contents(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBarsOfAllListsAreShown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := newBars(&out)
	for i := range int64(10) {
		for _, table := range tables {
			b.set(table.list, i+1, 10)
		}
	}
	b.close()
	for _, table := range tables {
		if !strings.Contains(out.String(), table.list) {
			t.Errorf("there are no bars of %s in %q", table.list, out.String())
		}
	}
}
