package clients

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// nowhere is where the tool finds nothing of what it looks for besides the Backend API.
const nowhere = "http://127.0.0.1:9"

// A tool is Clerk's command-line tool, set up for a running emulator.
type tool struct {
	t          *testing.T
	path       string
	dir        string
	env        []string
	chapter    string
	attempts   []attempt
	wire       *wire
	operations []*schema.Operation
}

// TestCommandLineToolGetsAlong plays scripts that use the tool against the program
// clerktest/cmd/emulator: users create, users list, and api on every operation that reads.
// Each start of the tool takes longer than its request, so they run side by side.
func TestCommandLineToolGetsAlong(t *testing.T) {
	install(t)
	program, variables := toolPath(t), startProgram(t)
	operations := schema.Own(t).Operations()
	scripts := []struct {
		chapter string
		run     func(*tool)
	}{
		{"users", cliUsers}, {"organizations", cliOrganizations}, {"sessions", cliSessions}, {"invitations", cliInvitations}, {"machines", cliMachines},
		{"instance", cliInstance}, {"templates", cliTemplates}, {"enterprise", cliEnterprise}, {"billing", cliBilling},
	}
	tools := make([]*tool, len(scripts))
	waiting := make(chan func(), len(scripts))
	for n, script := range scripts {
		c := newTool(t, program, variables, operations)
		c.chapter = script.chapter
		tools[n] = c
		waiting <- func() { script.run(c) }
	}
	close(waiting)
	var wg sync.WaitGroup
	for range runtime.NumCPU() {
		wg.Go(func() {
			for script := range waiting {
				script()
			}
		})
	}
	wg.Wait()
	r := &record{client: "clerk", methods: []string{"users create", "users list"}}
	for _, c := range tools {
		r.attempts = append(r.attempts, c.attempts...)
	}
	for _, o := range operations {
		if o.Method == http.MethodGet || slices.ContainsFunc(r.attempts, func(a attempt) bool { return a.Name == o.String() }) {
			r.methods = append(r.methods, o.String())
		}
	}
	r.judge(t)
}

// startProgram builds and starts the emulator and returns the variables that it prints.
func startProgram(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	program, seed := filepath.Join(dir, "emulator"), filepath.Join(dir, "seed.json")
	if err := os.WriteFile(seed, []byte(seedJSON), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./clerktest/cmd/emulator")
	build.Dir = schema.Repository()
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	emulator := exec.Command(program, "-addr", "127.0.0.1:0", "-seed", seed)
	stdout, err := emulator.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	emulator.Stderr = &stderr
	if err := emulator.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = emulator.Process.Signal(syscall.SIGTERM)
		if err := emulator.Wait(); err != nil {
			t.Errorf("the emulator ends with %v: %s", err, stderr.String())
		}
	})
	variables := map[string]string{}
	lines := bufio.NewScanner(stdout)
	for len(variables) < 3 && lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		variables[name] = value
	}
	if variables["CLERK_API_URL"] == "" || variables["CLERK_SECRET_KEY"] == "" {
		t.Fatalf("the emulator printed %v, and: %s", variables, stderr.String())
	}
	go io.Copy(io.Discard, stdout)
	return variables
}

