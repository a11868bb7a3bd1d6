package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// wrap makes middleware of net/http into middleware of gin.
func wrap(middleware func(http.Handler) http.Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		passed := false
		middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			passed = true
			c.Request = r
			c.Next()
		})).ServeHTTP(c.Writer, c.Request)
		if !passed {
			c.Abort() // or gin calls the handler of a caller who was refused
		}
	}
}
