package peer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// An SDK is a version of Clerk's JavaScript SDK.
type SDK string

// The versions that package auth is compared with.
const (
	Current SDK = "3.25.0"  // that package auth follows
	Earlier SDK = "3.16.10" // that services which were not updated run
)

// packages are the names of the versions in the folder of the Node program.
var packages = map[SDK]string{Current: "@clerk/backend", Earlier: "clerk-backend-earlier"}

// Errors of Prepare when the JavaScript SDK cannot run.
var (
	ErrNoNode       = errors.New("node and npm are not installed")
	ErrNotInstalled = errors.New("npm could not install the SDK")
)

// preparing is held by Prepare: npm cannot install twice in one folder at a time.
var preparing sync.Mutex

// Prepare installs the packages that the Node program in dir needs, unless they are
// there. Only this needs a network.
func Prepare(dir string) error {
	preparing.Lock()
	defer preparing.Unlock()
	node, nodeErr := exec.LookPath("node")
	npm, npmErr := exec.LookPath("npm")
	if nodeErr != nil || npmErr != nil {
		return ErrNoNode
	}
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return err
	}
	stamp := filepath.Join(dir, "node_modules", ".locked")
	if installed, err := os.ReadFile(stamp); err == nil && bytes.Equal(installed, lock) {
		return nil
	}
	command := exec.Command(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	command.Dir = dir
	command.Env = append(os.Environ(), "PATH="+filepath.Dir(node)+string(os.PathListSeparator)+os.Getenv("PATH"))
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %w: %s", ErrNotInstalled, err, output)
	}
	return os.WriteFile(stamp, lock, 0o644)
}

// A question is a case in the form that the Node program reads.
type question struct {
	ID       string            `json:"id"`
	API      string            `json:"api"`
	Method   string            `json:"method"`
	URL      string            `json:"url"`
	Headers  []generator.Field `json:"headers"`
	Options  map[string]any    `json:"options"`
	NoClient bool              `json:"noClient"`
	Asks     []generator.Ask   `json:"asks"`
	Endpoint any               `json:"endpoint"`
	Clock    int64             `json:"clock"`
}

func newQuestion(id string, c *generator.Case, api string) question {
	headers := append([]generator.Field{{"Host", c.Host}}, c.Header...)
	var endpoint any = c.Endpoint
	if len(c.Endpoint) == 1 {
		endpoint = c.Endpoint[0]
	}
	return question{
		ID: id, API: api, Method: c.Method, URL: c.URL(), Headers: headers,
		Options: javaScriptOptions(&c.Options), NoClient: c.Options.NoClient, Asks: c.Asks, Endpoint: endpoint, Clock: c.Clock,
	}
}

// JavaScript runs the cases on a version of the SDK, with the Node program in dir, and
// returns the outcomes in their order.
func JavaScript(dir string, sdk SDK, backend *Backend, cases []*generator.Case) ([]Outcome, error) {
	command := exec.Command("node", "judge.mjs", packages[sdk])
	command.Dir = dir
	// The environment must not configure the SDK.
	command.Env = []string{"PATH=" + os.Getenv("PATH")}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	go send(in, backend, cases)
	outcomes, err := readOutcomes(out, backend, len(cases))
	if err != nil {
		_ = command.Process.Kill() // it may be blocked on its output
	}
	if waited := command.Wait(); waited != nil {
		return nil, errors.Join(err, fmt.Errorf("node: %w: %s", waited, stderr.String()))
	}
	return outcomes, err
}

func send(in io.WriteCloser, backend *Backend, cases []*generator.Case) {
	defer in.Close()
	w := bufio.NewWriter(in)
	defer w.Flush()
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for i, c := range cases {
		id := strconv.Itoa(i)
		if encoder.Encode(newQuestion(id, c, backend.Open("js"+id, c.API))) != nil {
			return // the process has ended, and Wait returns why
		}
	}
}

func readOutcomes(out io.Reader, backend *Backend, n int) ([]Outcome, error) {
	outcomes := make([]Outcome, n)
	count := 0
	for lines := bufio.NewReaderSize(out, 1<<20); ; {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		var a struct {
			ID string `json:"id"`
			Outcome
		}
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, fmt.Errorf("the Node program wrote %.200q: %w", line, err)
		}
		i, err := strconv.Atoi(a.ID)
		if err != nil || i < 0 || i >= n {
			return nil, fmt.Errorf("the Node program wrote an outcome for the unknown case %q", a.ID)
		}
		a.Calls = backend.Forget("js" + a.ID)
		outcomes[i] = a.Outcome
		count++
	}
	if count != n {
		return nil, fmt.Errorf("the Node program wrote %d outcomes, want %d", count, n)
	}
	return outcomes, nil
}
