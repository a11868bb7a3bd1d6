package description

import (
	"strings"
	"testing"
)

func TestPackageOf(t *testing.T) {
	t.Parallel()
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
		if got, err := PackageOf(strings.Split(tt.tags, ",")); err != nil || got != tt.want {
			t.Errorf("PackageOf(%s) = %q, %v, want %q", tt.tags, got, err, tt.want)
		}
	}
}

func TestPackageOfRefuses(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]string{"": "no tag", "Teleporters": `"Teleporters"`, "Users,Teleporters": `"Teleporters"`} {
		var list []string
		if tags != "" {
			list = strings.Split(tags, ",")
		}
		if _, err := PackageOf(list); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PackageOf(%q) = %v, want an error with %s", tags, err, want)
		}
	}
}

func TestNoTagHasTwoPackages(t *testing.T) {
	t.Parallel()
	home := map[string]string{}
	for _, p := range packages {
		for _, tag := range p.tags {
			if other := home[tag]; other != "" {
				t.Errorf("%s is in %s and %s", tag, other, p.name)
			}
			home[tag] = p.name
		}
	}
}
