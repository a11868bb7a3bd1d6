package auth

import (
	"net/http"
	"slices"
)

// credentials are the lines of a request that say who sent it.
type credentials struct {
	authorization, cookie []string
	room                  [2]string // for one line of each, as almost every request has
}

// keep sets the credentials to those of h. It copies the lines, because the header can
// change later; the lines themselves cannot. A value that keeps credentials must not be
// copied.
func (c *credentials) keep(h http.Header) {
	c.authorization = append(c.room[0:0:1], h["Authorization"]...)
	c.cookie = append(c.room[1:1:2], h["Cookie"]...)
}

// sentBy reports whether h has these lines, in this order, and no others.
func (c *credentials) sentBy(h http.Header) bool {
	return slices.Equal(c.authorization, h["Authorization"]) && slices.Equal(c.cookie, h["Cookie"])
}
