package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

// answer does what the decisions of a report ask for: it pastes the lines for tags, and
// amends what is required without a property.
func answer(t *testing.T, dir, report string) {
	t.Helper()
	var lines []string
	for part := range strings.SplitSeq(report, "\n\n") {
		title, rest, _ := strings.Cut(part, "\n")
		switch {
		case strings.HasPrefix(title, "needs a decision: tags without a package."):
			for line := range strings.SplitSeq(rest, "\n") {
				if !strings.HasPrefix(line, " ") {
					lines = append(lines, line)
				}
			}
		case strings.HasPrefix(title, "needs a decision: required without a property;"):
			var amendments []string
			for address := range strings.SplitSeq(rest, "\n") {
				amendments = append(amendments, "  - {place: '"+strings.TrimSpace(address)+"', fact: {type: string}, source: 'test:1', date: '2030-01-31'}")
			}
			paste(t, filepath.Join(dir, description.AmendmentsFile), amendments...)
			tool(t, fine, dir, "format")
		case strings.HasPrefix(title, "needs a decision: Go names;"):
			for line := range strings.SplitSeq(rest, "\n") {
				undecide(t, dir, line)
			}
		case strings.HasPrefix(title, "needs a decision: ") && rest != "":
			t.Fatalf("a decision that nobody foresaw:\n%s", part)
		}
	}
	if len(lines) > 0 {
		paste(t, filepath.Join(dir, description.PackagesFile), lines...)
	}
}

// undecide takes back the x-go-type of a field, which names a model that a document lacks.
func undecide(t *testing.T, dir, refusal string) {
	t.Helper()
	schema, rest, found := strings.Cut(strings.TrimSpace(refusal), ", property ")
	field, why, _ := strings.Cut(rest, ": ")
	if !found || !strings.HasSuffix(why, " is not a model") {
		t.Fatalf("a decision that nobody foresaw: %s", refusal)
	}
	packages, doc, err := loadIfAny(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !description.Delete(description.Index(doc)[schema+separator+"."+field].Node, typeKey) {
		t.Fatalf("nobody decided %s: %s", field, refusal)
	}
	files, err := packages.Files(doc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := install(dir, files); err != nil {
		t.Fatal(err)
	}
}

// thereAndBack imports a document into the project's own description, after it settles
// what that asks, and then the newest one again. Every byte must return. The result is
// the first report, which is never only a refusal.
func thereAndBack(t *testing.T, dir, newest, document string) (report string, status int) {
	t.Helper()
	var out, errs strings.Builder
	start, before := time.Now(), content(t, dir)
	status = command{dir: dir, out: &out, errs: &errs}.run([]string{"import", document})
	report = out.String()
	t.Logf("%d lines, %.1f s, status %d", strings.Count(report, "\n"), time.Since(start).Seconds(), status)
	switch {
	case errs.Len() > 0 || report == "" || status != fine && status != unanswered:
		t.Fatalf("status %d: %s", status, errs.String())
	case status == unanswered:
		if diff := cmp.Diff(before, content(t, dir)); diff != "" {
			t.Errorf("files were written (-before +after):\n%s", diff)
		}
		answer(t, dir, report)
		before = content(t, dir)
		tool(t, fine, dir, "import", document)
	}
	tool(t, fine, dir, "import", newest)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
	return report, status
}

// TestEveryPublicationIsReportedAndTakenOver reads every published document at hand.
func TestEveryPublicationIsReportedAndTakenOver(t *testing.T) {
	t.Parallel()
	documents := publishedtest.All(t)
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		t.Run(name, func(t *testing.T) {
			dir, new, _ := real(t)
			thereAndBack(t, dir, new, documents[name])
		})
	}
	t.Logf("%d documents", len(documents))
}

// TestSchemasThatWereRenamedInAPublication takes the step that renamed them.
func TestSchemasThatWereRenamedInAPublication(t *testing.T) {
	t.Parallel()
	documents := publishedtest.All(t)
	from, to := documents["2026-05-12--2026-05-28--5073491b.yml"], documents["2026-05-12--2026-06-26--98883b57.yml"]
	if from == "" || to == "" {
		t.Skip("the two publications are not at hand")
	}
	dir, _, _ := real(t)
	tool(t, fine, dir, "import", from)
	out, _ := tool(t, breaks, dir, "diff", to)
	for _, schema := range []string{"CommercePayerResponse", "CommercePlan", "CommerceSubscriptionItem", "FeatureResponse"} {
		contains(t, out, "  ~ schemas-"+schema+", now "+schema+"-2 (api.")
	}
	if strings.Contains(out, "api.PlanDetails is gone") {
		t.Errorf("a renamed schema breaks callers:\n%s", out)
	}
}

// TestChangesOfThePublishedDocument makes one change each to the newest document.
func TestChangesOfThePublishedDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(t *testing.T, doc *yaml.Node)
		status int
		want   []string
	}{
		{
			"a new tag", func(_ *testing.T, doc *yaml.Node) {
				operation := description.Get(doc, "paths", "/jwks", "get")
				description.Set(operation, "tags", description.Seq("Vaults"))
				description.Set(description.Get(doc, "components", "schemas", "User", "properties"), "vault", description.Map("type", "string"))
			}, unanswered,
			[]string{"Vaults: instance\n  GET /jwks (instance.GetJWKS)\n", "    + field vault (string)\n"},
		},
		{
			"a renamed schema", func(_ *testing.T, doc *yaml.Node) {
				renames{now: map[string]string{"User": "Person", "ExternalAccountWithVerification": "Account"}}.references(doc)
				all := description.Get(doc, "components", "schemas")
				for i := 0; i < len(all.Content); i += 2 {
					switch all.Content[i].Value {
					case "User":
						all.Content[i] = description.String("Person")
					case "ExternalAccountWithVerification":
						all.Content[i] = description.String("Account")
					}
				}
			}, fine,
			[]string{"  ~ ExternalAccountWithVerification, now Account (api.ExternalAccount)\n  ~ User, now Person (api.User)\n", "breaks Go callers: nothing\n", "\ninvisible: 2 models renamed, "},
		},
		{
			"a required member without a property", func(_ *testing.T, doc *yaml.Node) {
				required := description.Get(doc, "components", "schemas", "User", "required")
				required.Content = append(required.Content, description.String("shelf_mark"))
			}, unanswered,
			[]string{"needs a decision: required without a property; an amendment with the property settles it:\n  schema User > .shelf_mark\n\n"},
		},
		{
			"an operation that the emulator serves is gone", func(t *testing.T, doc *yaml.Node) {
				if !description.Delete(description.Get(doc, "paths", "/users/{user_id}/ban"), "post") {
					t.Fatal("the operation is missing")
				}
			}, fine,
			[]string{"\nbreaks: 1 operation removed, ", "  - POST /users/{user_id}/ban (users.BanUser)\n", "- `clerktest.Handlers.BanUser`\n", "- `users.BanUser`\n"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, new, _ := real(t)
			data, err := os.ReadFile(new)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := description.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(t, doc)
			if data, err = yaml.Marshal(doc); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "spec.yaml")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			report, status := thereAndBack(t, dir, new, file)
			if status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			contains(t, report, tt.want...)
		})
	}
}
