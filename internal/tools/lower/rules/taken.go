package rules

import (
	"strings"

	"github.com/backend-sdk/clerk-go/internal/tools/lower/surface"
)

// takeLiterals records the values of each path parameter that are another operation:
// GET /users/count counts the users and does not fetch the one with the id count.
func takeLiterals(s *surface.Surface) {
	var all []*surface.Operation
	for _, p := range s.Domains {
		all = append(all, p.Operations...)
	}
	for _, o := range all {
		for _, other := range all {
			if id, literal := taken(o, other); id >= 0 {
				o.IDs[id].Taken = append(o.IDs[id].Taken, literal)
			}
		}
	}
}

// taken returns the index of the one path parameter of o that is a literal segment in
// the otherwise equal path of other, and -1 without one.
func taken(o, other *surface.Operation) (id int, literal string) {
	own, others := strings.Split(o.Path, "/"), strings.Split(other.Path, "/")
	if o.Method != other.Method || len(own) != len(others) {
		return -1, ""
	}
	id = -1
	placeholders := 0
	for i, segment := range own {
		placeholder, same := isPlaceholder(segment), isPlaceholder(segment) == isPlaceholder(others[i])
		switch {
		case placeholder && !same && id < 0:
			id, literal = placeholders, others[i]
		case !same || !placeholder && segment != others[i]:
			return -1, ""
		}
		if placeholder {
			placeholders++
		}
	}
	return id, literal
}

func isPlaceholder(segment string) bool { return strings.HasPrefix(segment, "{") }
