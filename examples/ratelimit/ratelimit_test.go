package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// The test binary is also the program that it tests.
const asProgram = "RATELIMIT_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

const (
	limit  = 100
	period = time.Second
	each   = 700 // users that each process creates
)

func TestProcessesShareTheLimitAndGoOnWithoutRedis(t *testing.T) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("redis-server is not installed")
	}
	pauses := watch(t)
	api := &limited{}
	server := httptest.NewServer(api)
	defer server.Close()
	store := newStore(t)
	store.start()
	processes := []*process{newProcess(t, server.URL, store.url()), newProcess(t, server.URL, store.url())}

	api.waitFor(t, 450)
	stopped := time.Now()
	store.stop()
	api.waitFor(t, 800)
	started := time.Now()
	store.start()
	var created int
	var back time.Time // when all processes had found the store
	for _, p := range processes {
		created += p.end()
		if at := p.noticed(); at.After(back) {
			back = at
		}
	}
	server.Close()

	if created != len(processes)*each || len(api.accepted) != created {
		t.Fatalf("%d users were created, %d requests were accepted, want %d", created, len(api.accepted), len(processes)*each)
	}
	if back.Before(started) {
		t.Errorf("the store was found %v before its start", started.Sub(back))
	}
	first, ended := api.accepted[0], api.accepted[len(api.accepted)-1]
	for _, part := range []struct {
		name   string
		up     bool
		within [2]time.Time
	}{
		{"before the outage", true, [2]time.Time{first.Add(period), stopped}},
		{"after it", true, [2]time.Time{back.Add(period), ended}},
		{"altogether", false, [2]time.Time{first, ended}},
	} {
		used, refused, pause := used(api.accepted, part.within), count(api.refused, part.within), pauses.longest(part.within)
		t.Logf("%s: %.2f of the limit was used, %d requests were refused, the machine paused for %v", part.name, used, refused, pause)
		least, most := 0.85, 0
		if pause > tolerable { // the machine is too busy for exact figures
			least, most = 0.3, count(api.accepted, part.within)/20
		}
		if used < least {
			t.Errorf("%s %.2f of the limit was used, want %.2f", part.name, used, least)
		}
		if part.up && refused > most {
			t.Errorf("%s %d requests were refused, want at most %d", part.name, refused, most)
		}
	}
}

// tolerable is the longest pause that does not show in the rate. After a break, ten requests
// may start at once and the others follow 11 ms apart: those that are late by more than
// that arrive together with too many others.
const tolerable = 10 * time.Millisecond

// pauses are the times at which the machine was late, and by how much.
type pauses struct {
	mu    sync.Mutex
	times map[time.Time]time.Duration
}

// watch notes until the end of the test how late the machine wakes a goroutine.
func watch(t *testing.T) *pauses {
	p := &pauses{times: map[time.Time]time.Duration{}}
	go func() {
		for t.Context().Err() == nil {
			begin := time.Now()
			time.Sleep(time.Millisecond)
			now := time.Now()
			if late := now.Sub(begin) - time.Millisecond; late > tolerable {
				p.mu.Lock()
				p.times[now] = late
				p.mu.Unlock()
			}
		}
	}()
	return p
}

// longest returns the longest pause within a span.
func (p *pauses) longest(span [2]time.Time) (longest time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for at, late := range p.times {
		if !at.Before(span[0]) && at.Before(span[1]) {
			longest = max(longest, late)
		}
	}
	return longest
}

// count returns how many of times are in a span.
func count(times []time.Time, span [2]time.Time) (n int) {
	for _, at := range times {
		if !at.Before(span[0]) && at.Before(span[1]) {
			n++
		}
	}
	return n
}

// used returns which part of the limit was used in a span.
func used(accepted []time.Time, span [2]time.Time) float64 {
	return float64(count(accepted, span)) / limit / span[1].Sub(span[0]).Seconds() * period.Seconds()
}

// limited is an API that accepts limit requests in any period.
type limited struct {
	mu                sync.Mutex
	accepted, refused []time.Time
}

func (l *limited) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if i := len(l.accepted) - limit; i >= 0 {
		if left := l.accepted[i].Add(period).Sub(now); left > 0 {
			l.refused = append(l.refused, now)
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
	}
	l.accepted = append(l.accepted, now)
	fmt.Fprintf(w, `{"id":"user_%d"}`, len(l.accepted))
}

// waitFor returns when n requests were accepted.
func (l *limited) waitFor(t *testing.T, n int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		l.mu.Lock()
		enough := len(l.accepted) >= n
		l.mu.Unlock()
		if enough {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("fewer than %d requests were accepted", n)
		}
	}
}

// store is a Redis that only this test can reach.
type store struct {
	*testing.T
	folder string
	server *exec.Cmd
}

func newStore(t *testing.T) *store {
	folder, err := os.MkdirTemp("", "redis") // that of t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	s := &store{T: t, folder: folder}
	t.Cleanup(s.stop)
	return s
}

func (s *store) url() string { return "unix://" + filepath.Join(s.folder, "redis.sock") }

// start returns when the store responds.
func (s *store) start() {
	s.Helper()
	options, err := redis.ParseURL(s.url())
	if err != nil {
		s.Fatal(err)
	}
	s.server = exec.Command("redis-server", "--port", "0", "--unixsocket", options.Addr, "--dir", s.folder, "--save", "", "--daemonize", "no")
	if err := s.server.Start(); err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.Context(), 10*time.Second)
	defer cancel()
	for {
		client := redis.NewClient(options) // a new one knows nothing of earlier failures
		err := client.Ping(ctx).Err()
		client.Close()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			s.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *store) stop() {
	if s.server == nil {
		return
	}
	_ = s.server.Process.Signal(syscall.SIGTERM)
	_ = s.server.Wait()
	s.server = nil
}

// process is the program while it creates users, as fast as it may.
type process struct {
	*testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	log    records
}

func newProcess(t *testing.T, api, store string) *process {
	p := &process{T: t}
	p.cmd = exec.CommandContext(t.Context(), os.Args[0], "-limit", strconv.Itoa(limit), "-per", period.String(), "-workers", "16")
	p.cmd.Env = append(os.Environ(), asProgram+"=1", "CLERK_SECRET_KEY=sk_test_example", "CLERK_API_URL="+api, "REDIS_URL="+store)
	p.cmd.Stdin = strings.NewReader(strings.Repeat("user@example.com\n", each))
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// end waits for the process and returns how many users it created. It fails the test if one
// was not created.
func (p *process) end() (created int) {
	p.Helper()
	if err := p.cmd.Wait(); err != nil {
		p.Errorf("%v: %s", err, p.log.text())
	}
	if _, err := fmt.Sscanf(p.stdout.String(), "created %d", &created); err != nil {
		p.Errorf("%v: %s", err, p.stdout.String())
	}
	return created
}

// noticed returns when the process found the store again. It fails the test if the log says
// more of the outage than its begin and its end.
func (p *process) noticed() (at time.Time) {
	p.Helper()
	lines := p.log.lines
	if len(lines) != 2 || !strings.Contains(lines[0].text, "out of reach") || !strings.Contains(lines[1].text, "is back") {
		p.Fatalf("the log is %q, want two records", p.log.text())
	}
	return lines[1].at
}

// records are the lines of a log, and when they were written.
type records struct {
	lines []record
}

type record struct {
	at   time.Time
	text string
}

func (r *records) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		r.lines = append(r.lines, record{time.Now(), line})
	}
	return len(b), nil
}

func (r *records) text() (all string) {
	for _, line := range r.lines {
		all += line.text
	}
	return all
}
