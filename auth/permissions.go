package auth

import (
	"math/big"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// organization is the active organization of a session, in the form in which the token
// has it. The permissions are decoded when they are asked for.
type organization struct {
	id, slug string
	role     string // without its prefix in version 2
	// permissions is a JSON list in version 1, a comma list of names in version 2.
	permissions string
	masks       string
}

// organizationClaims are the claims about the organization: one object in version 2,
// separate claims in version 1.
type organizationClaims struct {
	whole                       strictjson.Value
	id, slug, role, permissions strictjson.Value
}

func (o organizationClaims) plain() organization {
	org := organization{id: o.id.Str(), slug: o.slug.Str(), role: o.role.Str()}
	if o.permissions.Kind == '[' {
		org.permissions = o.permissions.Text
	}
	return org
}

func (o organizationClaims) compact() organization {
	var org organization
	if o.whole.Kind != '{' {
		return org
	}
	strictjson.Object(o.whole.Text, func(name string, v strictjson.Value) {
		switch name {
		case "id":
			org.id = v.Str()
		case "slg":
			org.slug = v.Str()
		case "rol":
			org.role = v.Str()
		case "per":
			org.permissions = v.Str()
		case "fpm":
			org.masks = v.Str()
		}
	})
	return org
}

// OrganizationID returns the ID of the active organization, or "" without one.
func (c *Claims) OrganizationID() string { return c.organization.id }

// OrganizationSlug returns the slug of the active organization, or "" without one or if
// the instance has no slugs.
func (c *Claims) OrganizationSlug() string { return c.organization.slug }

// OrganizationRole returns the user's role in the active organization, such as
// "org:admin", or "" without an active organization.
func (c *Claims) OrganizationRole() string {
	if c.version == 2 && c.organization.role != "" {
		return "org:" + c.organization.role
	}
	return c.organization.role
}

// OrganizationPermissions returns a copy of the user's custom permissions in the active
// organization, such as "org:invoices:read". System permissions ("org:sys_…") are in no
// token.
func (c *Claims) OrganizationPermissions() []string {
	if c.version != 2 {
		return permissionList(c.organization.permissions)
	}
	return decodePermissions(c.features, c.organization.permissions, c.organization.masks)
}

func permissionList(text string) []string {
	var list []string
	strictjson.List(text, func(v strictjson.Value) {
		if v.Kind == '"' {
			list = append(list, v.Text)
		}
	})
	return list
}

// splitByScope splits a comma list of scope:value, the form of the claims fea and pla,
// into the organization's and the user's values; other scopes are left out. ok is
// false, and both lists are empty, if an entry has no scope.
func splitByScope(list string) (org, user []string, ok bool) {
	if list == "" {
		return nil, nil, true
	}
	for entry := range strings.SplitSeq(list, ",") {
		scope, value, found := strings.Cut(strings.TrimSpace(entry), ":")
		if !found {
			return nil, nil, false
		}
		switch scope {
		case "o":
			org = append(org, value)
		case "u":
			user = append(user, value)
		case "ou", "uo":
			org, user = append(org, value), append(user, value)
		}
	}
	return org, user, true
}

// maskedFeatures returns the features that the masks of fpm belong to, one by one: the
// organization's features in their order, so that a feature of the user alone has no
// mask. Clerk's public description also counts the user's features; which of the two
// holds is decided here and nowhere else.
func maskedFeatures(features string) []string {
	org, _, _ := splitByScope(features)
	return org
}

// decodePermissions expands the compact form: bit j of mask i grants permission j on
// feature i.
func decodePermissions(features, permissions, masks string) []string {
	granted := []string{}
	if permissions == "" || masks == "" {
		return granted
	}
	names := splitTrimmed(permissions)
	bits := splitTrimmed(masks)
	for i, feature := range maskedFeatures(features) {
		if i >= len(bits) {
			break
		}
		// There may be more permissions than bits in a machine word.
		mask, ok := parseMask(bits[i])
		if !ok {
			continue
		}
		for j, name := range names {
			if mask.Bit(j) == 1 {
				granted = append(granted, "org:"+feature+":"+name)
			}
		}
	}
	return granted
}

func splitTrimmed(list string) []string {
	parts := strings.Split(list, ",")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
	}
	return parts
}

// parseMask accepts digits alone: math/big would also allow a sign.
func parseMask(text string) (*big.Int, bool) {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	return new(big.Int).SetString(text, 10)
}

// permissionsAmbiguous reports whether the two readings of the masks differ for this
// token: the user has features of their own, and there are as many masks as features in
// all.
func (c *Claims) permissionsAmbiguous() bool {
	if c.version != 2 || c.organization.masks == "" {
		return false
	}
	all := strings.Count(c.features, ",") + 1
	if strings.Count(c.organization.masks, ",")+1 != all {
		return false
	}
	_, _, ok := splitByScope(c.features)
	return ok && len(maskedFeatures(c.features)) < all
}