// toolPath returns where npm has installed the tool.
func toolPath(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("javascript", "node_modules", "@clerk", "cli-*", "bin", "clerk*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 {
		if os.Getenv("JUDGE_REQUIRED") != "" {
			t.Fatalf("npm has installed the tools %v, want one", found)
		}
		t.Skip("skipped: Clerk's command-line tool was not tried: it is not there for this platform")
	}
	program, err := filepath.Abs(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// newTool sets the tool up for an emulator. What it sends passes through a proxy, which
// keeps it.
func newTool(t *testing.T, program string, variables map[string]string, operations []*schema.Operation) *tool {
	t.Helper()
	target, err := url.Parse(variables["CLERK_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	server := httptest.NewServer(&httputil.ReverseProxy{Transport: w, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }})
	t.Cleanup(server.Close)
	dir := t.TempDir()
	return &tool{
		t: t, path: program, dir: dir, wire: w, operations: operations,
		env: []string{
			"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "CLERK_CONFIG_DIR=" + dir, "CLERK_SECRET_KEY=" + variables["CLERK_SECRET_KEY"],
			"CLERK_BACKEND_API_URL=" + server.URL, "CLERK_TELEMETRY_DISABLED=1", "CLERK_NO_UPDATE_CHECK=1",
			"CLERK_PLATFORM_API_URL=" + nowhere, "CLERK_OAUTH_BASE_URL=" + nowhere, "CLERK_TELEMETRY_URL=" + nowhere,
			"CLERK_DASHBOARD_URL=" + nowhere, "CLERK_MCP_URL=" + nowhere,
		},
	}
}

// run runs a command, whose output must fit, and returns the output.
func (c *tool) run(name string, fits func(value) bool, args ...string) value {
	command := exec.CommandContext(c.t.Context(), c.path, args...)
	command.Dir, command.Env = c.dir, c.env
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	failure := command.Run()
	output := value{stdout.String()}
	var parsed any
	if json.Unmarshal(stdout.Bytes(), &parsed) == nil {
		output.any = parsed
	}
	problem := ""
	switch {
	case failure != nil:
		problem = failure.Error() + ": " + strings.TrimSpace(stdout.String()+stderr.String())
	case !holdsOutput(fits, output):
		problem = "not what the script has at " + caller() + ": " + shorten(output.any)
	}
	exchanges, _ := c.wire.take()
	c.attempts = append(c.attempts, attempt{
		Chapter: c.chapter, Name: name, Sent: cut(strings.Join(args, " ")), Exchanges: exchanges, Problem: problem,
	})
	if problem != "" {
		return value{}
	}
	return output
}

func holdsOutput(fits func(value) bool, output value) (ok bool) {
	defer func() { _ = recover() }()
	return fits(output)
}

// get runs clerk api on a path.
func (c *tool) get(path string, fits func(value) bool) value {
	return c.run(c.operation(http.MethodGet, path), fits, "api", path)
}

// send runs clerk api with a method and a body in JSON, which may be empty.
func (c *tool) send(method, path, body string, fits func(value) bool) value {
	args := []string{"api", path, "-X", method, "--yes"}
	if body != "" {
		args = append(args, "-d", body)
	}
	return c.run(c.operation(method, path), fits, args...)
}

// operation returns the operation of a path: the one whose path has the most in common.
func (c *tool) operation(method, path string) string {
	path, _, _ = strings.Cut(path, "?")
	segments := strings.Split(path, "/")
	best, most := method+" "+path, -1
	for _, o := range c.operations {
		same, fits := 0, o.Method == method
		pattern := strings.Split(o.Path, "/")
		if len(pattern) != len(segments) || !fits {
			continue
		}
		for n, p := range pattern {
			if p == segments[n] {
				same++
			} else if !strings.HasPrefix(p, "{") {
				fits = false
			}
		}
		if fits && same > most {
			best, most = o.String(), same
		}
	}
	return best
}

// A value is the output of a command: JSON, or else a string.
type value struct{ any }

// at returns the member at a path such as data.0.id, or nil.
func (v value) at(path string) any {
	found := v.any
	for name := range strings.SplitSeq(path, ".") {
		switch in := found.(type) {
		case map[string]any:
			found = in[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(in) {
				return nil
			}
			found = in[n]
		default:
			return nil
		}
	}
	return found
}

// text returns a member, or "none".
func (v value) text(path string) string {
	if text, ok := v.at(path).(string); ok && text != "" {
		return text
	}
	return "none"
}

// list returns the resources of a list, whatever form it has.
func (v value) list() []any {
	for _, candidate := range []any{v.any, v.at("data"), v.at("m2m_tokens")} {
		if list, ok := candidate.([]any); ok {
			return list
		}
	}
	return nil
}

// has returns a condition on a list: that it has n resources, and that the first of them
// has this ID, unless that is empty.
func has(n int, id string) func(value) bool {
	return func(v value) bool {
		list := v.list()
		total, counted := v.at("total_count").(float64)
		return list != nil && len(list) == n && (!counted || int(total) == n) && (n == 0 || id == "" || value{list[0]}.text("id") == id)
	}
}

// with returns a condition on a resource: members and what they are.
func with(members map[string]any) func(value) bool {
	return func(v value) bool {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			want := members[name]
			if n, ok := want.(int); ok {
				want = float64(n)
			}
			if v.at(name) != want {
				return false
			}
		}
		return v.any != nil
	}
}

// contains returns a condition on a list: that one of its resources has a member.
func contains(member, is string) func(value) bool {
	return func(v value) bool {
		return slices.ContainsFunc(v.list(), func(of any) bool { return value{of}.text(member) == is })
	}
}

// gone is the condition on what a deletion returns.
func gone(v value) bool { return v.at("deleted") == true }

func whatever(value) bool { return true }
