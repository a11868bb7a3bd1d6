package peer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestNodeProgramHasTheComparedVersions(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../javascript/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var program struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &program); err != nil {
		t.Fatal(err)
	}
	for sdk, name := range packages {
		if installed := strings.TrimPrefix(program.Dependencies[name], "npm:@clerk/backend@"); installed != string(sdk) {
			t.Errorf("package.json has %s as version %q, want %q", name, installed, sdk)
		}
	}
}
