//go:build darwin || linux

package clerktest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest"
)

func init() {
	limitFiles = func(size string) error {
		signal.Ignore(syscall.SIGXFSZ)
		var limit uint64
		if _, err := fmt.Sscan(size, &limit); err != nil {
			return err
		}
		return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit})
	}
}

// limitedChild is a process whose files cannot grow over a size, as on a full disk.
type limitedChild struct {
	url, key string
	stderr   bytes.Buffer
	end      func()
}

func startLimited(t *testing.T, path string, limit int64) *limitedChild {
	t.Helper()
	command, child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$"), &limitedChild{}
	command.Env = append(os.Environ(), "CLERKTEST_PERSISTED="+path, fmt.Sprint("CLERKTEST_FILE_LIMIT=", limit))
	command.Stderr = &child.stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	child.end = func() {
		command.Process.Kill()
		in.Close()
		command.Wait()
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if _, scanErr := fmt.Sscan(line, &child.url, &child.key); err != nil || scanErr != nil {
		child.end()
		t.Fatalf("the process says %q, %v: %s", line, err, child.stderr.String())
	}
	return child
}

func (c *limitedChild) call(t *testing.T, method, path, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b.String()
}

func (c *limitedChild) create(t *testing.T, n int) (status int, text string) {
	t.Helper()
	return c.call(t, "POST", "/v1/users", fmt.Sprintf(`{"email_address":["%d@example.com"]}`, n))
}

// total returns the total_count in a response.
func (c *limitedChild) total(t *testing.T, path string) (total int) {
	t.Helper()
	status, text := c.call(t, "GET", path, "")
	var counted struct {
		Total *int `json:"total_count"`
	}
	counted.Total = &total
	if err := json.Unmarshal([]byte(text), &counted); err != nil || status != http.StatusOK {
		t.Errorf("GET %s: %d %s, %v", path, status, text, err)
	}
	return total
}

// On a full disk a write that is refused is not seen, and nothing else is written, until a
// restart; what is there can be read, also after one.
func TestAFullDiskRefusesWritesAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	first, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, clerktest.WithPersistence(path))
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	size := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	child := startLimited(t, path, size()+5000)
	defer child.end()
	answered, status, text := 0, http.StatusOK, ""
	if status, text = child.call(t, "POST", "/_emulator/clock", `{"advance": "1h"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	for ; answered < 100; answered++ {
		if status, text = child.create(t, answered); status != http.StatusOK {
			break
		}
	}
	const want = "the content cannot be changed until a restart: "
	if answered == 0 || status != http.StatusInternalServerError || !strings.Contains(text, want) || !strings.Contains(text, "file too large") {
		t.Fatalf("after %d users: %d %s", answered, status, text)
	}
	for _, path := range []string{"/v1/users/count", "/_emulator/webhooks"} {
		if got := child.total(t, path); got != answered {
			t.Errorf("%s counts %d, want %d", path, got, answered)
		}
	}
	if status, text = child.create(t, 0); status != http.StatusUnprocessableEntity {
		t.Errorf("what is refused anyway: %d %s", status, text)
	}
	for path, body := range map[string]string{"/v1/users": `{"email_address":["x@example.com"]}`, "/_emulator/reset": "", "/_emulator/seed": `{"users": [{"id": "user_x"}]}`, "/_emulator/clock": `{"advance": "1h"}`} {
		if status, text = child.call(t, "POST", path, body); status != http.StatusInternalServerError || !strings.Contains(text, want) {
			t.Errorf("POST %s: %d %s", path, status, text)
		}
	}
	if _, text = child.call(t, "GET", "/_emulator/clock", ""); !strings.Contains(text, `"ahead": "1h0m0s"`) {
		t.Errorf("the clock, which was moved before, is %s", text)
	}
	child.end()
	if log := child.stderr.String(); strings.Count(log, "level=ERROR") != 1 {
		t.Errorf("the log is %s", log)
	}

	child = startLimited(t, path, size()/2)
	defer child.end()
	if got := child.total(t, "/v1/users/count"); got != answered {
		t.Errorf("there are %d users after a restart, want %d", got, answered)
	}
	if status, text = child.create(t, 1000); status != http.StatusInternalServerError {
		t.Errorf("on a disk that is still full: %d %s", status, text)
	}
	child.end()
	if log := child.stderr.String(); !strings.Contains(log, "cannot be compacted: file too large") {
		t.Errorf("the log is %s", log)
	}

	child = startLimited(t, path, 1<<30)
	defer child.end()
	if status, text = child.create(t, 1000); status != http.StatusOK || child.total(t, "/v1/users/count") != answered+1 {
		t.Errorf("on a disk with room: %d %s", status, text)
	}
}

// The clock of a killed process is that of its last response.
func TestClockOfAKilledProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	child := startLimited(t, path, 1<<30)
	defer child.end()
	if status, text := child.call(t, "POST", "/_emulator/clock", `{"advance": "72h"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	child.end()
	child = startLimited(t, path, 1<<30)
	defer child.end()
	if _, text := child.call(t, "GET", "/_emulator/clock", ""); !strings.Contains(text, `"ahead": "72h0m0s"`) {
		t.Errorf("the clock is %s", text)
	}
}

// A compaction that fails says so once, and what is written is kept.
func TestFailedCompactionIsLogged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	var log bytes.Buffer
	instance, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, clerktest.WithPersistence(path),
		clerktest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	if err := os.WriteFile(path+".compacting", []byte("of another program"), 0o600); err != nil {
		t.Fatal(err)
	}
	large := clerktest.Seed{Users: make([]api.User, 6000)} // more than is left uncompacted
	for n := range large.Users {
		large.Users[n].ID = fmt.Sprint("user_", n)
	}
	if err := instance.SetSeed(large); err != nil {
		t.Fatal(err)
	}
	instance.Advance(time.Hour)
	if err := instance.Close(); err != nil {
		t.Error(err)
	}
	if text := log.String(); strings.Count(text, "grows on") != 1 || !strings.Contains(text, "cannot be compacted: "+path+".compacting is another file") {
		t.Errorf("the log is %s", text)
	}
	if err := os.Remove(path + ".compacting"); err != nil {
		t.Fatal(err)
	}
	again, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithPersistence(path))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := len(again.Seed().Users); got != len(large.Users) {
		t.Errorf("%d users are kept, want %d", got, len(large.Users))
	}
}
