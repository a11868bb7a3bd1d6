package auth

import (
	"net/http"
	"slices"
	"strings"
)

// challenges make the WWW-Authenticate fields of an endpoint (RFC 6750, RFC 9728).
type challenges struct {
	document string       // the URL of the resource's metadata, or ""
	scope    string       // all scopes that the endpoint requires, or "" if there are none or a choice
	unscoped *conjunction // what else it requires; nil if it requires no scopes
}

// newChallenges returns those of an endpoint that requires want and accepts these types.
func newChallenges(a *Authenticator, want *conjunction, accepted acceptance) challenges {
	var c challenges
	if a.ready() && a.resource != nil && accepted.accepted().has(OAuthToken) {
		c.document = a.resource.document
	}
	if scopes := want.scopes(); !slices.ContainsFunc(scopes, func(scope string) bool { return !isScopeToken(scope) }) {
		c.scope = strings.Join(scopes, " ")
	}
	if unscoped, found := want.withoutScopes(); found {
		c.unscoped = unscoped
	}
	return c
}

// scopes returns the scopes that meet c, as far as nobody can meet it without one of them:
// those of an AnyOf count if each of its branches has some.
func (c *conjunction) scopes() []string {
	var all []string
	add := func(scopes []string) {
		for _, scope := range scopes {
			if !slices.Contains(all, scope) {
				all = append(all, scope)
			}
		}
	}
	for _, check := range c.checks {
		if check.scope != "" {
			add([]string{check.scope})
		}
	}
	for _, one := range c.choices {
		var union []string
		for i := range one.branches {
			scopes := one.branches[i].scopes()
			if len(scopes) == 0 {
				union = nil
				break
			}
			union = append(union, scopes...)
		}
		add(union)
	}
	return all
}

// withoutScopes returns c without its scopes, and whether it has any.
func (c *conjunction) withoutScopes() (rest *conjunction, found bool) {
	copied := *c
	copied.checks = slices.DeleteFunc(slices.Clone(c.checks), func(check Check) bool { return check.scope != "" })
	found = len(copied.checks) < len(c.checks)
	copied.choices = nil
	for _, one := range c.choices {
		var branches []conjunction
		for i := range one.branches {
			branch, scoped := one.branches[i].withoutScopes()
			branches, found = append(branches, *branch), found || scoped
		}
		copied.choices = append(copied.choices, choice{branches})
	}
	return &copied, found
}

// add completes a refusal of the endpoint with the field that says what to do about it.
func (c *challenges) add(h http.Header, f *Refusal, caller *Auth, r *http.Request) {
	var parameters []string
	parameter := func(name, value string) {
		if quoted, ok := quotedString(value); ok && value != "" {
			parameters = append(parameters, name+"="+quoted)
		}
	}
	switch f.Status {
	case http.StatusUnauthorized:
		if token, ambiguous := headerToken(r.Header); token != "" || ambiguous {
			parameter("error", "invalid_token")
			if c.document != "" {
				parameter("error_description", f.Message)
			}
		}
		parameter("resource_metadata", c.document)
		if c.document != "" {
			parameter("scope", c.scope)
		}
	case http.StatusForbidden:
		if f.Reverification != nil || c.unscoped == nil || c.unscoped.judge(caller, r, acceptance{}) != nil {
			return
		}
		parameter("error", "insufficient_scope")
		parameter("scope", c.scope)
		parameter("resource_metadata", c.document)
	default:
		return
	}
	f.Challenge = strings.TrimRight("Bearer "+strings.Join(parameters, ", "), " ")
	if c.document != "" {
		h.Add("Access-Control-Expose-Headers", "WWW-Authenticate")
	}
}

// quotedString returns text as a quoted-string of RFC 9110, unless it has a character that
// a header field cannot hold in every reader's eyes.
func quotedString(text string) (quoted string, ok bool) {
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", false
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`, true
}
