package description

import (
	"fmt"
	"slices"
)

// billing has every operation with the Billing tag, even if another tag comes first.
const billing = "billing"

// packages lists the Go packages with the tags whose operations they serve.
var packages = []struct {
	name string
	tags []string
}{
	{"users", []string{"Users", "Email Addresses", "Phone Numbers"}},
	{"sessions", []string{"Sessions", "Clients", "Sign-in Tokens", "Actor Tokens", "Agent Tasks", "Testing Tokens", "Sign Ups"}},
	{"organizations", []string{
		"Organizations", "Organization Domains", "Organization Invitations", "Organization Memberships",
		"Organization Roles", "Organization Permissions", "Role Sets",
	}},
	{"invitations", []string{"Invitations", "Waitlist Entries", "Allow-list / Block-list"}},
	{"machines", []string{"Machines", "M2M Tokens", "API Keys"}},
	{"oauth", []string{"OAuth Applications", "OAuth Access Tokens"}},
	{"enterprise", []string{
		"Enterprise Connections", "SAML Connections", "Directories", "SCIM Directories", "Admin Portal Link Tokens",
	}},
	{billing, []string{"Billing"}},
	{"instance", []string{
		"Instance Settings", "Beta Features", "Domains", "Redirect URLs", "Proxy Checks", "Email & SMS Templates",
		"JWT Templates", "JWKS", "Webhooks", "Miscellaneous",
	}},
}

// Packages returns the names of the Go packages with operations.
func Packages() []string {
	names := make([]string, len(packages))
	for i, p := range packages {
		names[i] = p.name
	}
	return names
}

// PackageOf returns the Go package of an operation with these tags: that of the first
// tag, or billing if the Billing tag is among them. An unknown tag is an error, so that
// somebody decides where a new one belongs.
func PackageOf(tags []string) (string, error) {
	home := ""
	for _, tag := range tags {
		i := slices.IndexFunc(packages, func(p struct {
			name string
			tags []string
		}) bool {
			return slices.Contains(p.tags, tag)
		})
		if i < 0 {
			return "", fmt.Errorf("no package serves the tag %q: internal/tools/description/packages.go places it", tag)
		}
		if home == "" || packages[i].name == billing {
			home = packages[i].name
		}
	}
	if home == "" {
		return "", fmt.Errorf("no tag names the package")
	}
	return home, nil
}
