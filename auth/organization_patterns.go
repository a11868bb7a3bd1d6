package auth

import (
	"errors"
	"fmt"

	"github.com/backend-sdk/clerk-go/auth/internal/pathpattern"
)

func compilePatterns(patterns []string) ([]*pathpattern.Pattern, error) {
	compiled := make([]*pathpattern.Pattern, 0, len(patterns))
	for _, pattern := range patterns {
		if pattern == "" {
			return nil, errors.New("a path pattern is empty")
		}
		p, err := pathpattern.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("path pattern %q: %w", pattern, err)
		}
		compiled = append(compiled, p)
	}
	return compiled, nil
}

// organizationPatterns say which organization a path belongs to.
type organizationPatterns struct {
	organizations, personal []*pathpattern.Pattern
}

func (p *organizationPatterns) any() bool { return len(p.organizations)+len(p.personal) > 0 }

// organizationTarget is an organization, by its ID or slug, or without either the
// personal account.
type organizationTarget struct{ id, slug string }

func (t organizationTarget) idOrSlug() string {
	if t.id != "" {
		return t.id
	}
	return t.slug
}

func (t organizationTarget) activeIn(c *Claims) bool {
	switch {
	case t.id != "":
		return t.id == c.OrganizationID()
	case t.slug != "":
		return t.slug == c.OrganizationSlug()
	default:
		return c.OrganizationID() == ""
	}
}

// target returns what the path belongs to, if a pattern matches.
func (p *organizationPatterns) target(path string) (target organizationTarget, found bool) {
	for _, pattern := range p.organizations {
		values, ok := pattern.Match(path)
		if !ok {
			continue
		}
		if id := values["id"]; id != "" {
			return organizationTarget{id: id}, true
		}
		if slug := values["slug"]; slug != "" {
			return organizationTarget{slug: slug}, true
		}
		break
	}
	for _, pattern := range p.personal {
		if _, ok := pattern.Match(path); ok {
			return organizationTarget{}, true
		}
	}
	return organizationTarget{}, false
}
