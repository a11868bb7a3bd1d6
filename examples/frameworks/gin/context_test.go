package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

// gin's own context knows the caller with ContextWithFallback alone.
func TestContextOfGin(t *testing.T) {
	instance, authn := table.Emulate(t)
	token := instance.Token(clerktest.ForUser("user_1"))
	for name, fallback := range map[string]bool{"as it is": false, "with ContextWithFallback": true} {
		t.Run(name, func(t *testing.T) {
			engine := gin.New()
			engine.ContextWithFallback = fallback
			engine.GET("/", wrap(authn.Require()), func(c *gin.Context) {
				if caller := auth.FromContext(c.Request.Context()); caller.UserID != "user_1" {
					t.Errorf("the context of the request has %v", caller)
				}
				if caller := auth.FromContext(c); errors.Is(caller.Err(), auth.ErrNoMiddleware) == fallback || (caller.UserID == "user_1") != fallback {
					t.Errorf("gin's own context has %v, %v", caller, caller.Err())
				}
				c.Status(http.StatusNoContent)
			})
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			table.Bearer(token)(r)
			w := httptest.NewRecorder()
			engine.ServeHTTP(w, r)
			if w.Code != http.StatusNoContent {
				t.Errorf("status %d, body %s", w.Code, w.Body)
			}
		})
	}
}
