package clerktest_test

var (
	oneContact = []string{"idn_second"}
	onePhone   = []string{"idn_phone"}
	personOne  = []string{"user_9"}
)

// person is a user with everything that a user can have.
const person = `{"id": "user_9",
	"email_addresses": [{"email_address": "first@example.com"}, {"id": "idn_second", "email_address": "second@example.com", "reserved": true}],
	"phone_numbers": [{"id": "idn_phone", "phone_number": "+15555550110"}],
	"web3_wallets": [{"id": "idn_wallet", "web3_wallet": "0xfedcba9876543210fedcba9876543210fedcba98"}],
	"passkeys": [{"id": "idn_passkey", "name": "laptop"}],
	"external_accounts": [{"id": "eac_1", "provider": "oauth_google", "provider_user_id": "17"}]}`

var _ = populate(map[string]string{
	"verifications": `[
		{"id": "ver_email", "identification_id": "idn_second", "code": "111111"},
		{"id": "ver_phone", "identification_id": "idn_phone", "code": "111111"}]`,
	"credentials": `[{"user_id": "user_9", "password": "correct horse", "totp_secret": "JBSWY3DPEHPK3PXP", "backup_codes": ["spare one", "spare two"],
		"trusted_devices": [{"id": "td_1"}], "oauth_access_tokens": [{"provider": "oauth_google"}]}]`,
	"images": `[{"id": "img_1", "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVR4nGMAAQAABQABDQotxAAAAABJRU5ErkJggg=="}]`,
})

var _ = rightly(map[string]rightRequest{
	"CreateEmailAddress":              {body: map[string]any{"user_id": "user_9", "email_address": "third@example.com", "verified": true, "primary": true, "notify_primary_email_address_changed": true}},
	"GetEmailAddress":                 {ids: oneContact},
	"UpdateEmailAddress":              {ids: oneContact, body: map[string]any{"verified": true, "primary": true}},
	"DeleteEmailAddress":              {ids: oneContact},
	"PrepareEmailAddressVerification": {ids: oneContact},
	"AttemptEmailAddressVerification": {ids: oneContact, body: map[string]any{"verification_id": "ver_email", "code": "111111"}},
	"ReplaceUserEmailAddress":         {ids: oneUser, body: map[string]any{"email_address": "only@example.com", "identification_status": "reserved"}},
	"CreatePhoneNumber":               {body: map[string]any{"user_id": "user_9", "phone_number": "+15555550111", "verified": true, "reserved_for_second_factor": true}},
	"GetPhoneNumber":                  {ids: onePhone},
	"UpdatePhoneNumber":               {ids: onePhone, body: map[string]any{"verified": true, "reserved_for_second_factor": true}},
	"DeletePhoneNumber":               {ids: onePhone},
	"PreparePhoneNumberVerification":  {ids: onePhone},
	"AttemptPhoneNumberVerification":  {ids: onePhone, body: map[string]any{"verification_id": "ver_phone", "code": "111111"}},
	"ReplaceUserPhoneNumber":          {ids: personOne, body: map[string]any{"phone_number": "+15555550112"}},

	"VerifyPassword":           {ids: personOne, body: map[string]any{"password": "correct horse"}},
	"RemovePassword":           {ids: personOne, body: map[string]any{"sign_out_of_other_sessions": true}},
	"SetPasswordCompromised":   {ids: personOne, body: map[string]any{"revoke_all_sessions": true}},
	"UnsetPasswordCompromised": {ids: personOne},
	"VerifyTOTP":               {ids: personOne, body: map[string]any{"code": "spare one"}},
	"DeleteTOTP":               {ids: personOne},
	"DeleteBackupCodes":        {ids: personOne},
	"DisableMFA":               {ids: personOne},

	"ListOAuthAccessTokens": {ids: []string{"user_9", "oauth_google"}},
	"DeleteExternalAccount": {ids: []string{"user_9", "eac_1"}},
	"DeletePasskey":         {ids: []string{"user_9", "idn_passkey"}},
	"DeleteWeb3Wallet":      {ids: []string{"user_9", "idn_wallet"}},
	"ListTrustedDevices":    {ids: personOne},
	"RevokeTrustedDevice":   {ids: []string{"user_9", "td_1"}},
	"SetProfileImage":       {ids: personOne, file: "file"},
	"DeleteProfileImage":    {ids: personOne},
})
