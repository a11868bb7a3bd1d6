package webhookdiff

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// Clerk's command-line tool runs once for each delivery, so it sees a part of them: so many
// for each row that it has alone, and so many others.
const (
	toolSampleOfRow = 50
	toolSample      = 100
)

// ofToolAlone are the differences that only the command-line tool has, and fromTool are all
// differences from it.
var (
	ofToolAlone = []difference{
		{
			id: "C1", applies: func(d *delivery) bool { return !strings.HasPrefix(d.Secrets[0], "whsec_") },
			rewrite: func(d *delivery) { d.Secrets[0] = "whsec_" + d.Secrets[0] },
		},
		{
			id: "C2", applies: of("signature", matches(`[\t\n\v\f\r\x{a0}]`)),
			verdict: func(d *delivery) verdict { return d.judged() },
		},
		{
			id: "C3", applies: func(d *delivery) bool {
				return wholeNumber.MatchString(d.one("timestamp")) && (d.age() > 300 || d.age() < -300)
			},
			verdict: func(d *delivery) verdict { return d.judged() },
		},
		{id: "C4", applies: func(d *delivery) bool { return len(d.one("timestamp")) > 15 }, verdict: always(malformed)},
		{
			id: "C5", applies: of("signature", inexact),
			verdict: func(d *delivery) verdict { return d.judged() },
		},
	}
	fromTool = append(slices.Clone(ofToolAlone),
		shortSecret, inexactSecret, fullStop, longID, invisibleID, leadingZero,
		difference{id: "W14", applies: func(d *delivery) bool { return !isText(d.Body) }, verdict: func(d *delivery) verdict { return d.judged() }},
	)
)

var (
	wholeNumber = regexp.MustCompile(`\A(0|[1-9][0-9]{0,14})\z`)
	exactEntry  = regexp.MustCompile(`\Av1,[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=\z`)
)

// inexact reports whether an entry of a signature header has the length of a digest and is
// not written as one.
func inexact(signatures string) bool {
	return slices.ContainsFunc(strings.Fields(signatures), func(entry string) bool {
		return strings.HasPrefix(entry, "v1,") && len(entry) > len("v1,")+42 && !exactEntry.MatchString(entry)
	})
}

// forTool returns the deliveries that the tool is asked about.
func forTool() (list []*delivery) {
	others, ofRow := 0, map[string]int{}
	for i, all := 0, generate(seed, sampleSize); i < sampleSize; i++ {
		// The numbers of deliveries of one kind differ by the number of kinds.
		d := all[i*7%sampleSize]
		if !fitsTool(d) {
			continue
		}
		wanted := false
		for _, row := range ofToolAlone {
			if row.applies(d) && ofRow[row.id] < toolSampleOfRow {
				wanted = true
				ofRow[row.id]++
			}
		}
		if !wanted {
			if others == toolSample {
				continue
			}
			others++
		}
		list = append(list, d)
	}
	return list
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
		t.Skip("runs a program hundreds of times")
	}
	path, home := tool(t), t.TempDir()
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
	list, met := forTool(), map[string]int{}
	for i, want := range expectOf(verify, fromTool, list, met) {
		if _, got := ours(t, list[i]); got != want {
			t.Errorf("%v: want %t, got %t", list[i], want, got)
		}
	}
	t.Logf("%d deliveries, known differences met %v", len(list), met)
	checkMet(t, met, ofToolAlone)
}
