package documents

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestYAML parses every YAML file that GitHub reads.
func TestYAML(t *testing.T) {
	t.Parallel()
	for _, name := range tracked(t, ".github/*.yml") {
		var content map[string]any
		if err := yaml.Unmarshal([]byte(read(t, name)), &content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(content) == 0 {
			t.Errorf("%s is empty", name)
		}
	}
}

// TestDependabot requires an entry for each go.mod and package.json, and a file for each
// entry.
func TestDependabot(t *testing.T) {
	t.Parallel()
	var config struct {
		Updates []struct {
			Ecosystem string `yaml:"package-ecosystem"`
			Directory string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/dependabot.yml")), &config); err != nil {
		t.Fatal(err)
	}
	entries := map[string][]string{}
	for _, update := range config.Updates {
		entries[update.Ecosystem] = append(entries[update.Ecosystem], update.Directory)
	}
	want := map[string][]string{
		"gomod":          folders(t, "go.mod", "*/go.mod"),
		"npm":            folders(t, "package.json", "*/package.json"),
		"github-actions": {"."},
	}
	for ecosystem, there := range want {
		for _, folder := range there {
			if !slices.Contains(entries[ecosystem], path.Join("/", folder)) {
				t.Errorf("%s has no entry for %s", ecosystem, path.Join("/", folder))
			}
		}
		if len(entries[ecosystem]) != len(there) {
			t.Errorf("%s has entries for %q, want %q", ecosystem, entries[ecosystem], there)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("entries for %d ecosystems, want %d", len(entries), len(want))
	}
}

// TestCodeowners resolves the paths of CODEOWNERS.
func TestCodeowners(t *testing.T) {
	t.Parallel()
	rules := 0
	for line := range strings.Lines(read(t, ".github/CODEOWNERS")) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		rules++
		if fields[0] != "*" && !exists(fields[0]) {
			t.Errorf("%s does not exist", fields[0])
		}
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "@") {
			t.Errorf("%s has no owner", fields[0])
		}
	}
	if rules == 0 {
		t.Error("CODEOWNERS has no rules")
	}
}

var pinned = regexp.MustCompile(`uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n`)

// TestWorkflows requires actions that are pinned by commit, jobs that may only read, and
// a timeout for each job.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	for _, name := range tracked(t, ".github/workflows/*.yml") {
		text := read(t, name)
		if uses, pins := strings.Count(text, "uses: "), len(pinned.FindAllString(text, -1)); uses != pins {
			t.Errorf("%s uses %d actions, %d of them pinned by commit beside their version", name, uses, pins)
		}
		var workflow struct {
			Permissions map[string]string
			Jobs        map[string]struct {
				Permissions any
				Timeout     int `yaml:"timeout-minutes"`
			}
		}
		if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(workflow.Permissions) != 1 || workflow.Permissions["contents"] != "read" {
			t.Errorf("%s has permissions %v, want contents: read", name, workflow.Permissions)
		}
		for job, j := range workflow.Jobs {
			if j.Permissions != nil || j.Timeout == 0 || j.Timeout > 30 {
				t.Errorf("%s: job %s has permissions %v and %d minutes", name, job, j.Permissions, j.Timeout)
			}
		}
		if len(workflow.Jobs) == 0 {
			t.Errorf("%s has no jobs", name)
		}
	}
}

// TestBugForm requires the questions that help to find a bug, and none about secrets.
func TestBugForm(t *testing.T) {
	t.Parallel()
	var form struct {
		Body []struct {
			Type, ID   string
			Attributes struct{ Label, Description, Value string }
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/ISSUE_TEMPLATE/bug.yml")), &form); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, field := range form.Body {
		asked = append(asked, field.ID)
		question := strings.ToLower(field.Attributes.Label + " " + field.Attributes.Description)
		if field.Type != "markdown" && regexp.MustCompile(`\b(keys?|tokens?|passwords?|cookies?)\b`).MatchString(question) {
			t.Errorf("%s asks for a secret: %s", field.ID, question)
		}
	}
	for _, id := range []string{"version", "go", "trace"} {
		if !slices.Contains(asked, id) {
			t.Errorf("the form does not ask for %s", id)
		}
	}
}
