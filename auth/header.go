package auth

import (
	"net/http"
	"strings"
)

// headerToken reads the token that the Authorization header carries. A header
// of another scheme carries none, so cookies are asked next; a value with no
// scheme is a token. Several headers cannot be ordered and are reported as
// ambiguous.
func headerToken(h http.Header) (token string, ambiguous bool) {
	values := h["Authorization"]
	if len(values) == 0 {
		return "", false
	}
	if len(values) > 1 {
		return "", true
	}
	scheme, rest, _ := strings.Cut(strings.Trim(values[0], " \t"), " ")
	rest, _, _ = strings.Cut(rest, " ")
	switch bearer := strings.EqualFold(scheme, "Bearer"); {
	case bearer:
		return rest, false
	case rest == "":
		return scheme, false
	default:
		return "", false
	}
}
