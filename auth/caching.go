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

// personal is the Cache-Control of a response to a caller whom a cookie signed in, unless
// the response also sets cookies. There are shared caches that ignore a Vary field with
// Cookie in it. What a token in the Authorization field was answered with they keep only
// if the response says so.
const personal = "private"

// addCacheControl keeps shared caches from storing the response, as far as nobody did
// that before.
func (rec *record) addCacheControl(h http.Header) {
	if !slices.ContainsFunc(h["Cache-Control"], isPrivate) {
		rec.cache[0] = personal
		h["Cache-Control"] = rec.cache[:]
	}
}

// isPrivate reports whether a line of Cache-Control keeps the whole response from shared
// caches. With an argument, private speaks of single fields.
func isPrivate(line string) bool {
	for directive := range strings.SplitSeq(line, ",") {
		directive = strings.TrimSpace(directive)
		if strings.EqualFold(directive, "private") || strings.EqualFold(directive, "no-store") {
			return true
		}
	}
	return false
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
