package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

const (
	newest = "2026-05-12"
	older  = "2025-11-10"
)

// real returns a copy of the project's own description, which has the facts of the newest
// document, and the paths of both published documents.
func real(t *testing.T) (dir, new, old string) {
	t.Helper()
	new, old = publishedtest.Path(t, newest), publishedtest.Path(t, older)
	dir = t.TempDir()
	for name, text := range content(t, "../../../openapi") {
		if filepath.Dir(name) != "." {
			continue // the configs and templates of the generator
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, new, old
}

// TestOwnDescriptionIsThatOfTheNewestDocument imports the document that LOCK names.
func TestOwnDescriptionIsThatOfTheNewestDocument(t *testing.T) {
	t.Parallel()
	dir, new, _ := real(t)
	before := content(t, dir)
	tool(t, fine, dir, "import", new)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("the import changes the project's own description (-before +after):\n%s", diff)
	}
}

// TestOtherVersionAndBack imports another published version into the real description
// and then the first one again, which must restore every byte.
func TestOtherVersionAndBack(t *testing.T) {
	t.Parallel()
	dir, new, old := real(t)
	before := content(t, dir)
	tool(t, fine, dir, "import", old)
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "diff", old)
	tool(t, breaks, dir, "diff", new)
	tool(t, fine, dir, "import", new)
	tool(t, fine, dir, "check")
	tool(t, fine, dir, "diff", new)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("there and back (-before +after):\n%s", diff)
	}
}

func TestDiffOfPublishedVersions(t *testing.T) {
	t.Parallel()
	dir, _, old := real(t)
	out, _ := tool(t, breaks, dir, "diff", old)
	const groups, scim = "/directories/{directory_id}", "/scim_directories/{scim_directory_id}"
	contains(t, out, fmt.Sprintf(`version 2026-05-12, now 2025-11-10

operations removed:
  - GET %[1]s/group_role_mappings (enterprise.ListDirectoryGroupRoleMappings)
  - POST %[1]s/group_role_mappings (enterprise.CreateDirectoryGroupRoleMapping)
  - PUT %[1]s/group_role_mappings (enterprise.ReplaceDirectoryGroupRoleMappings)
  - DELETE %[1]s/group_role_mappings/{mapping_id} (enterprise.DeleteDirectoryGroupRoleMapping)
  - POST %[1]s/rotate_api_key (enterprise.RotateDirectoryAPIKey)
  - GET %[2]s/group_role_mappings (enterprise.ListSCIMGroupRoleMappings)
  - POST %[2]s/group_role_mappings (enterprise.CreateSCIMGroupRoleMapping)
  - PUT %[2]s/group_role_mappings (enterprise.ReplaceSCIMGroupRoleMappings)
  - DELETE %[2]s/group_role_mappings/{mapping_id} (enterprise.DeleteSCIMGroupRoleMapping)
  - POST %[2]s/rotate_api_key (enterprise.RotateSCIMDirectoryAPIKey)

operations changed:
  PATCH /organizations/{organization_id} (organizations.UpdateOrganization)
    + field private_metadata of the body (object)
    + field public_metadata of the body (object)
  PATCH /users/{user_id} (users.UpdateUser)
    + field private_metadata of the body (object)
    + field public_metadata of the body (object)
    + field unsafe_metadata of the body (object)

models removed:
  - DirectoryGroupRoleMapping
  - DirectoryGroupRoleMappings
  - SCIMGroupRoleMapping
  - SCIMGroupRoleMappings

breaks Go callers:
`, groups, scim),
		"\n  enterprise.ListDirectoryGroupRoleMappings is gone\n",
		"\n  api.SCIMGroupRoleMapping is gone",
		"\nbreaks: 10 operations removed, 2 operations changed, 4 models removed, ",
	)
	// What was added is optional in Go, so that it does not break callers.
	_, broken, _ := strings.Cut(out, "breaks Go callers:\n")
	broken, _, _ = strings.Cut(broken, "\n\n")
	if strings.Contains(broken, "users.") || strings.Contains(broken, "organizations.") {
		t.Errorf("more breaks than what was removed:\n%s", broken)
	}
}

// TestPublishedProseAndOrder reads a copy of the newest document in which everything
// except the facts is different.
func TestPublishedProseAndOrder(t *testing.T) {
	t.Parallel()
	dir, new, _ := real(t)
	data, err := os.ReadFile(new)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := description.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for p := range description.Places(doc) {
		for _, key := range []string{"description", "summary"} {
			if description.Get(p.Node, key) != nil {
				description.Set(p.Node, key, "Rewritten")
			}
		}
	}
	turn(doc)
	doc.HeadComment, doc.Content[1].LineComment = "A comment", "and another"
	var turned bytes.Buffer
	if err := yaml.NewEncoder(&turned).Encode(doc); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "spec.yaml")
	if err := os.WriteFile(file, turned.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := tool(t, fine, dir, "diff", file)
	if want := "nothing differs: the description has the facts of this document, version 2026-05-12\n"; out != want {
		t.Errorf("diff reports %q, want %q", out, want)
	}
}

// TestPublishedCutShort cuts the real document at ends of lines, but not within its
// last parameter, where nothing shows that fields are missing.
func TestPublishedCutShort(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(publishedtest.Path(t, newest))
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for _, part := range []float64{0.001, 0.3, 0.639, 0.99} {
		n := int(float64(len(lines)) * part)
		if p, err := parsePublished(bytes.Join(lines[:n], nil), newest); err == nil {
			t.Errorf("the first %d lines of %d were accepted with %d facts", n, len(lines), len(p.set))
		}
	}
}
