package clerktest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/instance"
)

// TestFrontendPublishesTheKeysOfTheBackend reads them without a secret key.
func TestFrontendPublishesTheKeysOfTheBackend(t *testing.T) {
	t.Parallel()
	emulated := startSuffixed(t, false)
	want, err := instance.GetJWKS(t.Context(), emulated.Client())
	if err != nil {
		t.Fatal(err)
	}
	resp, body := visit(t, emulated).do(t, "/.well-known/jwks.json", nil, nil)
	var got api.JWKS
	if err := json.Unmarshal([]byte(body), &got); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s: %v", resp.StatusCode, body, err)
	}
	if diff := cmp.Diff(want, &got, cmpopts.IgnoreFields(api.JWK{}, "Raw")); diff != "" || len(got.Keys) != 1 {
		t.Errorf("keys (-backend +frontend):\n%s", diff)
	}
}
