package description

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// placed reads a file of packages with this content.
func placed(t *testing.T, text string) (*Packages, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, PackagesFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ReadPackages(dir)
}

func TestPackageOfTags(t *testing.T) {
	t.Parallel()
	p, err := ReadPackages("../../../openapi")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ tags, want string }{
		{"Users", "users"},
		{"Users,Billing", "billing"},
		{"Billing,Organizations", "billing"},
		{"Organizations,Users", "organizations"},
		{"SCIM Directories", "enterprise"},
		{"Allow-list / Block-list", "invitations"},
		{"JWKS", "instance"},
	}
	for _, tt := range tests {
		if got, err := p.Of(strings.Split(tt.tags, ",")); err != nil || got != tt.want {
			t.Errorf("Of(%s) = %q, %v, want %q", tt.tags, got, err, tt.want)
		}
	}
	for tags, want := range map[string]string{"": "no tag", "Teleporters": `"Teleporters"`, "Users,Teleporters": `"Teleporters"`} {
		if _, err := p.Of(strings.FieldsFunc(tags, func(r rune) bool { return r == ',' })); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Of(%q) = %v, want an error with %s", tags, err, want)
		}
	}
}

func TestALineOfPackagesPlacesATag(t *testing.T) {
	t.Parallel()
	p, err := placed(t, "Users: users\nVaults: vaults # a comment\nClients: users\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Of([]string{"Vaults"}); got != "vaults" || err != nil {
		t.Errorf("Of(Vaults) = %q, %v", got, err)
	}
	if want := []string{"users", "vaults"}; !slices.Equal(p.Names(), want) {
		t.Errorf("Names = %q, want %q", p.Names(), want)
	}
	more := p.With(map[string]string{"Keys": "machines"})
	if got, err := more.Of([]string{"Keys"}); got != "machines" || err != nil || p.Places("Keys") || !more.Places("Users") {
		t.Errorf("With: Of(Keys) = %q, %v", got, err)
	}
}

func TestPackagesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a tag twice":                "Users: users\nUsers: sessions\n",
		"no package":                 "Users:\n",
		"a list":                     "Users: [users]\n",
		"a capital":                  "Users: Users\n",
		"a path":                     "Users: users/v2\n",
		"the file of the components": "Users: components\n",
		"its own file":               "Users: packages\n",
	} {
		if p, err := placed(t, text); err == nil || !strings.Contains(err.Error(), PackagesFile) {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	if _, err := ReadPackages(t.TempDir()); err == nil {
		t.Error("a folder without the file was read")
	}
}
