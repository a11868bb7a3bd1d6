package api_test

import (
	"cmp"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
)

// TestAccountToDisconnectIsNamedByItsExternalAccountID follows the comment of
// users.DeleteExternalAccount.
func TestAccountToDisconnectIsNamedByItsExternalAccountID(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"external_accounts":[{"object":"google_account","id":"idn_1","external_account_id":"eac_1"}]}`: "eac_1",
		`{"external_accounts":[{"object":"external_account","id":"eac_2","provider":"oauth_github"}]}`:   "eac_2",
	} {
		account := decode[api.User](t, data).ExternalAccounts[0]
		if got := cmp.Or(account.ExternalAccountID, account.ID); got != want {
			t.Errorf("%s: the id is %q, want %q", data, got, want)
		}
	}
}
