package webhookdiff

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// toolSample is the number of deliveries for Clerk's command-line tool, which runs once
// for each.
const toolSample = 100

// fromTool are the differences from the command-line tool.
var fromTool = []difference{
	{
		id: "C1", applies: func(d *delivery) bool { return !strings.HasPrefix(d.Secrets[0], "whsec_") },
		rewrite: func(d *delivery) { d.Secrets[0] = "whsec_" + d.Secrets[0] },
	},
	{
		id: "C2", applies: of("signature", matches(`\s`)),
		verdict: func(d *delivery) verdict { return d.judged() },
	},
	{
		id: "C3", applies: func(d *delivery) bool {
			return goodTime.MatchString(d.one("timestamp")) && (d.age() > 300 || d.age() < -300)
		},
		verdict: always(tooOld),
	},
	{id: "C4", applies: func(d *delivery) bool { return len(d.one("timestamp")) > 15 }, verdict: always(malformed)},
	shortSecret, inexactSecret, fullStop, longID, invisibleID, leadingZero,
	{id: "W14", applies: func(d *delivery) bool { return !isText(d.Body) }, verdict: func(d *delivery) verdict { return d.judged() }},
}

// fitsTool reports whether the arguments of the tool can be the headers of a delivery.
func fitsTool(d *delivery) bool {
	return len(d.Secrets) == 1 && len(d.Body) < 1<<16 && d.isComplete(svix) && !slices.ContainsFunc(parts, func(part string) bool {
		return len(d.lines(svix+part)) > 1 || !utf8.ValidString(d.one(part))
	})
}

// tool installs Clerk's command-line tool where there is one for this machine.
func tool(t *testing.T) string {
	t.Helper()
	needJavaScript(t)
	path, err := filepath.Abs("javascript/node_modules/@clerk/cli-linux-x64/bin/clerk")
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command(path, "--version").Run(); err != nil {
		t.Skipf("not compared with Clerk's command-line tool: %v", err)
	}
	return path
}

// nowhere is an address where nobody listens.
const nowhere = "http://127.0.0.1:1"

// validates asks the tool about a delivery. It must not reach a network for that.
func validates(t *testing.T, path, home string, d *delivery) bool {
	command := exec.Command(path, "webhooks", "verify", "--json", "--secret="+d.Secrets[0],
		"--id="+d.one("id"), "--timestamp="+d.one("timestamp"), "--signature="+d.one("signature"), "--payload=-")
	command.Env = []string{
		"HOME=" + home, "CLERK_CONFIG_DIR=" + home, "CLERK_TELEMETRY_DISABLED=1", "CLERK_NO_UPDATE_CHECK=1",
		"CLERK_PLATFORM_API_URL=" + nowhere, "CLERK_BACKEND_API_URL=" + nowhere, "CLERK_TELEMETRY_URL=" + nowhere,
		"CLERK_OAUTH_BASE_URL=" + nowhere, "CLERK_DASHBOARD_URL=" + nowhere, "CLERK_MCP_URL=" + nowhere,
	}
	command.Stdin = bytes.NewReader(d.Body)
	output, err := command.Output()
	var failed *exec.ExitError
	if err != nil && (!errors.As(err, &failed) || failed.ExitCode() > 2 || !bytes.Contains(failed.Stderr, []byte(`"error"`))) {
		t.Errorf("%v: %v: %s", d, err, output)
	}
	return err == nil && bytes.Contains(output, []byte(`"valid":true`))
}

func TestEveryDifferenceFromTheCommandLineToolIsKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program a hundred times")
	}
	path, home := tool(t), t.TempDir()
	var list []*delivery
	// The numbers of deliveries of one kind differ by the number of kinds.
	for i, all := 0, generate(seed, sampleSize); len(list) < toolSample; i += 7 {
		if d := all[i%sampleSize]; fitsTool(d) {
			list = append(list, d)
		}
	}
	asked := map[*delivery]*bool{} // the tool is not asked again about what no row rewrites
	verify := func(list []*delivery) []bool {
		slots := make(chan struct{}, 2)
		var wg sync.WaitGroup
		for _, d := range list {
			if asked[d] != nil {
				continue
			}
			valid := new(bool)
			asked[d] = valid
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				*valid = validates(t, path, home, d)
			})
		}
		wg.Wait()
		result := make([]bool, len(list))
		for i, d := range list {
			result[i] = *asked[d]
		}
		return result
	}
	met := map[string]int{}
	for i, want := range expectOf(verify, fromTool, list, met) {
		if _, got := ours(t, list[i]); got != want {
			t.Errorf("%v: want %t, got %t", list[i], want, got)
		}
	}
	t.Logf("known differences met %v", met)
	for _, row := range fromTool[:3] {
		if met[row.id] == 0 {
			t.Errorf("%s makes no difference", row.id)
		}
	}
}
