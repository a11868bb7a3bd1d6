package auth

import (
	"net/http"
	"slices"
	"strings"
)

// byCaller is the Vary field of every response.
const byCaller = "Authorization, Cookie"

// addVary keeps caches from sending the response for one caller to another.
func (rec *record) addVary(h http.Header) {
	lines := h["Vary"]
	switch {
	case len(lines) == 0:
		rec.vary[0] = byCaller
		h["Vary"] = rec.vary[:]
	case !slices.ContainsFunc(lines, variesByCaller):
		h["Vary"] = append(lines, byCaller)
	}
}

func variesByCaller(line string) bool {
	authorization, cookie := false, false
	for field := range strings.SplitSeq(line, ",") {
		field = strings.TrimSpace(field)
		if field == "*" {
			return true
		}
		authorization = authorization || strings.EqualFold(field, "Authorization")
		cookie = cookie || strings.EqualFold(field, "Cookie")
	}
	return authorization && cookie
}
