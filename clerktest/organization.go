package clerktest

import (
	"slices"
	"strconv"
	"strings"
)

// Organization describes the active organization of a session, as its tokens do.
type Organization struct {
	ID          string   `json:"id"`
	Name        string   `json:"name,omitempty"`
	Slug        string   `json:"slug,omitempty"`
	Role        string   `json:"role,omitempty"`        // such as "org:admin"
	Permissions []string `json:"permissions,omitempty"` // such as "org:invoices:read"
}

// addVersion2Claims adds the claims of a version 2 token: o for the organization,
// fea for its features, and the permissions as one bit mask per feature.
func (o *Organization) addVersion2Claims(claims map[string]any) {
	var features, actions []string
	var masks []uint64
	for _, permission := range o.Permissions {
		feature, action, ok := strings.Cut(strings.TrimPrefix(permission, "org:"), ":")
		// Tokens do not contain system permissions.
		if !ok || strings.HasPrefix(feature, "sys_") {
			continue
		}
		f := slices.Index(features, feature)
		if f < 0 {
			f = len(features)
			features, masks = append(features, feature), append(masks, 0)
		}
		a := slices.Index(actions, action)
		if a < 0 {
			a = len(actions)
			actions = append(actions, action)
		}
		masks[f] |= 1 << a
	}
	org := map[string]any{"id": o.ID, "rol": strings.TrimPrefix(o.Role, "org:"), "slg": o.Slug}
	if len(features) > 0 {
		texts := make([]string, len(masks))
		for i, mask := range masks {
			texts[i] = strconv.FormatUint(mask, 10)
			features[i] = "o:" + features[i]
		}
		org["per"], org["fpm"] = strings.Join(actions, ","), strings.Join(texts, ",")
		claims["fea"] = strings.Join(features, ",")
	}
	claims["o"] = org
}

// addVersion1Claims adds the claims of a version 1 token.
func (o *Organization) addVersion1Claims(claims map[string]any) {
	claims["org_id"], claims["org_slug"], claims["org_role"] = o.ID, o.Slug, o.Role
	permissions := make([]string, 0, len(o.Permissions))
	for _, p := range o.Permissions {
		if !strings.HasPrefix(p, "org:sys_") {
			permissions = append(permissions, p)
		}
	}
	claims["org_permissions"] = permissions
}
