package knowndiffs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// Overreach lists the rows that changed more of the case, or of its outcomes, than
// they name.
func (v *Verdict) Overreach(theirs []peer.Outcome) (list []string) {
	for i, s := range v.steps {
		for _, part := range Parts(v.Versions[i], v.Versions[i+1]) {
			if !named(s.row.Rewrites, part) {
				list = append(list, fmt.Sprintf("%s rewrites %s", s.row.ID, part))
			}
		}
	}
	outcome := v.restored(theirs[len(theirs)-1], len(theirs)-1)
	for _, row := range v.amend {
		amended := outcome.Clone()
		row.Amend(v.Versions[len(v.Versions)-1], &amended)
		list = append(list, row.overreach(outcome, amended)...)
		outcome = amended
	}
	return list
}

func (row *Row) overreach(before, after peer.Outcome) (list []string) {
	if slices.Equal(row.Amends, everything) {
		if after.Error == "" && !Same(before, after) && (after.Auth.IsAuthenticated || after.PendingAuth.IsAuthenticated || after.EndpointAuth.IsAuthenticated) {
			return []string{row.ID + " changes every field, and a caller is signed in"}
		}
		return nil
	}
	for _, field := range Fields(before, after) {
		if !named(row.Amends, field) {
			list = append(list, fmt.Sprintf("%s changes %s", row.ID, field))
		}
	}
	return list
}

// named reports whether a part is one of the names or belongs to one.
func named(names []string, part string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return part == name || strings.HasPrefix(part, name+".") })
}
