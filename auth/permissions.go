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
	role     string // in version 2 without its prefix
	// permissions is a JSON list in version 1, a comma list of names in version 2.
	permissions string
	masks       string
}

// organizationClaims are the claims from which an organization is made: one object in
// version 2, claims side by side in version 1.
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

// OrganizationID is the id of the active organization, and "" when none is active.
func (c *Claims) OrganizationID() string { return c.organization.id }

// OrganizationSlug is the slug of the active organization, and "" when none is active or
// the instance has no slugs.
func (c *Claims) OrganizationSlug() string { return c.organization.slug }

// OrganizationRole is the user's role in the active organization, as in "org:admin", and
// "" when no organization is active.
func (c *Claims) OrganizationRole() string {
	if c.version == 2 && c.organization.role != "" {
		return "org:" + c.organization.role
	}
	return c.organization.role
}

// OrganizationPermissions gives the user's custom permissions in the active organization,
// as in "org:invoices:read". System permissions, "org:sys_…", are in no token. The slice
// is the caller's own.
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

// splitByScope divides a comma list of scope:value, as the claims fea and pla are, into
// what the organization has and what the user has; scopes of other kinds are left out.
// ok is false, and both lists are empty, when an entry has no scope.
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

// maskedFeatures gives the features that the masks of fpm stand for, one by one: the
// organization's features in their order, so that a feature of the user alone takes up no
// mask. Clerk's public description counts the user's features, too; which of the two
// holds is decided here and nowhere else.
func maskedFeatures(features string) []string {
	org, _, _ := splitByScope(features)
	return org
}

// decodePermissions undoes the compact form: bit j of mask i grants permission j on
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
		// There may be more permissions than any machine word has bits.
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

// parseMask takes digits alone: math/big would allow signs and underscores.
func parseMask(text string) (*big.Int, bool) {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	return new(big.Int).SetString(text, 10)
}

// permissionsAmbiguous tells that the two readings of the masks differ for this token:
// the user has features of their own, and there are as many masks as features in all.
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
