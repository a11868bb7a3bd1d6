package auth

import (
	"fmt"
	"slices"
	"strings"
)

// Check is a condition on a caller; see [Auth.Has]. [Scope] applies to machine tokens,
// every other check to sessions. The zero Check is never satisfied.
type Check struct {
	satisfied      func(*Claims) bool
	ofMachine      func(*machine) bool
	reverification *reverification  // instead of the others, for what verifying again can satisfy
	ofAnybody      func(*Auth) bool // instead of the others, for whoever is authenticated
	scope          string           // the name of a Scope
	text           string           // as it is written
	fault          string           // why nobody can satisfy it, or ""
}

// Has reports whether the caller is authenticated and satisfies every check. It returns
// false without checks, for empty names, and for everything that the token does not
// say: system permissions (org:sys_…), for example, are in no token, and machine tokens
// have no roles, permissions, features or plans.
func (a *Auth) Has(checks ...Check) bool {
	if len(checks) == 0 {
		return false
	}
	return !slices.ContainsFunc(checks, func(c Check) bool { return !c.holds(a) })
}

func (c Check) holds(a *Auth) bool {
	if c.ofAnybody != nil {
		return a.IsAuthenticated() && c.ofAnybody(newAuth(a.record, a.authOptions))
	}
	if claims := a.sessionClaims(); claims != nil {
		if c.reverification != nil {
			return c.reverification.fresh(claims, a.record.owner.tokens.now())
		}
		return c.satisfied != nil && c.satisfied(claims)
	}
	m := a.machine()
	return m != nil && c.ofMachine != nil && c.ofMachine(m)
}

// Scope requires that a machine token has a scope: for an API key or OAuth token what
// it may be used for, for an M2M token the machine that it is meant for.
func Scope(name string) Check {
	return Check{scope: name, ofMachine: func(m *machine) bool { return name != "" && slices.Contains(m.scopes, name) }}.named("Scope", name, name != "")
}

// Role requires a role in the active organization, such as org:admin; the prefix org:
// is optional.
func Role(name string) Check {
	want := withOrgPrefix(name)
	return Check{satisfied: func(c *Claims) bool {
		have := c.OrganizationRole()
		return name != "" && have != "" && c.OrganizationID() != "" && withOrgPrefix(have) == want
	}}.named("Role", name, want != orgPrefix)
}

// Permission requires a permission in the active organization, such as
// org:invoices:create; the prefix org: is optional.
func Permission(name string) Check {
	want := withOrgPrefix(name)
	return Check{satisfied: func(c *Claims) bool {
		return name != "" && c.OrganizationID() != "" && slices.Contains(c.OrganizationPermissions(), want)
	}}.named("Permission", name, want != orgPrefix)
}

// Feature requires a feature of the plan of the user or the active organization. A
// prefix may say whose: org:reports or user:reports.
func Feature(name string) Check {
	return Check{satisfied: func(c *Claims) bool { return hasScoped(c.features, name) }}.scoped("Feature", name)
}

// Plan requires a plan of the user or the active organization. A prefix may say whose:
// org:pro or user:pro.
func Plan(name string) Check {
	return Check{satisfied: func(c *Claims) bool { return hasScoped(c.plans, name) }}.scoped("Plan", name)
}

// named returns c as it is written: a call of a function with a name.
func (c Check) named(function, name string, full bool) Check {
	c.text = fmt.Sprintf("%s(%q)", function, name)
	if !full {
		c.fault = "the name is empty"
	}
	return c
}

// scoped returns c as it is written, with a name that may have a prefix.
func (c Check) scoped(function, name string) Check {
	scope, id, prefixed := strings.Cut(name, ":")
	c = c.named(function, name, name != "" && (id != "" || !prefixed))
	if prefixed && scopeOf(scope) == unknownScope {
		c.fault = "its prefix is neither org nor user"
	}
	return c
}

const orgPrefix = "org:"

// withOrgPrefix returns the name with exactly one prefix.
func withOrgPrefix(name string) string {
	for strings.HasPrefix(name, orgPrefix) {
		name = name[len(orgPrefix):]
	}
	return orgPrefix + name
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
	switch scopeOf(scope) {
	case organizationScope:
		return slices.Contains(org, id)
	case userScope:
		return slices.Contains(user, id)
	default:
		return false
	}
}

// planScope is whose plan a feature or a plan is looked for in.
type planScope uint8

const (
	unknownScope planScope = iota
	organizationScope
	userScope
)

func scopeOf(prefix string) planScope {
	switch prefix {
	case "o", "org", "organization":
		return organizationScope
	case "u", "user":
		return userScope
	default:
		return unknownScope
	}
}
