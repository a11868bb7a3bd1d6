package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestOnlyAResponseThatIsReceivedIsAnAnswer checks tokens for a client that waits, and for
// one that is gone, such as after a check that hung and whose token was revoked meanwhile.
func TestOnlyAResponseThatIsReceivedIsAnAnswer(t *testing.T) {
	clock := newClock(1)
	h := newHistory(clock)
	e, err := newEmulator(clock, h)
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	gone, leave := context.WithCancel(t.Context())
	leave()
	for name, test := range map[string]struct {
		ctx  context.Context
		want bool
	}{"waits": {t.Context(), false}, "is gone": {gone, true}} {
		h.checks.until = time.Time{}
		began := time.Now()
		r := httptest.NewRequestWithContext(test.ctx, http.MethodPost, "/v1/api_keys/verify", strings.NewReader(`{"secret": "ak_none"}`))
		r.Header.Set("Authorization", "Bearer "+e.SecretKey())
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		e.serve(w, r)
		if w.Code != http.StatusNotFound {
			t.Fatalf("a client that %s: status %d %s", name, w.Code, w.Body)
		}
		if got := h.checks.wrong(began, began); got != test.want {
			t.Errorf("a client that %s: the check went wrong is %t", name, got)
		}
	}
}
