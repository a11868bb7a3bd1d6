package auth

import (
	"strings"
	"testing"
)

// Claims that differ only in case must not be taken for each other: verification reads
// one of them, and encoding/json would decode the other.
func TestClaimsThatDifferInCaseAreNotDecodedIntoAStruct(t *testing.T) {
	t.Parallel()
	caller := authFor(t, withClaims(map[string]any{"role": "user", "Sub": "user_b", "ROLE": "admin"}))
	if caller.UserID != testUser {
		t.Errorf("user is %q", caller.UserID)
	}
	type custom struct{ Sub, Role string }
	got, err := ClaimsAs[custom](caller)
	if err == nil || got != (custom{}) || !strings.Contains(err.Error(), "differ only in case") {
		t.Errorf("decoded %+v, %v", got, err)
	}
	all, err := ClaimsAs[map[string]any](caller)
	if err != nil || all["role"] != "user" || all["ROLE"] != "admin" {
		t.Errorf("a map is %v, %v", all, err)
	}
}
