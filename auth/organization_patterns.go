package auth

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"

	"github.com/backend-sdk/clerk-go/auth/internal/pathpattern"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
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

// OrganizationOfPath requires that the active organization is the one that the path names,
// by [WithOrganizationPatterns], or that none is active where [WithPersonalAccountPatterns]
// match; otherwise the response is 403 with [ReasonActiveOrganizationMismatch]. A path that
// no pattern matches asks nothing. The path is the one that was sent, and also that path
// without its escapes, repeated slashes and dots, so that no other spelling of a path gets
// around this.
//
// The patterns alone lead page loads to Clerk to activate the organization, and let
// scripts and sockets pass. An API key of the organization passes where the path names its
// ID; no other machine token meets a pattern. In [Authorize], which knows no path, nobody
// meets OrganizationOfPath.
func OrganizationOfPath() Requirement { return organizationOfPath{} }

type organizationOfPath struct{}

func (organizationOfPath) require(all *conjunction) { all.ofPath = true }

// belongsTo reports whether the caller belongs to the organization, or the personal account,
// that the path of r names.
func (a *Auth) belongsTo(r *http.Request) bool {
	if r == nil || a.record.owner == nil {
		return false
	}
	sent, ok := weburl.RequestPath(r)
	plain, err := url.PathUnescape(sent)
	if !ok || err != nil {
		return false
	}
	for _, spelling := range [...]string{sent, path.Clean(plain)} {
		if target, found := a.record.owner.organizations.target(spelling); found && !a.belongsToTarget(target) {
			return false
		}
	}
	return true
}

func (a *Auth) belongsToTarget(target organizationTarget) bool {
	if claims := a.sessionClaims(); claims != nil {
		return target.activeIn(claims)
	}
	m := a.machine()
	return m != nil && m.kind == APIKey && target.id != "" && m.subject == target.id
}
