package main

import (
	"encoding/json"
	"fmt"
)

// user returns a user as the API sends it: two email addresses, a phone number, an
// account of an identity provider and metadata, about 3.6 KB.
func user(i int) map[string]any {
	id := fmt.Sprintf("user_%027d", i)
	created := 1716883200000 + i
	image := "https://img.example.com/eyJ0eXBlIjoicHJveHkiLCJzcmMiOiJodHRwczovL2ltYWdlcy5leGFtcGxlLmNvbS91cGxvYWRlZC9pbWdf" + id
	verification := func(strategy string) map[string]any {
		return map[string]any{
			"object": "verification_otp", "status": "verified", "strategy": strategy, "attempts": 1, "expire_at": created, "verified_at_client": nil,
		}
	}
	email := func(n int) map[string]any {
		return map[string]any{
			"id": fmt.Sprintf("idn_%024d%03d", i, n), "object": "email_address", "email_address": fmt.Sprintf("somebody.%d.%d@example.com", i, n),
			"reserved": false, "verification": verification("email_code"), "matches_sso_connection": false, "created_at": created, "updated_at": created + 1,
			"linked_to": []any{map[string]any{"type": "oauth_google", "id": fmt.Sprintf("idn_g%023d%03d", i, n)}},
		}
	}
	phone := map[string]any{
		"id": fmt.Sprintf("idn_p%026d", i), "object": "phone_number", "phone_number": "+15555550100", "reserved_for_second_factor": false,
		"default_second_factor": false, "reserved": false, "verification": verification("phone_code"), "linked_to": []any{}, "backup_codes": nil,
		"created_at": created, "updated_at": created,
	}
	account := map[string]any{
		"object": "google_account", "id": fmt.Sprintf("idn_g%023d000", i), "provider": "oauth_google", "identification_id": fmt.Sprintf("idn_g%023d000", i),
		"provider_user_id": fmt.Sprint(100000000 + i), "approved_scopes": "email https://www.example.com/auth/userinfo.email openid profile",
		"email_address": fmt.Sprintf("somebody.%d.0@example.com", i), "first_name": "Some", "last_name": "Body", "avatar_url": "https://lh3.example.com/a/ACg8ocK",
		"image_url": "https://img.example.com/eyJ0", "username": nil, "phone_number": nil, "public_metadata": map[string]any{}, "label": nil,
		"created_at": created, "updated_at": created, "verification": verification("oauth_google"),
	}
	return map[string]any{
		"id": id, "object": "user", "external_id": fmt.Sprint(100000 + i), "primary_email_address_id": fmt.Sprintf("idn_%024d000", i),
		"primary_phone_number_id": nil, "primary_web3_wallet_id": nil, "username": fmt.Sprintf("somebody%d", i), "first_name": "Some", "last_name": "Body",
		"locale": "en-GB", "profile_image_url": "https://images.example.com/uploads/" + id, "image_url": image, "has_image": true,
		"public_metadata":  map[string]any{"plan": "pro", "seats": 12, "flags": []string{"a", "b", "c"}},
		"private_metadata": map[string]any{"stripe_id": "cus_123456", "notes": "a note of moderate length for one user"},
		"unsafe_metadata":  map[string]any{"theme": "dark"},
		"email_addresses":  []any{email(0), email(1)}, "phone_numbers": []any{phone}, "web3_wallets": []any{}, "passkeys": []any{},
		"password_enabled": true, "two_factor_enabled": false, "totp_enabled": false, "backup_code_enabled": false,
		"mfa_enabled_at": nil, "mfa_disabled_at": nil, "external_accounts": []any{account}, "saml_accounts": []any{}, "enterprise_accounts": []any{},
		"password_last_updated_at": created, "last_sign_in_at": created, "banned": false, "locked": false, "lockout_expires_in_seconds": nil,
		"verification_attempts_remaining": 100, "updated_at": created + 2, "created_at": created, "delete_self_enabled": true,
		"create_organization_enabled": true, "create_organizations_limit": nil, "last_active_at": created, "legal_accepted_at": created,
		"bypass_client_trust": false, "requires_password_reset": false,
	}
}

const listed = 500

var (
	oneUser  = encoded(user(0))
	userList = func() []byte {
		all := make([]any, listed)
		for i := range all {
			all[i] = user(i)
		}
		return encoded(all)
	}()
)

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	must(err)
	return b
}
