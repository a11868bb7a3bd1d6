package clerktest_test

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	gocmp "github.com/google/go-cmp/cmp"
)

// TestMachineSeed shows that a seed holds machines and what they have, and what
// it may not hold.
func TestMachineSeed(t *testing.T) {
	t.Parallel()
	i := newPopulated(t)
	if diff := gocmp.Diff(dump(t, i), dump(t, newSeeded(t, dump(t, i)))); diff != "" {
		t.Errorf("an instance of what another holds differs (-held +got):\n%s", diff)
	}
	if m, err := machines.GetMachine(t.Context(), i.Client(), "mch_3"); err != nil || m.Name != "mch_3" || *m.DefaultTokenTTL != 3600 || m.CreatedAt == 0 {
		t.Errorf("the machine is %+v, %v", m, err)
	}
	for text, want := range map[string]string{
		`{"machines":[{"id":"user_1"}]}`:                                                         "machines[0].id",
		`{"machines":[{"id":"mch_1"},{"id":"mch_1"}]}`:                                           "machines[1]",
		`{"machines":[{"id":"mch_1","secret_key":"sk_test_1"}]}`:                                 "machines[0].secret_key",
		`{"machines":[{"id":"mch_1","default_token_ttl":-1}]}`:                                   "machines[0].default_token_ttl",
		`{"machines":[{"id":"mch_1","scoped_machines":["mch_2"]}]}`:                              "machines[0].scoped_machines",
		`{"machines":[{"id":"mch_1","surprise":1}]}`:                                             "machines[0].surprise",
		`{"api_keys":[{"secret":"sk_1","subject":"user_1"}]}`:                                    "api_keys[0]",
		`{"api_keys":[{"secret":"ak_1"}]}`:                                                       "api_keys[0]",
		`{"api_keys":[{"secret":"ak_1","subject":"user_1","id":"ak_1"}]}`:                        "api_keys[0]",
		`{"m2m_tokens":[{"token":"mt_1","subject":"user_1"}]}`:                                   "m2m_tokens[0]",
		`{"m2m_tokens":[{"token":"mt_1","subject":"mch_1"},{"token":"mt_1","subject":"mch_1"}]}`: "m2m_tokens[1]",
		`{"oauth_tokens":[{"token":"oat_1","subject":"user_1"}]}`:                                "oauth_tokens[0]",
		`{"oauth_tokens":[{"token":"oat 1","subject":"user_1","client_id":"c"}]}`:                "oauth_tokens[0]",
	} {
		seed, err := clerktest.ParseSeed([]byte(text))
		if err == nil {
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
