package auth

import (
	"slices"
	"strings"
)

// Check is one thing that a caller may be asked for; see [Auth.Has]. [Scope] is
// asked of a machine's token, every other check of a session. The zero Check is
// never satisfied.
type Check struct {
	satisfied      func(*Claims) bool
	ofMachine      func(*machine) bool
	reverification *reverification // set for checks that a new sign-in can satisfy
}

// Has reports whether the caller is authenticated and satisfies every check. It
// is false with no checks, for names that are empty, and for whatever the token
// does not say: system permissions (org:sys_…), for one, are in no token, and no
// token of a machine has roles, permissions, features or plans.
func (a *Auth) Has(checks ...Check) bool {
	if len(checks) == 0 {
		return false
	}
	return !slices.ContainsFunc(checks, func(c Check) bool { return !c.holds(a) })
}

func (c Check) holds(a *Auth) bool {
	if claims := a.sessionClaims(); claims != nil {
		return c.satisfied != nil && c.satisfied(claims)
	}
	m := a.machine()
	return m != nil && c.ofMachine != nil && c.ofMachine(m)
}

// Scope asks that a machine's token has a scope: of an API key or an OAuth token
// what it may be used for, of an M2M token the machine it is meant for.
func Scope(name string) Check {
	return Check{ofMachine: func(m *machine) bool { return name != "" && slices.Contains(m.scopes, name) }}
}

// Role asks for a role in the active organization, such as org:admin; the org:
// may be left out.
func Role(name string) Check {
	want := withOrgPrefix(name)
	return Check{satisfied: func(c *Claims) bool {
		have := c.OrganizationRole()
		return name != "" && have != "" && c.OrganizationID() != "" && withOrgPrefix(have) == want
	}}
}

// Permission asks for a permission in the active organization, such as
// org:invoices:create; the org: may be left out.
func Permission(name string) Check {
	want := withOrgPrefix(name)
	return Check{satisfied: func(c *Claims) bool {
		return name != "" && c.OrganizationID() != "" && slices.Contains(c.OrganizationPermissions(), want)
	}}
}

// Feature asks for a feature of the user's or the active organization's plan.
// Before a colon the name may say whose: org:reports or user:reports.
func Feature(name string) Check {
	return Check{satisfied: func(c *Claims) bool { return hasScoped(c.features, name) }}
}

// Plan asks for a plan that the user or the active organization is on. Before a
// colon the name may say whose: org:pro or user:pro.
func Plan(name string) Check {
	return Check{satisfied: func(c *Claims) bool { return hasScoped(c.plans, name) }}
}

// withOrgPrefix gives the name exactly one prefix, however many it had.
func withOrgPrefix(name string) string {
	for strings.HasPrefix(name, "org:") {
		name = name[len("org:"):]
	}
	return "org:" + name
}

func hasScoped(claim, name string) bool {
	if claim == "" || name == "" {
		return false
	}
	org, user, ok := splitByScope(claim)
	if !ok {
		return false
	}
	scope, id, scoped := strings.Cut(name, ":")
	if !scoped {
		return slices.Contains(org, name) || slices.Contains(user, name)
	}
	if id, _, _ = strings.Cut(id, ":"); id == "" {
		id = scope
	}
	switch scope {
	case "o", "org", "organization":
		return slices.Contains(org, id)
	case "u", "user":
		return slices.Contains(user, id)
	default:
		return false
	}
}
