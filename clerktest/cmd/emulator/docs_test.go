package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
)

// command is a command of the page and the output that the page promises, with … for any
// text.
type command struct {
	text, output string
}

// blocksOf returns the code of a language in a section of docs/emulator.md.
func blocksOf(t *testing.T, section, language string) (blocks []string) {
	t.Helper()
	page, err := os.ReadFile("../../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "\n## "+section+"\n")
	if !found {
		t.Fatalf("the page has no section %q", section)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(rest, -1) {
		blocks = append(blocks, block[1])
	}
	return blocks
}

// commandsOf returns the commands of a section of docs/emulator.md.
func commandsOf(t *testing.T, section string) (list []command) {
	t.Helper()
	for _, block := range blocksOf(t, section, "sh") {
		for line := range strings.Lines(block) {
			last := len(list) - 1
			switch {
			case strings.HasPrefix(line, "$ "):
				list = append(list, command{text: line[2:]})
			case strings.Count(list[last].text, "'")%2 == 1: // a text that goes on
				list[last].text += line
			default:
				list[last].output += line
			}
		}
	}
	return list
}

// pattern returns what matches a promised output.
func (c command) pattern() string {
	return "^" + strings.ReplaceAll(regexp.QuoteMeta(c.output), "…", "(?s:.*)")
}

// TestTheSessionOfThePage runs the commands of the page against the program and the example
// service.
func TestTheSessionOfThePage(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	env, _ := startEmulator(t, "-addr", "127.0.0.1:0", "-quiet")
	client, err := clerk.New(env["CLERK_SECRET_KEY"], clerk.WithBaseURL(env["CLERK_API_URL"]), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	authn, err := auth.New(client, auth.WithPublishableKey(env["CLERK_PUBLISHABLE_KEY"]), auth.WithProxyURL(env["CLERK_PROXY_URL"]))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(authn.Middleware(service.New(client)))
	t.Cleanup(server.Close)

	const end = "\x1e"
	commands := commandsOf(t, "By curl alone")
	var script strings.Builder
	for _, c := range commands {
		script.WriteString(c.text + "printf '" + end + "'\n")
	}
	shell := exec.CommandContext(t.Context(), "bash", "-eu")
	shell.Stdin = strings.NewReader(script.String())
	var stderr bytes.Buffer
	shell.Stderr = &stderr
	shell.Env = append(os.Environ(), "SERVICE="+server.URL)
	for name, value := range env {
		shell.Env = append(shell.Env, name+"="+value)
	}
	out, err := shell.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	outputs := strings.Split(string(out), end)
	if len(outputs) != len(commands)+1 || len(commands) < 8 {
		t.Fatalf("%d commands have %d outputs", len(commands), len(outputs)-1)
	}
	for n, c := range commands {
		if !regexp.MustCompile(c.pattern()).MatchString(outputs[n]) || c.output == "" && outputs[n] != "" {
			t.Errorf("%sresponds\n%swant\n%s", c.text, outputs[n], c.output)
		}
	}
}

func TestTheSeedOfThePage(t *testing.T) {
	t.Parallel()
	blocks := blocksOf(t, "A seed", "json")
	if len(blocks) != 1 {
		t.Fatalf("the page has %d seeds", len(blocks))
	}
	seed, err := clerktest.ParseSeed([]byte(blocks[0]))
	if err != nil {
		t.Fatal(err)
	}
	instance, err := clerktest.NewInstance(seed)
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	token, err := auth.UnverifiedAs[struct {
		Organization struct {
			Slug string `json:"slg"`
			Role string `json:"rol"`
		} `json:"o"`
	}](instance.Token(clerktest.ForSession("sess_ada")))
	if o := token.Organization; err != nil || o.Slug != "acme" || o.Role != "admin" {
		t.Errorf("the session's token is for %+v, %v", o, err)
	}
}

// TestThePageNamesEveryFlag compares the flags with docs/emulator.md.
func TestThePageNamesEveryFlag(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	if err := run(t.Context(), []string{"-help"}, &help, &help); err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile(`(?m)^  -([a-z-]+)`).FindAllStringSubmatch(help.String(), -1)
	if len(flags) < 9 {
		t.Errorf("the flags are %v", flags)
	}
	for _, f := range flags {
		if !strings.Contains(string(page), "`-"+f[1]) {
			t.Errorf("the page does not name the flag -%s", f[1])
		}
	}
}
