package api_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
)

// TestVerificationKeepsNull encodes a time that is not set as null, which most types
// of verification require, and leaves out members that only some types have.
func TestVerificationKeepsNull(t *testing.T) {
	t.Parallel()
	const text = `{"object":"verification_admin","status":"verified","strategy":"admin","attempts":null,"expire_at":null}`
	var v api.Verification
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(&v)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, string(got)); diff != "" {
		t.Errorf("(-decoded +encoded):\n%s", diff)
	}
}
