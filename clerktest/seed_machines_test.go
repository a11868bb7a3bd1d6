package clerktest_test

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	gocmp "github.com/google/go-cmp/cmp"
)

// TestMachineSeed checks machines, keys and tokens in a seed, and the seeds that are
// refused.
func TestMachineSeed(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	if diff := gocmp.Diff(dump(t, i), dump(t, startSeeded(t, dump(t, i)))); diff != "" {
		t.Errorf("an instance with the seed of another differs (-want +got):\n%s", diff)
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
			seed.SigningKey = signingKey
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
