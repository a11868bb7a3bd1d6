package clerktest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestNothingNamesWhatIsDeleted deletes an owner of resources of every kind and reads the
// whole instance.
func TestNothingNamesWhatIsDeleted(t *testing.T) {
	t.Parallel()
	toOwner := strings.NewReplacer(`"owner_id":"user_1"`, `"owner_id":"OWNER"`, `"subject":"user_1"`, `"subject":"OWNER"`, keySubject, "OWNER")
	for path, id := range map[string]string{"/users/user_1": "user_1", "/organizations/org_1": "org_1"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			seed := parseSeed(t, strings.ReplaceAll(toOwner.Replace(populationSeed(t)), "OWNER", id))
			instance := startInstance(t, clerktest.WithSeed(seed))
			before := listsThatName(t, instance, id)
			for _, list := range []string{"api_keys", "oauth_tokens", "subscription_items", "credits"} {
				if !slices.Contains(before, list) {
					t.Errorf("no resource of %s is in the name of %s: %q", list, id, before)
				}
			}
			if got := send(t, instance, "DELETE", path, ""); got.status != 200 {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if after := listsThatName(t, instance, id); len(after) > 0 {
				t.Errorf("%q still name %s", after, id)
			}
			if seed := instance.Seed(); len(seed.DiscountRedemptions) > 0 {
				t.Error("a discount has no subscription item:", seed.DiscountRedemptions[0].ID)
			}
		})
	}
}

// listsThatName returns the names of the lists of an instance's seed that have the ID.
func listsThatName(t *testing.T, instance *clerktest.Instance, id string) (names []string) {
	t.Helper()
	text, err := json.Marshal(instance.Seed())
	if err != nil {
		t.Fatal(err)
	}
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(text, &lists); err != nil {
		t.Fatal(err)
	}
	for name, list := range lists {
		if strings.Contains(string(list), `"`+id+`"`) {
			names = append(names, name)
		}
	}
	return names
}
