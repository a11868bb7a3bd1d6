package webhookdiff

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/backend-sdk/clerk-go/internal/conformance/plant"
)

// faults are mistakes in package webhooks that the comparison must find.
var faults = []plant.Fault{
	{Name: "no signature is compared", Code: "return «hmac.Equal(want[:], have[:])»", Wrong: "true"},
	{Name: "any version of a signature counts", Code: "if «version != \"v1\" || len(text) != len(want)» {", Wrong: "len(text) != len(want)"},
	{Name: "only the first secret counts", Code: "for _, key := range «r.keys()» {", Wrong: "r.keys()[:1]"},
	{Name: "only the first line of signatures counts", Code: "for _, line := range «lines» {", Wrong: "lines[:1]"},
	{Name: "a delivery is never too new", Code: "case «age < -r.tolerance»:", Wrong: "false"},
	{Name: "a delivery is never too old", Code: "case «age > r.tolerance»:", Wrong: "false"},
	{Name: "the tolerance is a second longer", Code: "tolerance: «int64(defaultTolerance / time.Second)»", Wrong: "int64(defaultTolerance/time.Second) + 1"},
	{Name: "the tolerance is a second shorter", Code: "switch age := «r.now().Unix() - seconds»; {", Wrong: "r.now().Unix() - seconds + 1"},
	{Name: "an empty secret is good", Code: "if «len(key) < minSecret» {", Wrong: "len(key) > 0 && len(key) < minSecret"},
	{Name: "a full stop may be in an id", Code: "|| c > '~' || «c == '.'» {", Wrong: "false"},
	{Name: "the families of names mix", Code: "if «svix.isAbsent(h)» && !standard.isAbsent(h) {", Wrong: "svix.missingIn(h) != \"\""},
	{Name: "no body is signed", Code: "mac.Write(«body»)\n\t\tbase64", Wrong: "[]byte(nil)"},
}

// saved names the file with the answers of the JavaScript SDK for a build with faults.
const saved = "WEBHOOKDIFF_ANSWERS"

func TestFaultsAreFound(t *testing.T) {
	a := needJavaScript(t)
	if testing.Short() {
		t.Skip("builds this test with faults in package webhooks")
	}
	dir := t.TempDir()
	changes, err := plant.Overlay("webhooks", dir, faults)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	answersFile := filepath.Join(dir, "answers.json")
	if err := os.WriteFile(answersFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "faulty")
	if output, err := exec.Command("go", "test", "-c", "-overlay", changes, "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v: %s", err, output)
	}
	command := exec.Command(program, "-test.run", "^TestReplay$", "-test.v")
	command.Env = append(os.Environ(), saved+"="+answersFile)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	} else {
		t.Logf("%s", output)
	}
}

// TestReplay compares with saved answers, without a fault and with each.
func TestReplay(t *testing.T) {
	path := os.Getenv(saved)
	if path == "" {
		t.Skip("only a build with faults in package webhooks uses this")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a answers
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	list := generate(seed, sampleSize)
	for _, f := range append([]plant.Fault{{Name: ""}}, faults...) {
		t.Setenv(plant.Variable, f.Name)
		found := 0
		for i, d := range list {
			want, _ := expect(d, a.Plain[i], a.Rewritten[i])
			if got, _ := ours(t, d); got != want {
				found++
			}
		}
		if fmt.Println(found, "differences:", f.Name); (found > 0) != (f.Name != "") {
			t.Errorf("%d differences with the fault %q", found, f.Name)
		}
	}
}
