package auth

import (
	"net/http"
	"testing"
)

func TestIllegalHeaderValueIsNotSent(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"plain": true, "tab\t": true, "caf\u00e9": true, "line\nbreak": false, "return\r": false, "nul\x00": false, "\u0100": false,
	} {
		rec := &record{reason: ReasonTokenInvalid, message: value}
		h := make(http.Header)
		rec.explain(h)
		if got := h.Get("X-Clerk-Auth-Message") != ""; got != want {
			t.Errorf("message %q sent = %t, want %t", value, got, want)
		}
	}
}
